/**
 * Ablation study of the slope features: grouped cross-validation, over the training records, of classifiers trained
 * on successively larger feature sets, with the improvement of each step and its interval over records; and for each
 * single feature, how well it separates V from N within each record. Networks are evaluated alone, without rhythm
 * gate and operating point. Test records are not read.
 */
import { createBeatInputs } from '../beat/beat-inputs.ts';
import { beatFeatureNames, beatFeatures } from '../beat/features/beat-features.ts';
import { descriptors } from '../beat/features/descriptors.ts';
import { waveformNames } from '../beat/features/waveform-inputs.ts';
import { wholeLead } from '../beat/lead-part.ts';
import { full } from '../diff/tensor.ts';
import type { Interval95 } from '../learn/bootstrap.ts';
import { auroc } from '../learn/calibration.ts';
import { type Counts, pairedDifferences, pooledMetrics, type SeedCounts } from '../learn/metric-intervals.ts';
import { aamiClass, aamiClasses } from '../learn/protocol.ts';
import { type RecordName, recordText } from '../learn/record-name.ts';
import { type Dataset, train } from '../learn/train/train.ts';
import { median, quantile } from '../statistics.ts';
import type { Source } from '../wfdb/source.ts';
import { classedBeats } from './dataset.ts';
import { readLeadBeats } from './lead-beats.ts';
import { beatRecipe, type ModelKind, modelInputs } from './recipe.ts';
import { countsByRecord, foldsOf } from './search-classifier.ts';
import { withFeatures } from './select-rows.ts';

/** Prefix of features that hold the logarithm of a slope before normalisation by the record's median. */
const rawPrefix = 'raw ';
const slopeSizes = [
  'upstroke',
  'downstroke',
  'upstrokePerAmplitude',
  'downstrokePerAmplitude',
  'slopeRmsPerAmplitude',
];
const rr = beatFeatureNames.map(({ name }) => name).filter(name => name.startsWith('rr'));
const amplitudeAndWidth = ['area', 'logArea', 'stLevel', 'pWaveHeight', 'slopeWidth'];
const rawSlopes = slopeSizes.map(name => rawPrefix + name);
const recordSlopes = [...slopeSizes, 'earlySlopeShare', 'lateSlopeShare'];
const slopeWaveform = ['slopeCorrelation', 'slopeResidual', 'slopeGain'];
/** Samples of the waveform, the input of the learned stencils. */
const samples = modelInputs('stencil').flatMap(({ name }) =>
  waveformNames.some(input => input.name === name) ? [name] : [],
);
const all = beatFeatureNames.map(({ name }) => name);

export interface FeatureSet {
  readonly name: string;
  readonly features: readonly string[];
  /** Name of the feature set to which it is compared; absent for the first. */
  readonly against?: string;
  /** The kind of model of that set, where it is another one. */
  readonly againstModel?: ModelKind;
}

/** The feature sets of a kind of model, each compared to an earlier one. */
export const setsOf = (model: ModelKind): readonly FeatureSet[] =>
  model === 'stencil' ? stencilSets : featureSets;

const featureSets: readonly FeatureSet[] = [
  { name: 'RR', features: rr },
  { name: '+ amplitude, width', features: [...rr, ...amplitudeAndWidth], against: 'RR' },
  {
    name: '+ slopes',
    features: [...rr, ...amplitudeAndWidth, ...rawSlopes],
    against: '+ amplitude, width',
  },
  {
    name: '+ record-normalised slopes',
    features: [...rr, ...amplitudeAndWidth, ...rawSlopes, ...recordSlopes],
    against: '+ slopes',
  },
  {
    name: '+ slope waveform',
    features: [...rr, ...amplitudeAndWidth, ...rawSlopes, ...recordSlopes, ...slopeWaveform],
    against: '+ record-normalised slopes',
  },
  {
    name: 'RR, slopes',
    features: [...rr, ...rawSlopes, ...recordSlopes, ...slopeWaveform],
    against: 'RR',
  },
  {
    name: 'slopes alone',
    features: [...rawSlopes, ...recordSlopes, ...slopeWaveform],
    against: 'RR',
  },
  {
    name: 'all of the classifier',
    features: all,
    against: '+ amplitude, width',
  },
];

/** The stencil network takes samples, with none, some or all of the features as side inputs. */
const stencilSets: readonly FeatureSet[] = [
  { name: 'learned stencils alone', features: samples, against: 'slopes alone', againstModel: 'mlp' },
  { name: 'RR, learned stencils', features: [...samples, ...rr], against: 'RR, slopes', againstModel: 'mlp' },
  {
    name: 'all, learned stencils',
    features: [...samples, ...all],
    against: 'all of the classifier',
    againstModel: 'mlp',
  },
];

/**
 * Reads rows with the waveform, the classifier's features and the logarithms of the unnormalised slopes. Beats with missing
 * features are omitted. Throws as `readLeadBeats` does.
 */
