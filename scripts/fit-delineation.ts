/** Fits the QRS onset and offset models to marked recordings and tests them on others. */
import { type BoundaryExample, fitBoundary, scoresOf } from '../src/beat/boundary-fit.ts';
import { type BoundaryModel, boundaryFeatures, estimateBoundary } from '../src/beat/boundary-model.ts';
import { detectQrs } from '../src/beat/detect.ts';
import { type MarkedWave, markedWaves } from '../src/beat/marked-waves.ts';
import { oddWindowSamples, savitzkyGolay } from '../src/diff/savitzky-golay.ts';
import { DataError, runCommand, UsageError } from '../src/node/command.ts';
import { fileSource } from '../src/node/files.ts';
import { writeOut } from '../src/node/out-file.ts';
import { startProgress } from '../src/node/progress.ts';
import { createRandom } from '../src/random.ts';
import { readAnnotations } from '../src/wfdb/annotations.ts';
import { readRecord } from '../src/wfdb/record.ts';

const help = `
fit-delineation [options]: fits where P, QRS and T begin, peak and end to the marks of the LUDB

  --fit A-B      records to fit to; default 1-100
  --test A-B     records to test on; default 101-200
  --out FILE     where to write the models; default src/beat/wave-models.ts

The database is looked for on the WFDB search path as ludb/data/1 and so on.
`;

/** What is fitted: a border or peak of a wave, seen from an anchor that the steps before it find. */
interface Task {
  readonly wave: MarkedWave['kind'];
  readonly point: 'onset' | 'peak' | 'offset';
  readonly anchor: 'R peak' | 'QRS onset' | 'peak of the wave';
  readonly shape: Omit<BoundaryModel, 'weights'>;
}

const qrs = { lineMs: 16, step: 4, unitFrom: -80, unitTo: 80, edges: [-80, -48, -24, -8, 8, 24, 48, 80] };
const slow = { lineMs: 28, step: 4, edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120] };
const tasks = {
  qrsOnsetModel: { wave: 'QRS', point: 'onset', anchor: 'R peak', shape: { ...qrs, first: -152, last: -4 } },
  qrsOffsetModel: { wave: 'QRS', point: 'offset', anchor: 'R peak', shape: { ...qrs, first: 4, last: 220 } },
  pPeakModel: {
    wave: 'P',
    point: 'peak',
    anchor: 'QRS onset',
    shape: { ...slow, first: -240, last: -20, unitFrom: -260, unitTo: -10 },
  },
  pOnsetModel: {
    wave: 'P',
    point: 'onset',
    anchor: 'peak of the wave',
    shape: { ...slow, first: -100, last: -12, unitFrom: -60, unitTo: 60 },
  },
  pOffsetModel: {
    wave: 'P',
    point: 'offset',
    anchor: 'peak of the wave',
    shape: { ...slow, first: 12, last: 100, unitFrom: -60, unitTo: 60 },
  },
  tPeakModel: {
    wave: 'T',
    point: 'peak',
    anchor: 'R peak',
    shape: { ...slow, first: 120, last: 560, unitFrom: 100, unitTo: 560 },
  },
  tOnsetModel: {
    wave: 'T',
    point: 'onset',
    anchor: 'peak of the wave',
    shape: { ...slow, first: -220, last: -20, unitFrom: -120, unitTo: 120 },
  },
  tOffsetModel: {
    wave: 'T',
    point: 'offset',
    anchor: 'peak of the wave',
    shape: { ...slow, first: 20, last: 200, unitFrom: -120, unitTo: 120 },
  },
} as const satisfies Record<string, Task>;
type Name = keyof typeof tasks;
const names = Object.keys(tasks) as Name[];

/** Anchors are moved by up to this much, ms: detectors and annotators do not agree on them to the sample. */
const jitterMs = 12;
const seed = 1;

await runCommand({
  help,
  options: {
    fit: { type: 'string', default: '1-100' },
    test: { type: 'string', default: '101-200' },
    out: { type: 'string', default: 'src/beat/wave-models.ts' },
  },
  async run(values, positionals) {
    if (positionals.length > 0)
      throw new UsageError(`fit-delineation takes options only, not '${positionals[0]}'`);
    const fitRecords = recordsOf('fit', values.fit);
    const testRecords = recordsOf('test', values.test);
    const shared = fitRecords.filter(record => testRecords.includes(record));
    if (shared.length > 0) throw new UsageError(`record ${shared[0]} is in both --fit and --test`);
    const fitted = await examplesOf(fitRecords);
    const models = names.map(name => {
      const { model, losses } = fitBoundary(tasks[name].shape, fitted[name]);
      console.log(
        `${name}: ${fitted[name].length} marks, cross-entropy ${losses[0]!.toFixed(3)} to ${losses.at(-1)!.toFixed(3)}`,
      );
      return { name, model };
    });
    const tested = await examplesOf(testRecords);
    for (const { name, model } of models) {
      for (const [part, examples] of [
        [`fitted ${values.fit}`, fitted[name]],
        [`tested ${values.test}`, tested[name]],
      ] as const) {
        const errors = examples.map(example => {
          const estimate = estimateBoundary(model, scoresOf(model, example), model.first, model.last)!;
          return estimate.time - example.time;
        });
        const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
        const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length;
        console.log(
          `${name}, ${part}: ${mean.toFixed(1)} ± ${Math.sqrt(variance).toFixed(1)} ms, n = ${errors.length}`,
        );
      }
    }
    const text = sourceOf(models, values.fit);
    await writeOut(values.out, text);
  },
});

