/**
 * The contents of a report as plain data that can be serialised as JSON. Every part except the record name is
 * optional.
 */
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import type { IndexTable } from '../qrs-index-summary.ts';
import { type EncodedSamples, encodeSamples, finiteOrNull } from './encoded-samples.ts';
import { checkLength } from './report-array-length.ts';
import { beatData, type MeasuredSlope, type ReportBeat } from './report-beat.ts';
import {
  type ExplainedFeature,
  type ExplanationInput,
  explanationData,
  type ReportExplanation,
  type ReportReasons,
} from './report-explanation.ts';
import type { SignalSpan } from './signal-spans.ts';

export type { ExplainedFeature, MeasuredSlope, ReportBeat, ReportExplanation, ReportReasons };

export interface ReportLead {
  readonly name: string;
  /** Physical units of the voltage, e.g. `mV`. */
  readonly units: string;
  /** Hz. */
  readonly samplingFrequency: number;
  /** Time of the first sample from the start of the record, s. */
  readonly startSeconds: number;
  readonly voltage: EncodedSamples;
  /** dV/dt, in `units` per second. */
  readonly derivative: EncodedSamples;
  /**
   * Present for a lead too long for a page. Then `voltage` and `derivative` hold the minimum and maximum of each
   * bucket, interleaved, or NaN for buckets without valid samples, and only the excerpts contain every sample.
   */
  readonly thinned?: ThinnedLead<EncodedSamples>;
}

/** How a long lead is displayed. */
export interface ThinnedLead<Samples> {
  /** Number of samples in the lead, and per bucket. */
  readonly length: number;
  readonly bucketSamples: number;
  readonly excerpts: readonly ReportExcerpt<Samples>[];
}

/** An excerpt of a long lead with every sample. */
export interface ReportExcerpt<Samples> {
  /** Time of the first sample from the start of the record, s. */
  readonly startSeconds: number;
  /** Reason for showing it, e.g. `explained beat`. */
  readonly why: string;
  readonly voltage: Samples;
  readonly derivative: Samples;
}

/** A text in one language for all, or in each language of the page. */
export type ReportText = string | { readonly en: string; readonly ja: string };

export interface ReportTraining {
  /** Short description of the model and training data, shown with the losses. */
  readonly subject?: ReportText;
  /** Training loss before the first and after each epoch; `null` if not finite. */
  readonly losses: readonly (number | null)[];
  /** Validation loss after each epoch; empty without validation rows. */
  readonly validationLosses: readonly (number | null)[];
  readonly optimizer: string;
  readonly learningRate: number;
  /** Verdict on the training: diverged, stalled, converged or improving, with an explanation. */
  readonly verdict: { readonly kind: string; readonly text: string };
}

export interface ReportConfusion {
  /** Short description of the model and test data. */
  readonly subject?: ReportText;
  readonly classes: readonly string[];
  /** `counts[i][j]` is the number of beats of true class i and predicted class j. */
  readonly counts: readonly (readonly number[])[];
}

export interface ReportData {
  /** Annotated rhythms, flutter, noise, artefacts and comments, and windows of poor quality. */
  readonly spans?: readonly SignalSpan[];
  /** Record name, as requested. */
  readonly record: string;
  readonly lead?: ReportLead;
  readonly beats: readonly ReportBeat[];
  /** How the slopes were measured: scheme, window, band. */
  readonly provenance?: string;
  /** The QRS indices of the record's leads. */
  readonly indices?: IndexTable;
  readonly training?: ReportTraining;
  readonly confusion?: ReportConfusion;
  readonly explanation?: ReportExplanation;
}

/** Note on the reduced resolution of a long lead. */
export const thinnedText = (
  { bucketSamples, excerpts }: Pick<ThinnedLead<unknown>, 'bucketSamples' | 'excerpts'>,
  samplingFrequency: number,
): string =>
  `a long recording: its traces are the smallest and largest value of every ${(bucketSamples / samplingFrequency).toPrecision(3)} s, ` +
  `and ${excerpts.length} excerpts are there sample by sample; beats and slopes are those of all of it`;

