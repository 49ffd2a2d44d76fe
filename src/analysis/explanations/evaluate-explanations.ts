/**
 * Evaluation of the explanations of beats: whether the ranked samples are those that the class rests on, whether the
 * gradient is that of the whole computation, and whether it depends on the trained weights.
 */
import { InputError } from '../../input-error.ts';
import { bootstrap, type Interval95 } from '../../learn/bootstrap.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { type RecordName, recordText } from '../../learn/record-name.ts';
import { createRandom, type Random } from '../../random.ts';
import { mean } from '../../statistics.ts';
import type { Source } from '../../wfdb/source.ts';
import { type PreparedExplanation, prepareExplanation } from '../beat-reasons.ts';
import { type ClassifiedBeats, classifyBeats } from '../classify.ts';
import { classedBeats } from '../dataset.ts';
import { type LeadBeats, readLeadBeats } from '../lead-beats.ts';
import {
  deletionOf,
  differenceError,
  explanationCorrelation,
  probabilityDrop,
  type Ranking,
  rankings,
  withRandomWeights,
} from './beat-checks.ts';
import { areaUnder, deletedShares } from './deletion.ts';

export interface ExplanationOptions {
  readonly lead: string;
  /** Beats of the deletion test; the finite differences and the randomised weights take fewer. */
  readonly beats: number;
  readonly seed: number;
  readonly onBeat?: (done: number) => void;
}

export interface ExplanationEvaluation {
  readonly records: readonly string[];
  readonly deletion: {
    readonly beats: number;
    readonly shares: readonly number[];
    /** The mean curve of each ranking, and the area under it with an interval over records. */
    readonly rankings: readonly {
      readonly ranking: Ranking;
      readonly area: Interval95;
      readonly curve: readonly number[];
    }[];
  };
  /** Share of the beats whose contributions sum to the difference in log-odds within 1 %, and the largest error. */
  readonly completeness: { readonly withinOnePercent: number; readonly worst: number };
  /** Largest error of the gradient relative to the largest gradient of its beat, against central differences. */
  readonly differences: {
    readonly beats: number;
    /** Over beats at which every feature is differentiable. */
    readonly worst: number;
    readonly kinked: readonly { readonly record: string; readonly beat: number; readonly error: number }[];
  };
  /** Mean Spearman's ρ between the explanations by the trained and by randomised weights. */
  readonly randomised: { readonly beats: number; readonly contributions: number; readonly gradient: number };
}

/** Beats that are compared with finite differences, and those explained with randomised weights. */
const differenceBeats = 200;
const randomisedBeats = 100;

interface ClassifiedRecord {
  readonly record: string;
  readonly lead: LeadBeats;
  readonly classified: ClassifiedBeats;
  /** Beats of a class other than the model's first, in random order. */
  readonly unusual: readonly number[];
}

/**
 * Evaluates the explanations of beats of `records`, drawn at random and evenly over the records, from those whose
 * probability of the predicted class falls by at least half when the record's typical beat is put in their place: where
 * it does not, no sample's deletion could show. Throws `InputError` if there is none, and as `readLeadBeats`.
 */