function recordsOf(option: string, text: string): number[] {
  const range = /^(\d{1,3})-(\d{1,3})$/.exec(text);
  const [from, to] = [Number(range?.[1]), Number(range?.[2])];
  if (!(from >= 1 && to <= 200 && from <= to)) {
    throw new UsageError(`--${option} takes records like 1-100 (of 200), not '${text}'`);
  }
  return Array.from({ length: to - from + 1 }, (_, k) => from + k);
}

/** Every marked point of every lead, with features around a slightly moved anchor. */
async function examplesOf(records: readonly number[]): Promise<Record<Name, BoundaryExample[]>> {
  const random = createRandom(seed);
  const examples = Object.fromEntries(names.map(name => [name, [] as BoundaryExample[]])) as Record<
    Name,
    BoundaryExample[]
  >;
  const progress = startProgress('reading', records.length);
  for (const [k, record] of records.entries()) {
    progress.update(k, `record ${record}`);
    const name = `ludb/data/${record}`;
    const { signals } = await readRecord(fileSource(), name);
    for (const { name: lead, physical, samplingFrequency } of signals) {
      const waves = markedWaves(await readAnnotations(fileSource(), name, lead));
      const perMs = samplingFrequency / 1000;
      const rPeaks = [...detectQrs(physical, samplingFrequency)];
      const slopes = new Map(
        [qrs.lineMs, slow.lineMs].map(ms => [ms, lineSlopes(physical, samplingFrequency, ms)]),
      );
      for (const task of names) {
        const { shape, point } = tasks[task];
        const slope = slopes.get(shape.lineMs)!;
        const detected = tasks[task].wave === 'QRS' ? rPeaks : [];
        for (const { mark, anchor, earliest, latest } of marksOf(tasks[task], waves, detected)) {
          const at = anchor + Math.round((2 * random.uniform() - 1) * jitterMs * perMs);
          const limits = [(earliest - at) / perMs, (latest - at) / perMs] as const;
          const features = boundaryFeatures(shape, slope, at, samplingFrequency, ...limits);
          if (features !== undefined) examples[task].push({ features, time: (mark[point]! - at) / perMs });
        }
      }
    }
  }
  progress.stop();
  if (examples.qrsOnsetModel.length === 0) throw new DataError('no marked QRS complex in these records');
  return examples;
}

function lineSlopes(voltage: Float64Array, samplingFrequency: number, lineMs: number): Float64Array {
  const windowSamples = oddWindowSamples(lineMs, samplingFrequency);
  const options = { windowSamples, degree: 1, derivativeOrder: 1 };
  return savitzkyGolay(options, voltage.length, samplingFrequency).apply(voltage);
}

interface Mark {
  readonly mark: MarkedWave;
  readonly anchor: number;
  /** The wave lies between the R peaks around it, samples. */
  readonly earliest: number;
  readonly latest: number;
}

/** Every mark of the task, and a QRS once more as seen from the detector's R peak, which may be another deflection. */
function marksOf(
  { wave, point, anchor }: Task,
  waves: readonly MarkedWave[],
  detected: readonly number[],
): Mark[] {
  const complexes = waves.filter(({ kind }) => kind === 'QRS');
  return waves
    .filter(mark => mark.kind === wave && mark[point] !== undefined)
    .flatMap((mark): Mark[] => {
      const before = complexes.findLast(({ peak }) => peak <= mark.peak);
      const after = complexes.find(({ peak }) => peak > mark.peak);
      const from =
        anchor === 'peak of the wave' ? mark.peak : anchor === 'QRS onset' ? after?.onset : before?.peak;
      if (from === undefined) return [];
      const earliest =
        wave === 'QRS' ? Number.NEGATIVE_INFINITY : (before?.offset ?? Number.NEGATIVE_INFINITY);
      const latest = wave === 'QRS' ? Number.POSITIVE_INFINITY : (after?.onset ?? Number.POSITIVE_INFINITY);
      const rPeak = detected.find(
        sample => sample >= (mark.onset ?? Infinity) && sample <= (mark.offset ?? -Infinity),
      );
      return [from, ...(rPeak === undefined ? [] : [rPeak])].map(at => ({
        mark,
        anchor: at,
        earliest,
        latest,
      }));
    });
}

function sourceOf(models: readonly { name: string; model: BoundaryModel }[], records: string): string {
  const constants = models.map(({ name, model }) => {
    const weights = model.weights.map(weight => Number(weight.toPrecision(5)));
    return `export const ${name}: BoundaryModel = ${JSON.stringify({ ...model, weights }, undefined, 2)};`;
  });
  return [
    `/**\n * Borders and peaks of P, QRS and T as cardiologists marked them in records ${records} of the Lobachevsky University Database`,
    ' * (Kalyakulina et al., IEEE Access 8:186181–186190, 2020; ODC-By 1.0). Written by scripts/fit-delineation.ts.\n */',
    `import type { BoundaryModel } from './boundary-model.ts';\n`,
    `${constants.join('\n\n')}\n`,
  ].join('\n');
}
