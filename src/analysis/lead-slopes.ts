/**
 * The slopes and signal quality of a recording's beats, one lead at a time. A lead is measured in parts, so that
 * memory does not grow with the length of the record; the result equals that of measuring the whole lead at once.
 */
import { beatsOfPart, type PlacedPart } from '../beat/lead-part.ts';
import { type BeatQuality, qualityAgainst, type WindowQuality } from '../beat/quality/quality.ts';
import type { QualityReference } from '../beat/quality/reference.ts';
import {
  isDetectedWithoutQrs,
  joinSpans,
  type SpanWithoutQrs,
  spansOfPart,
} from '../beat/quality/without-qrs.ts';
import {
  type BeatSlopes,
  measureSlopes,
  measureUnpacedSlopes,
  type SlopeOptions,
  type SlopeProvenance,
} from '../beat/slopes/measure-slopes.ts';
import { measureQrsIndices, type QrsIndices } from '../beat/slopes/qrs-indices.ts';
import {
  addToSummary,
  type SlopeGroups,
  type SlopeSummary,
  summaryOf,
} from '../beat/slopes/slope-summary.ts';
import type { LeadSlopes } from '../beat/slopes/slope-table.ts';
import { type BeatUncertainty, measureUncertainty } from '../beat/uncertainty/slope-uncertainty.ts';
import { mostFrequent, type RecordingBeats } from './lead-beats.ts';
import { calibrationNotes } from './leads.ts';
import type { OpenRecording } from './open-recording.ts';
import { beatsInPart, slopesOfPart } from './part-slopes.ts';
import { qualityReferenceOf, type UnpacedPart, unpacedParts, windowsOfPart } from './unpaced-parts.ts';

/** Summary of one lead after all its beats have been measured. */
export interface LeadSlopeSummary {
  readonly lead: string;
  readonly provenance: SlopeProvenance;
  readonly summary: readonly SlopeSummary[];
  /** Number of beats of good quality by symbol, among the beats summarised that have a slope. */
  readonly good: ReadonlyMap<string, number>;
  readonly windows: readonly WindowQuality[];
  /** Asystole, and ventricular fibrillation or flutter, in order of time. */
  readonly spansWithoutQrs: readonly SpanWithoutQrs[];
  readonly notes: readonly string[];
}

/** The measured beats of one part of a lead. */
export interface MeasuredRun extends LeadSlopes {
  /** Index of the part's first beat among all beats, from 0. */
  readonly firstBeat: number;
  readonly quality: readonly BeatQuality[];
}

export interface LeadSlopeOptions extends SlopeOptions {
  /** Summarises only beats of good signal quality. */
  readonly goodOnly?: boolean;
  /** Also estimates the uncertainty of each beat's slopes (`measureUncertainty`, for each part). */
  readonly uncertainty?: boolean;
  /** Also measures the QRS indices of each beat (`measureQrsIndices`). */
  readonly indices?: boolean;
  /** Called with the beats of each part in order. */
  readonly onRun?: (run: MeasuredRun) => Promise<void>;
}

/**
 * Measures every beat on each of the leads. Throws `InputError` for a lead that is not a voltage, and as
 * `measureSlopes` does.
 *
 * @example
 * const recording = await openRecording(source, 'mitdb/100');
 * const beats = await beatsOf(recording, ['MLII'], 'detector');
 * for await (const { summary } of measureLeads(recording, ['MLII', 'V5'], beats)) console.log(summary);
 */
export async function* measureLeads(
  recording: OpenRecording,
  leads: readonly string[],
  beats: RecordingBeats,
  options: LeadSlopeOptions = {},
): AsyncGenerator<LeadSlopeSummary, void, undefined> {
  for (const lead of leads) yield await measureLead(recording, lead, beats, options);
}

async function measureLead(
  recording: OpenRecording,
  lead: string,
  beats: RecordingBeats,
  { goodOnly = false, ...options }: LeadSlopeOptions,
): Promise<LeadSlopeSummary> {
  const groups: SlopeGroups = new Map();
  const good = new Map<string, number>();
  const windows: WindowQuality[] = [];
  const withoutQrs: SpanWithoutQrs[] = [];
  let provenance = measureSlopes(new Float64Array(0), recording.samplingFrequency, [], options).provenance;
  for await (const { run, ...part } of measureLeadParts(recording, lead, beats, options)) {
    for (const window of part.windows) windows.push(window);
    for (const span of part.spansWithoutQrs) withoutQrs.push(span);
    provenance = run.measurement.provenance;
    for (const [k, beat] of run.measurement.beats.entries()) {
      const isGood = run.quality[k]!.good;
      const symbol = run.symbols[k]!;
      if (goodOnly && !isGood) continue;
      // What was detected in asystole, fibrillation or noise is no beat.
      if (isDetectedWithoutQrs(symbol, run.quality[k]!)) continue;
      addToSummary(groups, beat, symbol);
      const isMeasured = beat.upstroke !== undefined || beat.downstroke !== undefined;
      if (isGood && isMeasured) good.set(symbol, (good.get(symbol) ?? 0) + 1);
    }
    if (run.symbols.length > 0) await options.onRun?.(run);
  }
  const spansWithoutQrs = joinSpans(withoutQrs);
  const notes = calibrationNotes(recording.signals.filter(signal => signal.name === lead));
  return { lead, provenance, summary: summaryOf(groups), good, windows, spansWithoutQrs, notes };
}

