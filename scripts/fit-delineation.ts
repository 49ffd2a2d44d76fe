/** Fits the delineation models to annotated recordings and tests them on others. */
import {
  type ChoiceExample,
  choiceScores,
  fitChoice,
  mostProbable,
  probabilities,
} from '../src/beat/delineate/conditional-logit.ts';
import type { PeakModel } from '../src/beat/delineate/wave-peak.ts';
import { detectQrs } from '../src/beat/detect/detect-qrs.ts';
import { withoutPacing } from '../src/beat/pacing/pacing.ts';
import { markedWaves } from '../src/beat/score/marked-waves.ts';
import { defineCommand } from '../src/cli/command.ts';
import { defaultsTo, fileEndingIn, UsageError } from '../src/cli/option.ts';
import { shared } from '../src/cli/options.ts';
import { print } from '../src/cli/output.ts';
import { startProgress } from '../src/cli/progress.ts';
import { runAsProcess } from '../src/cli/run-command.ts';
import { InputError } from '../src/input-error.ts';
import { recordSet } from '../src/learn/protocol.ts';
import { fileSource } from '../src/node/files.ts';
import { createRandom } from '../src/random.ts';
import { readAnnotations } from '../src/wfdb/annotations/annotation-file.ts';
import { readRecord } from '../src/wfdb/record.ts';
import {
  leadLines,
  type MarkedLead,
  markExamples,
  presenceExamples,
  type Task,
} from './fit-delineation/training-examples.ts';

const qrs = {
  lineMs: 16,
  step: 4,
  unitFrom: -80,
  unitTo: 80,
  unitQuantile: 0.85,
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
};
const slow = { lineMs: 28, step: 4, edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120] };
const p = {
  ...slow,
  unitFrom: -60,
  unitTo: 60,
  unitQuantile: 1,
  stretch: { halfWidth: 28, farthest: 90, reach: 60 },
};
const t = {
  ...slow,
  unitFrom: -120,
  unitTo: 120,
  unitQuantile: 1,
  stretch: { halfWidth: 56, farthest: 220, reach: 120 },
};
const [rPeak, qrsOnset, peak] = ['R peak', 'QRS onset', 'peak of the wave'] as const;
// The order is fixed for every lead, because it determines the random numbers.
const tasks: Readonly<Record<string, Task>> = {
  qrsOnsetModel: { wave: 'QRS', point: 'onset', anchor: rPeak, shape: { ...qrs, first: -152, last: -4 } },
  qrsOffsetModel: { wave: 'QRS', point: 'offset', anchor: rPeak, shape: { ...qrs, first: 4, last: 220 } },
  pPeakModel: {
    wave: 'P',
    point: 'peak',
    anchor: qrsOnset,
    shape: {
      lineMs: 28,
      first: -430,
      last: -20,
      usual: -115,
      spread: 90,
      reaches: [24, 48, 80],
      level: -12,
      lobesMs: 70,
    },
  },
  pOnsetModel: { wave: 'P', point: 'onset', anchor: peak, shape: { ...p, first: -100, last: -12 } },
  pOffsetModel: { wave: 'P', point: 'offset', anchor: peak, shape: { ...p, first: 12, last: 100 } },
  tPeakModel: {
    wave: 'T',
    point: 'peak',
    anchor: rPeak,
    shape: {
      lineMs: 28,
      first: 80,
      last: 700,
      usual: 270,
      spread: 180,
      reaches: [60, 120, 200],
      level: 'median',
      leastProminence: 0.15,
    },
  },
  tOnsetModel: { wave: 'T', point: 'onset', anchor: peak, shape: { ...t, first: -220, last: -20 } },
  tOffsetModel: { wave: 'T', point: 'offset', anchor: peak, shape: { ...t, first: 20, last: 200 } },
};
const presenceName = 'pPresenceWeights';
const seed = 1;
/** Folder of the records on the WFDB search path. */
const folder = 'ludb/data';

