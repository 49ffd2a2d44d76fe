/** Builds the report of one lead as plain data: measurements and, given a model, classification and explanation. */

import {
  type BeatSlopes,
  measureSlopes,
  type SlopeMeasurement,
  type SlopeProvenance,
} from '../../beat/slopes/measure-slopes.ts';
import type { BeatUncertainty } from '../../beat/uncertainty/slope-uncertainty.ts';
import { differentiator, parseScheme } from '../../diff/scheme.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { aamiClass } from '../../learn/protocol.ts';
import { artefactSymbol } from '../artefact-marks.ts';
import {
  type BeatReasons,
  type PreparedExplanation,
  prepareExplanation,
  reasonsOf,
} from '../beat-reasons.ts';
import { type ClassifiedBeats, classifyBeats } from '../classify.ts';
import { withMeasured } from '../explanations/natural-units.ts';
import type { LeadBeats } from '../lead-beats.ts';
import { describeFilter } from '../voltage-filter.ts';
import { finiteOrNull } from './encoded-samples.ts';
import { type ReportBeat, reportUncertainty } from './report-beat.ts';
import { type ReportData, type ReportInput, reportData } from './report-data.ts';

/** Optional parts of a report. */
export interface RecordReportParts {
  readonly measurement?: SlopeMeasurement;
  /** The uncertainty of each beat of `measurement`. */
  readonly uncertainty?: readonly BeatUncertainty[];
  readonly model?: Classifier;
  /** Number of the beat to explain, from 0; default: as chosen by `beatToExplain`. */
  readonly beat?: number;
  readonly spans?: ReportInput['spans'];
  readonly indices?: ReportInput['indices'];
  readonly training?: ReportInput['training'];
  readonly confusion?: ReportInput['confusion'];
}

/**
 * The report of a lead as plain data, for `renderPage` or the viewer. Throws `InputError` as `classifyBeats` and
 * `explainBeat` do.
 *
 * @example recordReport(beats, { model }).beats.length // => 501
 */
export function recordReport(beats: LeadBeats, parts: RecordReportParts = {}): ReportData {
  const { model } = parts;
  const measurement =
    parts.measurement ?? measureSlopes(beats.voltage, beats.samplingFrequency, beats.rPeaks);
  const classified = model && classifyBeats(model, beats);
  const beat = parts.beat ?? (classified && beatToExplain(classified));
  const prepared =
    model && classified && beat !== undefined
      ? prepareExplanation(model, beats, classified, beat)
      : undefined;
  return reportData({
    record: beats.record,
    ...leadPart(beats, measurement, classified, parts.uncertainty),
    ...(parts.spans && { spans: parts.spans }),
    ...(parts.indices && { indices: parts.indices }),
    ...(parts.training && { training: parts.training }),
    ...(parts.confusion && { confusion: parts.confusion }),
    ...(prepared && { explanation: explanationPart(beats, prepared, beat!) }),
  });
}

/** Target probability of the beat to explain: a confident class whose gradient has not yet vanished. */
const preferredProbability = 0.8;

/**
 * Chooses a beat to explain: among the ventricular beats, otherwise the supraventricular, otherwise all classified
 * beats, the one whose probability is nearest to 0.8; undefined if no beat has a class.
 *
 * @example beatToExplain(classifyBeats(model, beats)) // => 98
 */
export function beatToExplain({ classes, probabilities }: ClassifiedBeats): number | undefined {
  const distance = (beat: number): number => Math.abs(probabilities[beat]! - preferredProbability);
  const wanted = ['V', 'S'].find(name => classes.includes(name));
  const candidates = [...classes.keys()].filter(
    beat => classes[beat] !== undefined && (wanted === undefined || classes[beat] === wanted),
  );
  return candidates.sort((a, b) => distance(a) - distance(b))[0];
}

function leadPart(
  beats: LeadBeats,
  measurement: SlopeMeasurement,
  classified: ClassifiedBeats | undefined,
  uncertainty: readonly BeatUncertainty[] | undefined,
): Pick<ReportInput, 'lead' | 'beats' | 'provenance'> {
  const { samplingFrequency, voltage } = beats;
  const start = beats.start / samplingFrequency;
  const scheme = parseScheme(measurement.provenance.scheme);
  const derivative = differentiator(scheme, voltage.length, samplingFrequency).apply(voltage);
  return {
    lead: { name: beats.lead, units: 'mV', samplingFrequency, startSeconds: start, voltage, derivative },
    provenance: provenanceText(measurement.provenance, withClassNotes(beats, classified)),
    beats: measurement.beats.map((slopes, beat) => ({
      ...reportBeat(beats, beat, slopes, classified),
      ...(uncertainty?.[beat] &&
        beats.symbols[beat] !== artefactSymbol && { uncertainty: reportUncertainty(uncertainty[beat]) }),
    })),
  };
}