/** One part of a lead: its beats, its quality windows, and its spans without QRS complexes. */
export interface MeasuredLeadPart {
  readonly run: MeasuredRun;
  readonly windows: readonly WindowQuality[];
  readonly spansWithoutQrs: readonly SpanWithoutQrs[];
}

export interface LeadPartOptions extends Omit<LeadSlopeOptions, 'goodOnly' | 'onRun'> {
  /** Whether to measure the quality of windows, not only of beats; by default true. */
  readonly windows?: boolean;
}

/** Measures the beats of a lead part by part. Throws as `measureLeads`. */
export async function* measureLeadParts(
  recording: OpenRecording,
  lead: string,
  { rPeaks, symbols }: RecordingBeats,
  {
    uncertainty: isUncertain = false,
    indices: hasIndices = false,
    windows: hasWindows = true,
    ...options
  }: LeadPartOptions = {},
): AsyncGenerator<MeasuredLeadPart, void, undefined> {
  const { samplingFrequency, signals, start, name } = recording;
  const parts = unpacedParts(recording, lead);
  const reference = await qualityReferenceOf(parts, samplingFrequency, rPeaks);
  const context: LeadContext = { samplingFrequency, rPeaks, reference, hasWindows, options };
  const voltageAssumed = calibrationNotes(signals.filter(signal => signal.name === lead)).length > 0;
  for await (const part of parts()) {
    const { first, last } = beatsOfPart(part, rPeaks);
    const { provenance, beats, quality, windows, spansWithoutQrs } = measurePart(part, context);
    const ofBeats = symbols.slice(first, last);
    const uncertainty =
      isUncertain && last > first ? uncertaintyOfPart(part, context, ofBeats, quality) : undefined;
    const run: MeasuredRun = {
      record: name,
      lead,
      start,
      symbols: ofBeats,
      firstBeat: first,
      voltageAssumed,
      measurement: { provenance, beats },
      quality,
      ...(uncertainty && { uncertainty }),
      ...(hasIndices && last > first && { indices: indicesOfPart(part, context) }),
    };
    yield { run, windows, spansWithoutQrs };
  }
}

interface MeasuredPart {
  readonly provenance: SlopeProvenance;
  readonly beats: readonly BeatSlopes[];
  readonly quality: readonly BeatQuality[];
  readonly windows: readonly WindowQuality[];
  readonly spansWithoutQrs: readonly SpanWithoutQrs[];
}

/** Data common to all parts of a lead. */
interface LeadContext {
  readonly samplingFrequency: number;
  readonly rPeaks: Int32Array;
  readonly reference: QualityReference;
  readonly hasWindows: boolean;
  readonly options: SlopeOptions;
}

/** Measures the beats `[first, last)` and the quality windows of a part, using the neighbouring beats and margins. */
function measurePart(
  part: UnpacedPart,
  { samplingFrequency, rPeaks, reference, hasWindows, options }: LeadContext,
): MeasuredPart {
  const { unpaced } = part;
  const { inPart, begin, end } = beatsInPart(part, rPeaks);
  const quality = qualityAgainst(reference, unpaced, samplingFrequency, inPart, hasWindows);
  const unpacedPart = { ...part, voltage: unpaced.voltage };
  return {
    ...slopesOfPart(unpacedPart, samplingFrequency, rPeaks, options, measureUnpacedSlopes),
    quality: quality.beats.slice(begin, end),
    windows: windowsOfPart(quality, part),
    spansWithoutQrs: spansOfPart(quality.spansWithoutQrs, part),
  };
}

/** The QRS indices of the beats of a part, one per beat. */
function indicesOfPart(
  part: PlacedPart,
  { samplingFrequency, rPeaks, options }: LeadContext,
): readonly QrsIndices[] {
  const { inPart, begin, end } = beatsInPart(part, rPeaks);
  const { beats } = measureSlopes(part.voltage, samplingFrequency, inPart, options);
  return measureQrsIndices(part.voltage, samplingFrequency, beats, options)
    .beats.slice(begin, end)
    .map(of => ({
      ...of,
      ...Object.fromEntries(
        (['q', 'r', 's'] as const).map(wave => [
          wave,
          of[wave] === undefined ? undefined : of[wave] + part.offset,
        ]),
      ),
    }));
}

/**
 * The slope uncertainty of the beats of a part, one per beat; empty if it cannot be estimated from the part. The
 * median beat is computed from the beats of the most frequent kind.
 */
function uncertaintyOfPart(
  part: PlacedPart,
  { samplingFrequency, rPeaks, options }: LeadContext,
  symbols: readonly string[],
  quality: readonly BeatQuality[],
): readonly BeatUncertainty[] {
  const { inPart, begin, end } = beatsInPart(part, rPeaks);
  const measurement = measureSlopes(part.voltage, samplingFrequency, inPart, options);
  const usual = mostFrequent(symbols);
  const found = measureUncertainty(part.voltage, samplingFrequency, measurement, {
    isUsual: k =>
      k >= begin &&
      k < end &&
      symbols[k - begin] === usual &&
      !isDetectedWithoutQrs(usual, quality[k - begin]!),
  });
  return found === undefined ? symbols.map(() => ({})) : found.beats.slice(begin, end);
}
