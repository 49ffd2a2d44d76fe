/**
 * What the first layer of the stencil network learns: the frequency response and noise gain of each stencil beside the
 * central difference that it started as and the Savitzky–Golay derivatives of the same length, and whether a network with
 * learned stencils classifies better than the same network with the stencils fixed at their start. Cross-validation over
 * training records; test records are not read.
 */
import { waveformConstants } from '../beat/features/waveform-inputs.ts';
import { savitzkyGolayWeights } from '../diff/savitzky-golay.ts';
import { full } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';
import { type Counts, pairedDifferences, pooledMetrics, type SeedCounts } from '../learn/metric-intervals.ts';
import { standardize } from '../learn/model/classifier.ts';
import { frontEndOutputs } from '../learn/model/convolutional-layers.ts';
import { createConvolutionalNetwork } from '../learn/model/network.ts';
import { type Dataset, type TrainOptions, train } from '../learn/train/train.ts';
import { createRandom } from '../random.ts';
import { mean } from '../statistics.ts';
import { beatRecipe, stencilOrders, waveformConvolutions } from './recipe.ts';
import { countsByRecord, foldsOf } from './search-classifier.ts';
import { selectRows } from './select-rows.ts';

const { samplingFrequency } = waveformConstants;

/** A mean over seeds with its 95 % interval (Student's t). */
export interface SeedInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A derivative stencil's gain at each frequency, relative to the exact derivative, and its noise gain. */
export interface StencilProperties {
  readonly gain: readonly number[];
  /** Standard deviation of the output, mV/s, for white noise of 1 mV in the samples. */
  readonly noiseGain: number;
}

/** Frequencies of the responses, Hz. */
export const studiedHz: readonly number[] = Array.from({ length: 18 }, (_, k) => 5 * (k + 1));

/** The properties of a stencil of odd length with unit slope response, at the frequency of the waveform inputs. */
export function stencilProperties(weights: ArrayLike<number>): StencilProperties {
  const taps = Array.from(weights);
  const centre = (taps.length - 1) / 2;
  return {
    gain: studiedHz.map(hz => {
      const omega = (2 * Math.PI * hz) / samplingFrequency;
      const real = taps.reduce((sum, w, k) => sum + w * Math.cos(omega * (k - centre)), 0);
      const imaginary = taps.reduce((sum, w, k) => sum + w * Math.sin(omega * (k - centre)), 0);
      return Math.hypot(real, imaginary) / omega;
    }),
    noiseGain: samplingFrequency * Math.sqrt(taps.reduce((sum, w) => sum + w * w, 0)),
  };
}

/** Student's t for 97.5 % and 1 to 30 degrees of freedom. */
const studentT = [
  ...[
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  ],
  ...[2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042],
];

/** The mean of a value over seeds with its interval. Throws `RangeError` for fewer than 2 or more than 31 values. */
export function overSeeds(values: readonly number[]): SeedInterval {
  const t = studentT[values.length - 2];
  if (t === undefined) throw new InputError(`overSeeds: ${values.length} seeds, not 2 to 31`);
  const value = mean(values);
  const variance = values.reduce((sum, v) => sum + (v - value) ** 2, 0) / (values.length - 1);
  const half = t * Math.sqrt(variance / values.length);
  return { value, low: value - half, high: value + half };
}

export interface LearnedStencil {
  /** Order of accuracy of the central difference that it started as. */
  readonly order: number;
  readonly start: StencilProperties;
  readonly gain: readonly SeedInterval[];
  readonly noiseGain: SeedInterval;
  /** ‖learned − start‖ / ‖start‖. */
  readonly change: SeedInterval;
  /** ‖learned − s‖ / ‖s‖ for the Savitzky–Golay derivative s of the same length and degree 2. */
  readonly fromSavitzkyGolay: SeedInterval;
}

const relativeDistance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let apart = 0;
  let size = 0;
  for (let k = 0; k < a.length; k++) {
    apart += (a[k]! - b[k]!) ** 2;
    size += b[k]! ** 2;
  }
  return Math.sqrt(apart / size);
};

/** The first layers learned from `rows` with each seed, compared with their start. */
export function learnStencils(
  rows: Dataset,
  seeds: readonly number[],
  onSeed: (done: number) => void,
): {
  readonly stencils: readonly LearnedStencil[];
  readonly savitzkyGolay: Readonly<Record<string, StencilProperties>>;
} {
  let starts: readonly Float64Array[] = [];
  const learned = seeds.map((seed, done) => {
    onSeed(done);
    const recipe = beatRecipe('stencil', rows, seed);
    starts = stencilsOf(recipe.options.network!.frontEnd!.stages[0]!.weights);
    return stencilsOf(train(recipe.rows, recipe.options).model.network.frontEnd!.stages[0]!.weights);
  });
  const taps = starts[0]!.length;
  const smoothest = savitzkyGolayWeights(taps, 2, 1, 0);
  return {
    savitzkyGolay: {
      'degree 2': stencilProperties(smoothest),
      'degree 4': stencilProperties(savitzkyGolayWeights(taps, 4, 1, 0)),
    },
    stencils: stencilOrders.map((order, k) => {
      const each = learned.map(stencils => stencilProperties(stencils[k]!));
      return {
        order,
        start: stencilProperties(starts[k]!),
        gain: studiedHz.map((_, f) => overSeeds(each.map(({ gain }) => gain[f]!))),
        noiseGain: overSeeds(each.map(({ noiseGain }) => noiseGain)),
        change: overSeeds(learned.map(stencils => relativeDistance(stencils[k]!, starts[k]!))),
        fromSavitzkyGolay: overSeeds(learned.map(stencils => relativeDistance(stencils[k]!, smoothest))),
      };
    }),
  };
}

