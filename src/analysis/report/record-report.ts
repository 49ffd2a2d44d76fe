/** What the report of one lead shows: measured, and given a model classified and explained, as plain data. */
import { measureSlopes, type SlopeMeasurement } from '../../beat/slopes/measure-slopes.ts';
import { differentiator, parseScheme } from '../../diff/scheme.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { aamiClass } from '../../learn/protocol.ts';
import { type BeatExplanation, type ClassifiedBeats, classifyBeats, explainBeat } from '../classify.ts';
import type { LeadBeats } from '../lead-beats.ts';
import { type ReportData, type ReportInput, reportData } from './report-data.ts';

/** What a report shows beside the lead and its slopes. */
export interface RecordReportParts {
  readonly measurement?: SlopeMeasurement;
  readonly model?: Classifier;
  /** Number of the beat to explain, from 0; by default the one `tellingBeat` finds. */
  readonly beat?: number;
  readonly spans?: ReportInput['spans'];
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
  const beat = parts.beat ?? (classified && tellingBeat(classified));
  const explanation =
    model && classified && beat !== undefined ? explainBeat(model, beats, classified, beat) : undefined;
  return reportData({
    record: beats.record,
    ...leadPart(beats, measurement, classified),
    ...(parts.spans && { spans: parts.spans }),
    ...(parts.training && { training: parts.training }),
    ...(parts.confusion && { confusion: parts.confusion }),
    ...(explanation && {
      explanation: explanationPart(beats, explanation, beat!),
    }),
  });
}

/** A beat called with about this probability is clear and still moves: nearer to 1 the gradient fades. */
const tellingProbability = 0.8;

/**
 * The beat most worth explaining: of the ventricular ones, else the supraventricular, else all that have a class,
 * the one whose probability is nearest to 0.8; undefined when no beat has a class.
 *
 * @example tellingBeat(classifyBeats(model, beats)) // => 104
 */
export function tellingBeat({ classes, probabilities }: ClassifiedBeats): number | undefined {
  const distance = (beat: number): number => Math.abs(probabilities[beat]! - tellingProbability);
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
): Pick<ReportInput, 'lead' | 'beats' | 'provenance'> {
  const { samplingFrequency, voltage } = beats;
  const start = beats.start / samplingFrequency;
  const { scheme, windowMs, windowSamples, upsampling } = measurement.provenance;
  const derivative = differentiator(parseScheme(scheme), voltage.length, samplingFrequency).apply(voltage);
  return {
    lead: { name: beats.lead, units: 'mV', samplingFrequency, start, voltage, derivative },
    provenance:
      `dV/dt ${scheme} at ${samplingFrequency} Hz, unfiltered; least-squares slope over ${windowMs} ms ` +
      `(${windowSamples} points${upsampling === 1 ? '' : `, interpolated ${upsampling}×`}); beats ${beats.beatsFrom}${beats.notes.map(note => `; ${note}`).join('')}`,
    beats: measurement.beats.map(({ rPeak, upstroke, downstroke }, beat) => {
      const symbol = beats.symbols[beat]!;
      const called = classified?.classes[beat];
      const probability = classified?.probabilities[beat];
      const name = aamiClass(symbol) ?? (symbol === '' ? called : undefined);
      return {
        time: start + rPeak / samplingFrequency,
        symbol: symbol === '' ? (called ?? '·') : symbol,
        ...(name !== undefined && { class: name }),
        ...(upstroke && { upstroke: { time: start + upstroke.time, slope: upstroke.slope } }),
        ...(downstroke && { downstroke: { time: start + downstroke.time, slope: downstroke.slope } }),
        ...(called !== undefined && { predicted: called }),
        ...(probability !== undefined && { probability }),
      };
    }),
  };
}

function explanationPart(
  beats: LeadBeats,
  explanation: BeatExplanation,
  beat: number,
): NonNullable<ReportInput['explanation']> {
  const { samplingFrequency, start, rPeaks } = beats;
  return {
    ...explanation,
    beatTime: (start + rPeaks[beat]!) / samplingFrequency,
    start: (start + explanation.windowStart) / samplingFrequency,
    samplingFrequency,
    units: 'mV',
  };
}
