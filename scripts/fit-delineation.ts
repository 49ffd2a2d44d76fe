/** Fits the QRS onset and offset models to marked recordings and tests them on others. */
import { basename, dirname } from 'node:path';
import { type BoundaryExample, fitBoundary } from '../src/beat/boundary-fit.ts';
import { type BoundaryModel, boundaryFeatures, estimateBoundary } from '../src/beat/boundary-model.ts';
import { type MarkedWave, markedWaves } from '../src/beat/marked-waves.ts';
import { oddWindowSamples, savitzkyGolay } from '../src/diff/savitzky-golay.ts';
import { DataError, runCommand, UsageError } from '../src/node/command.ts';
import { fileSource, folderSink } from '../src/node/files.ts';
import { startProgress } from '../src/node/progress.ts';
import { createRandom } from '../src/random.ts';
import { readAnnotations } from '../src/wfdb/annotations.ts';
import { readRecord } from '../src/wfdb/record.ts';

const help = `
fit-delineation [options]: fits where QRS complexes begin and end to the marks of the LUDB

  --fit A-B      records to fit to; default 1-100
  --test A-B     records to test on; default 101-200
  --out FILE     where to write the models; default src/beat/qrs-boundary-models.ts

The database is looked for on the WFDB search path as ludb/data/1 and so on.
`;

const shape = { lineMs: 16, step: 4, unitFrom: -80, unitTo: 80, edges: [-80, -48, -24, -8, 8, 24, 48, 80] };
const shapes = {
  qrsOnsetModel: { ...shape, first: -152, last: -4 },
  qrsOffsetModel: { ...shape, first: 4, last: 220 },
};
type Name = keyof typeof shapes;
const markOf = { qrsOnsetModel: 'onset', qrsOffsetModel: 'offset' } as const;

/** R peaks are moved by up to this much, ms: detectors and annotators do not agree on them to the sample. */
const jitterMs = 12;
const seed = 1;

await runCommand({
  help,
  options: {
    fit: { type: 'string', default: '1-100' },
    test: { type: 'string', default: '101-200' },
    out: { type: 'string', default: 'src/beat/qrs-boundary-models.ts' },
  },
  async run(values, positionals) {
    if (positionals.length > 0)
      throw new UsageError(`fit-delineation takes options only, not '${positionals[0]}'`);
    const fitRecords = recordsOf('fit', values.fit);
    const testRecords = recordsOf('test', values.test);
    const shared = fitRecords.filter(record => testRecords.includes(record));
    if (shared.length > 0) throw new UsageError(`record ${shared[0]} is in both --fit and --test`);
    const fitted = await examplesOf(fitRecords);
    const models = (Object.keys(shapes) as Name[]).map(name => {
      const { model, losses } = fitBoundary(shapes[name], fitted[name]);
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
        const errors = examples.map(({ features, time }) => {
          const estimate = estimateBoundary(model, features, model.first, model.last)!;
          return estimate.time - time;
        });
        const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
        const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length;
        console.log(
          `${name}, ${part}: ${mean.toFixed(1)} ± ${Math.sqrt(variance).toFixed(1)} ms, n = ${errors.length}`,
        );
      }
    }
    const text = sourceOf(models, values.fit);
    await folderSink(dirname(values.out)).write(basename(values.out), new TextEncoder().encode(text));
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

/** Every marked QRS of every lead, with features around a slightly moved R peak. */
async function examplesOf(records: readonly number[]): Promise<Record<Name, BoundaryExample[]>> {
  const random = createRandom(seed);
  const examples: Record<Name, BoundaryExample[]> = { qrsOnsetModel: [], qrsOffsetModel: [] };
  const progress = startProgress('reading', records.length);
  for (const [k, record] of records.entries()) {
    progress.update(k, `record ${record}`);
    const name = `ludb/data/${record}`;
    const { signals } = await readRecord(fileSource(), name);
    for (const { name: lead, physical, samplingFrequency } of signals) {
      const slope = savitzkyGolay(
        { windowSamples: oddWindowSamples(shape.lineMs, samplingFrequency), degree: 1, derivativeOrder: 1 },
        physical.length,
        samplingFrequency,
      ).apply(physical);
      const waves = markedWaves(await readAnnotations(fileSource(), name, lead));
      for (const wave of waves.filter(({ kind }) => kind === 'QRS')) {
        const moved = ((2 * random.uniform() - 1) * jitterMs * samplingFrequency) / 1000;
        const anchor = wave.peak + Math.round(moved);
        for (const model of Object.keys(shapes) as Name[]) {
          const example = exampleOf(shapes[model], wave[markOf[model]], slope, anchor, samplingFrequency);
          if (example !== undefined) examples[model].push(example);
        }
      }
    }
  }
  progress.stop();
  if (examples.qrsOnsetModel.length === 0) throw new DataError('no marked QRS complex in these records');
  return examples;
}

function exampleOf(
  model: Omit<BoundaryModel, 'weights'>,
  mark: MarkedWave['onset'],
  slope: Float64Array,
  anchor: number,
  samplingFrequency: number,
): BoundaryExample | undefined {
  if (mark === undefined) return undefined;
  const features = boundaryFeatures({ ...model, weights: [] }, slope, anchor, samplingFrequency);
  return features && { features, time: ((mark - anchor) / samplingFrequency) * 1000 };
}

function sourceOf(models: readonly { name: string; model: BoundaryModel }[], records: string): string {
  const constants = models.map(({ name, model }) => {
    const weights = model.weights.map(weight => Number(weight.toPrecision(5)));
    return `export const ${name}: BoundaryModel = ${JSON.stringify({ ...model, weights }, undefined, 2)};`;
  });
  return [
    `/**\n * QRS onset and offset as cardiologists marked them in records ${records} of the Lobachevsky University Database`,
    ' * (Kalyakulina et al., IEEE Access 8:186181–186190, 2020; ODC-By 1.0). Written by scripts/fit-delineation.ts.\n */',
    `import type { BoundaryModel } from './boundary-model.ts';\n`,
    `${constants.join('\n\n')}\n`,
  ].join('\n');
}