const command = defineCommand({
  name: 'fit-delineation',
  takes: [],
  summary: 'Fits the models of P, QRS and T onsets, peaks and offsets to the annotations of the LUDB.',
  options: {
    fit: defaultsTo({ ...shared.records, says: `records to fit to: ${shared.records.says}` }, '1-100'),
    test: defaultsTo({ ...shared.records, says: 'records to test on, in the same form' }, '101-200'),
    out: defaultsTo(fileEndingIn(['ts'], 'file for the fitted models'), 'src/beat/delineate/wave-models.ts'),
    overwrite: shared.overwrite,
  },
  notes: [`The database is read from the WFDB search path: ${folder}/1, ${folder}/2, …`],
  async run(values, _positionals, files) {
    const fitRecords = recordsOf(values.fit);
    const testRecords = recordsOf(values.test);
    const both = fitRecords.find(record => testRecords.includes(record));
    if (both !== undefined) throw new UsageError(`record ${both} is in both --fit and --test`);
    await files.check(values.out);
    const fitLeads = await markedLeads(fitRecords);
    const testLeads = await markedLeads(testRecords);

    const fitAndTest = (
      name: string,
      fitted: readonly ChoiceExample[],
      tested: readonly ChoiceExample[],
    ): number[] => {
      if (fitted.length === 0) throw new InputError(`records ${values.fit} have no marks for ${name}`);
      const { weights, losses } = fitChoice(fitted);
      const [first, last] = [losses[0]!.toFixed(3), losses.at(-1)!.toFixed(3)];
      print(`${name}: ${fitted.length} marks, cross-entropy ${first} to ${last}`);
      print(`${name}, fitted ${values.fit}: ${resultOf(name, weights, fitted)}`);
      print(`${name}, tested ${values.test}: ${resultOf(name, weights, tested)}`);
      return weights.map(weight => Number(weight.toPrecision(5)));
    };
    const fitExamples = examplesOf(fitLeads);
    const testExamples = examplesOf(testLeads);
    const models = Object.entries(tasks).map(([name, { shape, point }]): Fitted => {
      const weights = fitAndTest(name, fitExamples[name]!, testExamples[name]!);
      return { name, type: point === 'peak' ? 'PeakModel' : 'BoundaryModel', value: { ...shape, weights } };
    });
    // The presence of P is fitted to the waves that the fitted model finds, between QRS boundaries found by the current
    // models: run this twice when those have changed.
    const peakModel = (wanted: string) => models.find(({ name }) => name === wanted)!.value as PeakModel;
    const peakModels = { p: peakModel('pPeakModel'), t: peakModel('tPeakModel') };
    const presence = (leads: readonly MarkedLead[]) =>
      leads.flatMap(lead => presenceExamples(peakModels, lead));
    const value = fitAndTest(presenceName, presence(fitLeads), presence(testLeads));
    models.push({ name: presenceName, type: 'PresenceWeights', value });
    await files.write(values.out, sourceOf(models, values.fit));
    await files.commit();
    return 0;
  },
});

const recordsOf = (set: string): string[] => recordSet(set, 'ludb').map(({ record }) => record);

async function markedLeads(records: readonly string[]): Promise<MarkedLead[]> {
  const leads: MarkedLead[] = [];
  const progress = startProgress('reading', records.length);
  for (const [k, record] of records.entries()) {
    progress.update(k, record);
    const name = `${folder}/${record}`;
    const { signals } = await readRecord(fileSource(), name);
    for (const { name: lead, physical, samplingFrequency } of signals) {
      const voltage = withoutPacing(physical, samplingFrequency);
      const waves = markedWaves(await readAnnotations(fileSource(), name, lead));
      leads.push({ voltage, samplingFrequency, waves, rPeaks: detectQrs(voltage, samplingFrequency) });
    }
  }
  progress.stop();
  return leads;
}

/** The examples of each task. */
function examplesOf(leads: readonly MarkedLead[]): Record<string, ChoiceExample[]> {
  const random = createRandom(seed);
  const examples = Object.fromEntries(Object.keys(tasks).map(name => [name, [] as ChoiceExample[]]));
  for (const lead of leads) {
    const lines = leadLines(lead);
    for (const [name, task] of Object.entries(tasks)) {
      examples[name]!.push(...markExamples(task, lead, lines, random));
    }
  }
  return examples;
}

/** The errors of the fitted models relative to the marks; for presence, the fraction of correct decisions. */
function resultOf(name: string, weights: readonly number[], examples: readonly ChoiceExample[]): string {
  const expected = name !== presenceName && tasks[name]!.point !== 'peak';
  const errors = examples.map(({ features, times, time }) => {
    const scores = choiceScores(weights, features);
    if (!expected) return times[mostProbable(scores)]! - time;
    return probabilities(scores).reduce((sum, p, c) => sum + p * times[c]!, 0) - time;
  });
  if (name === presenceName) {
    const right = errors.filter(error => error === 0).length;
    return `${((100 * right) / errors.length).toFixed(1)} % right, n = ${errors.length}`;
  }
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length;
  return `${mean.toFixed(1)} ± ${Math.sqrt(variance).toFixed(1)} ms, n = ${errors.length}`;
}

/** One fitted model, as written to the file. */
interface Fitted {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

function sourceOf(models: readonly Fitted[], records: string): string {
  const constants = models.map(
    ({ name, type, value }) => `export const ${name}: ${type} = ${JSON.stringify(value, undefined, 2)};`,
  );
  return [
    `/**\n * Models of the boundaries and peaks of P, QRS and T, fitted to cardiologists' marks in records ${records} of the Lobachevsky University Database`,
    ' * (Kalyakulina et al., IEEE Access 8:186181–186190, 2020; ODC-By 1.0). Written by scripts/fit-delineation.ts.\n */',
    "import type { BoundaryModel } from './boundary-model.ts';",
    "import type { PresenceWeights } from './p-presence.ts';",
    "import type { PeakModel } from './wave-peak.ts';\n",
    `${constants.join('\n\n')}\n`,
  ].join('\n');
}

await runAsProcess(command);