export async function evaluateExplanations(
  source: Source,
  records: readonly RecordName[],
  model: Classifier,
  { lead, beats: wanted, seed, onBeat }: ExplanationOptions,
): Promise<ExplanationEvaluation> {
  const random = createRandom(seed);
  const gathered: ClassifiedRecord[] = [];
  for (const record of records) {
    const beats = classedBeats(
      await readLeadBeats(source, record.path, { lead, beats: { annotator: 'atr' } }),
    );
    gathered.push(classifiedRecord(model, recordText(record), beats, random));
  }
  const chosen = evenlyChosen(gathered, model, wanted);
  if (chosen.length === 0)
    throw new InputError('there is nothing to evaluate: no beat has a class that depends on its waveform');
  const deletions: {
    record: string;
    areas: Map<Ranking, number>;
    curves: ReadonlyMap<Ranking, Float64Array>;
  }[] = [];
  const errors: number[] = [];
  const kinked: { record: string; beat: number; error: number }[] = [];
  const correlations: { contributions: number; gradient: number }[] = [];
  let [worst, compared] = [0, 0];
  const randomised = withRandomWeights(model, seed);
  for (const [done, { of, prepared, beat }] of chosen.entries()) {
    onBeat?.(done);
    const { curves, completenessError } = deletionOf(prepared, random);
    const areas = new Map(rankings.map(name => [name, areaUnder(curves.get(name)!)]));
    deletions.push({ record: of.record, areas, curves });
    errors.push(completenessError);
    if (done < differenceBeats) {
      compared++;
      const error = differenceError(prepared);
      if (prepared.explanation.kinks.length === 0) worst = Math.max(worst, error);
      else kinked.push({ record: of.record, beat, error });
    }
    if (done < randomisedBeats) {
      correlations.push(explanationCorrelation(prepared, withModel(prepared, randomised, of, beat)));
    }
  }
  return {
    records: gathered.map(({ record }) => record),
    deletion: {
      beats: chosen.length,
      shares: deletedShares,
      rankings: rankings.map(ranking => ({
        ranking,
        area: areaOverRecords(deletions, ranking, seed),
        curve: deletedShares.map((_, k) => mean(deletions.map(({ curves }) => curves.get(ranking)![k]!))),
      })),
    },
    completeness: {
      withinOnePercent: errors.filter(error => error <= 0.01).length / errors.length,
      worst: Math.max(...errors),
    },
    differences: { beats: compared, worst, kinked },
    randomised: {
      beats: correlations.length,
      contributions: mean(correlations.map(({ contributions }) => contributions)),
      gradient: mean(correlations.map(({ gradient }) => gradient)),
    },
  };
}

/** The same beat and class explained by another model. */
function withModel(
  prepared: PreparedExplanation,
  model: Classifier,
  { lead, classified }: ClassifiedRecord,
  beat: number,
): PreparedExplanation {
  return prepareExplanation(model, lead, classified, beat, prepared.explanation.target);
}

function classifiedRecord(
  model: Classifier,
  record: string,
  lead: LeadBeats,
  random: Random,
): ClassifiedRecord {
  const classified = classifyBeats(model, lead);
  const unusual = classified.classes.flatMap((name, beat) =>
    name === undefined || name === model.classes[0] ? [] : [beat],
  );
  return { record, lead, classified, unusual: shuffled(unusual, random) };
}

/** Fisher–Yates shuffle. */
function shuffled(values: number[], random: Random): number[] {
  for (let k = values.length - 1; k > 0; k--) {
    const other = Math.floor(random.uniform() * (k + 1));
    [values[k], values[other]] = [values[other]!, values[k]!];
  }
  return values;
}

/**
 * At most `wanted` beats whose probability falls by half when the record's typical beat takes their place: the first of
 * each record, the second of each, and so on.
 */
function evenlyChosen(
  records: readonly ClassifiedRecord[],
  model: Classifier,
  wanted: number,
): { of: ClassifiedRecord; prepared: PreparedExplanation; beat: number }[] {
  const next = records.map(() => 0);
  const chosen: { of: ClassifiedRecord; prepared: PreparedExplanation; beat: number }[] = [];
  const choose = (of: ClassifiedRecord, k: number): void => {
    while (next[k]! < of.unusual.length) {
      const beat = of.unusual[next[k]!++]!;
      const prepared = prepareExplanation(model, of.lead, of.classified, beat);
      const { beat: own, typical } = probabilityDrop(prepared);
      if (typical >= own / 2) continue;
      chosen.push({ of, prepared, beat });
      return;
    }
  };
  for (let before = -1; chosen.length < wanted && chosen.length > before; ) {
    before = chosen.length;
    for (const [k, of] of records.entries()) if (chosen.length < wanted) choose(of, k);
  }
  return chosen;
}

/** Mean area of a ranking, with a 95 % interval over resampled records. */
function areaOverRecords(
  deletions: readonly { readonly record: string; readonly areas: ReadonlyMap<Ranking, number> }[],
  ranking: Ranking,
  seed: number,
): Interval95 {
  const names = [...new Set(deletions.map(({ record }) => record))];
  const places = new Map(names.map((name, k) => [name, k]));
  return bootstrap(
    names.length,
    times => {
      let [sum, weight] = [0, 0];
      for (const { record, areas } of deletions) {
        const drawn = times[places.get(record)!]!;
        sum += drawn * areas.get(ranking)!;
        weight += drawn;
      }
      return weight === 0 ? undefined : sum / weight;
    },
    { seed },
  );
}