/** Beats whose notes include those on their classes. */
export const withClassNotes = <B extends Pick<LeadBeats, 'notes'>>(
  beats: B,
  classified: ClassifiedBeats | undefined,
): B => ({ ...beats, notes: [...beats.notes, ...(classified?.notes ?? [])] });

/** Description of how the slopes were measured. */
export function provenanceText(
  { scheme, windowMs, windowSamples, upsampling, samplingFrequency, band }: SlopeProvenance,
  { beatsFrom, notes }: Pick<LeadBeats, 'beatsFrom' | 'notes'>,
): string {
  return (
    `dV/dt ${scheme} at ${samplingFrequency} Hz, ${describeFilter(band) || 'unfiltered'}; least-squares slope over ${windowMs} ms ` +
    `(${windowSamples} points${upsampling === 1 ? '' : `, interpolated ${upsampling}×`}); beats ${beatsFrom}${notes.map(note => `; ${note}`).join('')}`
  );
}

type ReportedSlope = 'rPeak' | 'upstroke' | 'downstroke' | 'qrsDuration';

/** Beat `beat` (from 0) in the form used by the report; of what is no beat (`|`) nothing is shown but its place. */
export function reportBeat(
  { samplingFrequency, start: first, symbols }: Pick<LeadBeats, 'samplingFrequency' | 'start' | 'symbols'>,
  beat: number,
  { rPeak, upstroke, downstroke, qrsDuration }: Pick<BeatSlopes, ReportedSlope>,
  classified: ClassifiedBeats | undefined,
): ReportBeat {
  const start = first / samplingFrequency;
  const symbol = symbols[beat]!;
  if (symbol === artefactSymbol) return { time: start + rPeak / samplingFrequency, symbol };
  const called = classified?.classes[beat];
  const probability = classified?.probabilities[beat];
  const name = aamiClass(symbol) ?? (symbol === '' ? called : undefined);
  return {
    time: start + rPeak / samplingFrequency,
    symbol: symbol === '' ? (called ?? '·') : symbol,
    ...(name !== undefined && { class: name }),
    ...(upstroke && { upstroke: { time: start + upstroke.time, slope: upstroke.slope } }),
    ...(downstroke && { downstroke: { time: start + downstroke.time, slope: downstroke.slope } }),
    ...(qrsDuration !== undefined && { qrsDuration }),
    ...(called !== undefined && { predicted: called }),
    ...(probability !== undefined && { probability }),
  };
}

/** The explanation of beat `beat` (from 0) in the form used by the report. */
export function explanationPart(
  beats: Omit<LeadBeats, 'voltage'>,
  prepared: PreparedExplanation,
  beat: number,
): NonNullable<ReportInput['explanation']> {
  const { samplingFrequency, start, rPeaks } = beats;
  const reasons = reasonsOf(prepared);
  const { classes, probabilities, target, voltage, voltageGradient, logOdds, kinks } = reasons;
  const { integrated, counterfactual } = reasons;
  return {
    ...{ classes, probabilities, target, voltage, voltageGradient },
    features: withMeasured(reasons.features, prepared.features, rPeaks, beat),
    contributions: reasons.smoothedContributions,
    reasons: {
      ...{ logOdds, kinks, typicalLogOdds: integrated.baselineScore },
      completenessError: integrated.completenessError,
      smoothedGradient: Array.from(reasons.smoothedGradient, finiteOrNull),
      counterfactual: {
        ...(counterfactual.features && { features: counterfactual.features }),
        ...(counterfactual.voltage && { voltage: changedVoltage(voltage, counterfactual.voltage) }),
      },
    },
    beatTime: (start + rPeaks[beat]!) / samplingFrequency,
    startSeconds: (start + reasons.windowStart) / samplingFrequency,
    samplingFrequency,
    units: 'mV',
  };
}

const changedVoltage = (
  voltage: Float64Array,
  { to, change, rmsMillivolts }: NonNullable<BeatReasons['counterfactual']['voltage']>,
) => ({ to, rmsMillivolts, changed: Array.from(voltage, (value, k) => finiteOrNull(value + change[k]!)) });