export async function readAblationRows(
  source: Source,
  records: readonly RecordName[],
  lead: string,
): Promise<Dataset> {
  const raw = descriptors.flatMap(({ name }, k) => (slopeSizes.includes(name) ? [{ name, k }] : []));
  const inputs = [...waveformNames, ...beatFeatureNames];
  const width = inputs.length;
  const rows: number[][] = [];
  const labels: number[] = [];
  const groups: string[] = [];
  for (const record of records) {
    const beats = classedBeats(
      await readLeadBeats(source, record.path, { lead, beats: { annotator: 'atr' } }),
    );
    const ofRecord = beatFeatures(beats.voltage, beats.samplingFrequency, beats.rPeaks);
    const { medians } = ofRecord;
    const gathered = createBeatInputs(inputs, ofRecord, new Float64Array(), beats.rPeaks);
    gathered.add(wholeLead(beats.voltage));
    const { x } = gathered;
    beats.symbols.forEach((symbol, beat) => {
      const own = [...x.data.subarray(beat * width, (beat + 1) * width)];
      if (!own.every(Number.isFinite)) return;
      rows.push([...own, ...raw.map(({ k }) => own[waveformNames.length + k]! + Math.log(medians[k]!))]);
      labels.push(aamiClasses.indexOf(aamiClass(symbol)!));
      groups.push(recordText(record));
    });
  }
  const features = [
    ...inputs,
    ...raw.map(({ name }) => ({ name: rawPrefix + name, unit: 'log of mV/s or 1/s' })),
  ];
  const x = full([rows.length, features.length], 0);
  rows.forEach((row, k) => {
    x.data.set(row, k * features.length);
  });
  return { classes: aamiClasses, features, x, labels: Int32Array.from(labels), groups };
}

export interface AblationStep {
  readonly model: ModelKind;
  readonly set: string;
  readonly features: readonly string[];
  readonly figures: Readonly<Record<string, Interval95>>;
  readonly against: string | undefined;
  /** Difference from the set it is compared to, with records resampled jointly. */
  readonly differences: Readonly<Record<string, Interval95>> | undefined;
}

const shown = ['accuracy', 'kappa', 'N F1', 'S F1', 'V F1', 'F F1'];
const onlyShown = (figures: Record<string, Interval95>): Record<string, Interval95> =>
  Object.fromEntries(shown.map(name => [name, figures[name]!]));

/** Evaluates every feature set with one kind of model. */
export function ablate(
  data: Dataset,
  model: ModelKind,
  options: {
    readonly folds: number;
    readonly seeds: readonly number[];
    /** The counts of the sets so far, to compare with and to add to. */
    readonly known: Map<string, SeedCounts>;
    readonly onSet: (done: number) => void;
  },
): AblationStep[] {
  const { known } = options;
  return setsOf(model).map(({ name, features, against, againstModel = model }, done) => {
    options.onSet(done);
    const parts = foldsOf(withFeatures(data, features), options.folds);
    const records = parts.flatMap(({ held }) => [...new Set(held.groups)]);
    const counts = options.seeds.map(seed => {
      const found = new Map<string, Counts>();
      for (const { train: rows, held } of parts) {
        const recipe = beatRecipe(model, rows, seed);
        const trained = train(recipe.rows, recipe.options).model;
        for (const [record, of] of countsByRecord(trained, held)) found.set(record, of);
      }
      return records.map(record => found.get(record)!);
    });
    const own: SeedCounts = { classes: data.classes, records, counts };
    known.set(`${model}: ${name}`, own);
    const other = against === undefined ? undefined : known.get(`${againstModel}: ${against}`);
    return {
      ...{ model, set: name, features },
      against: other && (againstModel === model ? against : `${againstModel}: ${against}`),
      figures: onlyShown(pooledMetrics(own, 1)),
      differences: other && onlyShown(pairedDifferences(own, other, 1)),
    };
  });
}

export interface WithinRecord {
  readonly feature: string;
  /** Number of records with at least ten N and ten V beats. */
  readonly records: number;
  /** Median over records of the AUROC of V against N, in the direction that holds in most records. */
  readonly median: number;
  readonly least: number;
  /** Records in which the direction is reversed. */
  readonly reversed: readonly string[];
}

/**
 * How well each single feature separates V from N within a record, and the records in which its direction is
 * reversed.
 */
export function withinRecords(data: Dataset): WithinRecord[] {
  const width = data.features.length;
  const groups = [...new Set(data.groups)].map(record => ({
    record,
    rows: data.groups.flatMap((group, row) =>
      group === record && (data.labels[row] === 0 || data.labels[row] === 2) ? [row] : [],
    ),
  }));
  const waveform = new Set(waveformNames.map(input => input.name));
  const both = groups.filter(({ rows }) => {
    const ventricular = rows.filter(row => data.labels[row] === 2).length;
    return ventricular >= 10 && rows.length - ventricular >= 10;
  });
  return data.features.flatMap(({ name }, k) => {
    if (waveform.has(name)) return [];
    const areas = both.map(({ record, rows }) => ({
      record,
      area: auroc(
        rows.map(row => data.x.data[row * width + k]!),
        i => data.labels[rows[i]!] === 2,
      )!,
    }));
    const upwards = areas.filter(({ area }) => area >= 0.5).length * 2 >= areas.length;
    const directed = areas.map(({ record, area }) => ({ record, area: upwards ? area : 1 - area }));
    const areasOfAll = directed.map(({ area }) => area);
    return {
      feature: name,
      records: both.length,
      median: median(areasOfAll),
      least: quantile(areasOfAll, 0),
      reversed: directed.flatMap(({ record, area }) => (area < 0.5 ? [record] : [])),
    };
  });
}