/** Input of `reportData`: the same parts, with samples in typed arrays. */
export interface ReportInput {
  readonly spans?: readonly SignalSpan[];
  readonly record: string;
  readonly lead?: Omit<ReportLead, 'voltage' | 'derivative' | 'thinned'> & {
    readonly voltage: Float64Array;
    readonly derivative: Float64Array;
    readonly thinned?: ThinnedLead<Float64Array>;
  };
  readonly beats?: readonly ReportBeat[];
  readonly provenance?: string;
  readonly indices?: IndexTable;
  readonly training?: Omit<ReportTraining, 'losses' | 'validationLosses'> & {
    readonly losses: ArrayLike<number>;
    readonly validationLosses: ArrayLike<number>;
  };
  readonly confusion?: ReportConfusion;
  readonly explanation?: ExplanationInput;
}

/**
 * Converts the parts of a report to plain data: samples are encoded, NaN becomes `null`, and beats are sorted by
 * time. Slopes that are not finite are omitted from their beat, and beats without a finite time are omitted. Throws
 * `InputError` if array lengths differ, a sampling frequency is not positive, the lead has no samples, a probability
 * is outside 0 … 1, or the target is not among the classes.
 *
 * @example
 * reportData({ record: 'x', beats: [{ time: NaN, symbol: 'N' }, { time: 1, symbol: 'V' }] }).beats.length // => 1
 */
export function reportData(input: ReportInput): ReportData {
  const { record, lead, spans, provenance, training, confusion, explanation } = input;
  return {
    record,
    beats: (input.beats ?? [])
      .filter(beat => Number.isFinite(beat.time))
      .map(beatData)
      .sort((a, b) => a.time - b.time),
    ...(spans !== undefined &&
      spans.length > 0 && {
        spans: spans.filter(span => Number.isFinite(span.startSeconds) && Number.isFinite(span.endSeconds)),
      }),
    ...(provenance !== undefined && { provenance }),
    ...(input.indices && { indices: input.indices }),
    ...(lead && { lead: leadData(lead) }),
    ...(training && { training: trainingData(training) }),
    ...(confusion && { confusion: confusionData(confusion) }),
    ...(explanation && { explanation: explanationData(explanation) }),
  };
}

function leadData(lead: NonNullable<ReportInput['lead']>): ReportLead {
  requireSamplingFrequency(lead.samplingFrequency);
  checkLength('derivative', lead.derivative, 'voltage', lead.voltage);
  if (!Number.isFinite(lead.startSeconds)) throw new InputError(`lead starts at ${lead.startSeconds} s`);
  if (lead.voltage.length === 0) throw new InputError('the lead has no samples');
  const { thinned, ...rest } = lead;
  return {
    ...rest,
    ...encoded(lead),
    ...(thinned && {
      thinned: {
        ...thinned,
        excerpts: thinned.excerpts.map(excerpt => ({ ...excerpt, ...encoded(excerpt) })),
      },
    }),
  };
}

const encoded = ({ voltage, derivative }: Record<'voltage' | 'derivative', Float64Array>) => ({
  voltage: encodeSamples(voltage),
  derivative: encodeSamples(derivative),
});

function trainingData(training: NonNullable<ReportInput['training']>): ReportTraining {
  const { subject, losses, validationLosses, optimizer, learningRate, verdict } = training;
  if (validationLosses.length > 0 && validationLosses.length !== losses.length - 1) {
    throw new InputError(
      `${validationLosses.length} validation losses for ${losses.length} losses, the first before training`,
    );
  }
  return {
    ...(subject !== undefined && { subject }),
    losses: Array.from(losses, finiteOrNull),
    validationLosses: Array.from(validationLosses, finiteOrNull),
    optimizer,
    learningRate,
    verdict,
  };
}

function confusionData(confusion: ReportConfusion): ReportConfusion {
  const { subject, classes, counts } = confusion;
  checkLength('counts', counts, 'classes', classes);
  for (const row of counts) checkLength('a row of counts', row, 'classes', classes);
  return { ...(subject !== undefined && { subject }), classes, counts };
}