const stencilsOf = ({ shape, data }: Dataset['x']): Float64Array[] => {
  const taps = shape[2]!;
  return Array.from({ length: shape[0]! }, (_, k) => data.slice(k * taps, (k + 1) * taps));
};

/**
 * The F1 of V and S with learned and with fixed stencils, and the paired difference, by cross-validation: medians over
 * seeds with intervals over records, and the difference of V F1 over seeds.
 */
export function compareWithFixed(
  data: Dataset,
  options: {
    readonly seeds: readonly number[];
    readonly folds: number;
    readonly thin: (rows: Dataset) => Dataset;
    readonly onFold: (done: number) => void;
  },
) {
  const parts = foldsOf(data, options.folds);
  const records = parts.flatMap(({ held }) => [...new Set(held.groups)]);
  const found = { learned: [] as Counts[][], fixed: [] as Counts[][] };
  let done = 0;
  for (const seed of options.seeds) {
    const counts = { learned: new Map<string, Counts>(), fixed: new Map<string, Counts>() };
    for (const { train: all, held } of parts) {
      options.onFold(done++);
      const { rows, options: settings } = beatRecipe('stencil', options.thin(all), seed);
      const fixed = withFixedStencils(settings, seed);
      const models = {
        learned: { model: train(rows, settings).model, held },
        fixed: { model: train(fixed.rowsOf(rows), fixed.settings).model, held: fixed.rowsOf(held) },
      };
      for (const kind of ['learned', 'fixed'] as const) {
        for (const [record, of] of countsByRecord(models[kind].model, models[kind].held))
          counts[kind].set(record, of);
      }
    }
    for (const kind of ['learned', 'fixed'] as const)
      found[kind].push(records.map(record => counts[kind].get(record)!));
  }
  const as = (counts: Counts[][]): SeedCounts => ({ classes: data.classes, records, counts });
  const [learned, fixed] = [as(found.learned), as(found.fixed)];
  const shown = (figures: ReturnType<typeof pooledMetrics>) =>
    Object.fromEntries(['accuracy', 'S F1', 'V F1'].map(name => [name, figures[name]!]));
  const one = (of: SeedCounts, k: number): SeedCounts => ({ ...of, counts: [of.counts[k]!] });
  const bySeed = options.seeds.map(
    (_, k) => pairedDifferences(one(learned, k), one(fixed, k), 1)['V F1']!.value!,
  );
  return {
    learned: shown(pooledMetrics(learned, 1)),
    fixed: shown(pooledMetrics(fixed, 1)),
    difference: shown(pairedDifferences(learned, fixed, 1)),
    differenceOverSeeds: overSeeds(bySeed),
  };
}

/**
 * The same training with the first layer fixed at its start: the rows hold what it computes from the samples, and the
 * network the layers after it.
 */
function withFixedStencils(settings: TrainOptions, seed: number) {
  const { network, standardization } = settings;
  const { stages, inputs = 0 } = network!.frontEnd!;
  const bank = { channels: 1, inputs, stages: stages.slice(0, 1), summary: 'all' } as const;
  const channels = stencilOrders.length;
  const rowsOf = (rows: Dataset): Dataset => {
    const { features } = frontEndOutputs(bank, standardize(rows.x, standardization!));
    const width = features.shape[1]!;
    const computed = width - (rows.features.length - inputs);
    const names = Array.from({ length: computed }, (_, k) => ({ name: `slope ${k}`, unit: '' }));
    return { ...rows, features: [...names, ...rows.features.slice(inputs)], x: features };
  };
  const width = rowsOf(emptyRow(standardization!.mean.length)).features.length;
  const random = createRandom(seed);
  const frontEnd = {
    ...waveformConvolutions(channels, random),
    inputs: width - (standardization!.mean.length - inputs),
  };
  const hidden = network!.layers.map(({ bias }) => bias.shape[0]!);
  return {
    rowsOf,
    settings: {
      ...settings,
      standardization: { mean: new Float64Array(width), scale: new Float64Array(width).fill(1) },
      network: createConvolutionalNetwork(frontEnd, width, hidden, network!.activation, random),
    },
  };
}

const emptyRow = (columns: number): Dataset => ({
  classes: [],
  features: Array.from({ length: columns }, (_, k) => ({ name: String(k), unit: '' })),
  x: full([1, columns], 0),
  labels: new Int32Array(1),
  groups: [''],
});

/** One in `every` N rows, and all others. */
export function thinned(data: Dataset, every: number): Dataset {
  let normals = 0;
  return selectRows(
    data,
    Array.from(data.labels.keys()).filter(row => data.labels[row] !== 0 || normals++ % every === 0),
  );
}
