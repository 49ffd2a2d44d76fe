/**
 * What a reader must know of a lead's signal before trusting what was measured on it: lost, clipped or noisy signal, and
 * spans without QRS complexes.
 */

import { complexProminences, hasQrsComplexes } from '../beat/intervals/qrs-prominence.ts';
import { type PacingSpike, unpacedLead } from '../beat/pacing/pacing.ts';
import {
  type BeatQuality,
  measureQuality,
  qualityAgainst,
  type WindowQuality,
} from '../beat/quality/quality.ts';
import { lostSpans } from '../beat/quality/sample-faults.ts';
import { joinSpans, type SpanWithoutQrs, spansOfPart } from '../beat/quality/without-qrs.ts';
import type { SampleSpan } from '../beat/sample-span.ts';
import { median } from '../statistics.ts';
import { artefactSymbol } from './artefact-marks.ts';
import type { OpenRecording } from './open-recording.ts';
import { beatsInPart } from './part-slopes.ts';
import { qualityReferenceOf, unpacedParts, windowsOfPart } from './unpaced-parts.ts';
import { type NotedBeats, noQrsComplexes, withoutQrsNotes } from './without-qrs.ts';

export interface LeadCondition {
  readonly lead: string;
  /** Quality of each beat, and of consecutive windows of ten seconds. */
  readonly beats: readonly Pick<BeatQuality, 'noiseToQrs' | 'good'>[];
  readonly windows: readonly WindowQuality[];
  readonly spansWithoutQrs: readonly SpanWithoutQrs[];
  /** Where the signal is invalid or constant for long enough to hide a QRS complex. */
  readonly lostSpans: readonly SampleSpan[];
  /** In order of time. */
  readonly pacingSpikes: readonly Pick<PacingSpike, 'sample' | 'amplitude' | 'widthMs'>[];
  /** Whether QRS complexes stand out from the signal between them (`hasQrsComplexes`). */
  readonly hasQrsComplexes: boolean;
}

/**
 * Reads the condition of a lead; sample indices count from the start of the recording's window, as do those of `rPeaks`.
 * The lead is read in parts. Throws `InputError` for a lead that is not a voltage.
 *
 * @example
 * const recording = await openRecording(source, 'synth/s01');
 * const { rPeaks } = await beatsOf(recording, ['MLII'], 'detector');
 * (await readLeadCondition(recording, 'MLII', rPeaks)).hasQrsComplexes // => true
 */
export async function readLeadCondition(
  recording: OpenRecording,
  lead: string,
  rPeaks: Int32Array,
): Promise<LeadCondition> {
  const { samplingFrequency } = recording;
  const parts = unpacedParts(recording, lead);
  const reference = await qualityReferenceOf(parts, samplingFrequency, rPeaks);
  const beats: BeatQuality[] = [];
  const windows: WindowQuality[] = [];
  const spans: SpanWithoutQrs[] = [];
  const lost: SampleSpan[] = [];
  const pacingSpikes: LeadCondition['pacingSpikes'][number][] = [];
  const prominences: number[] = [];
  for await (const part of parts()) {
    const { inPart, begin, end } = beatsInPart(part, rPeaks);
    const quality = qualityAgainst(reference, part.unpaced, samplingFrequency, inPart);
    for (let k = begin; k < end; k++) beats.push(quality.beats[k]!);
    windows.push(...windowsOfPart(quality, part));
    spans.push(...spansOfPart(quality.spansWithoutQrs, part));
    lost.push(...spansOfPart(lostSpans(part.unpaced.lead, samplingFrequency, reference.rails), part));
    for (const { sample, amplitude, widthMs } of part.unpaced.spikes) {
      if (sample < part.start || sample >= part.end) continue;
      pacingSpikes.push({ sample: sample + part.offset, amplitude, widthMs });
    }
    for (const prominence of complexProminences(part.unpaced.voltage, samplingFrequency, inPart)) {
      prominences.push(prominence);
    }
  }
  return {
    lead,
    beats,
    windows,
    spansWithoutQrs: joinSpans(spans),
    lostSpans: lost,
    pacingSpikes,
    hasQrsComplexes: hasQrsComplexes([prominences]),
  };
}

const leastLost = 0.1;
/** The windows in which the signal of the lead is invalid or constant for a tenth, a second or more. */
const lostWindows = ({ windows }: Pick<LeadCondition, 'windows'>): readonly WindowQuality[] =>
  windows.filter(({ invalidShare, flatShare }) => invalidShare + flatShare >= leastLost);

/**
 * Mean heart rate, per minute, over the RR intervals that meet no span without QRS complexes or of lost signal;
 * undefined without any, or where no QRS complexes stand out.
 */
export function heartRateOf(
  condition: LeadCondition,
  rPeaks: Int32Array,
  samplingFrequency: number,
): number | undefined {
  if (!condition.hasQrsComplexes) return undefined;
  const spans: readonly SampleSpan[] = [...condition.spansWithoutQrs, ...condition.lostSpans];
  let intervals = 0;
  let samples = 0;
  for (let k = 1; k < rPeaks.length; k++) {
    const [before, at] = [rPeaks[k - 1]!, rPeaks[k]!];
    if (spans.some(({ start, end }) => start <= at && end > before)) continue;
    intervals++;
    samples += at - before;
  }
  return intervals === 0 ? undefined : (60 * intervals * samplingFrequency) / samples;
}

/** The condition of a lead in memory. */
export function conditionOf({
  lead,
  voltage,
  samplingFrequency,
  rPeaks,
}: {
  readonly lead: string;
  /** mV, NaN where invalid. */
  readonly voltage: Float64Array;
  /** Hz */
  readonly samplingFrequency: number;
  readonly rPeaks: Int32Array;
}): LeadCondition {
  const unpaced = unpacedLead(voltage, samplingFrequency);
  const prominences = complexProminences(unpaced.voltage, samplingFrequency, rPeaks);
  return {
    lead,
    ...measureQuality(voltage, samplingFrequency, rPeaks),
    lostSpans: lostSpans(voltage, samplingFrequency),
    hasQrsComplexes: hasQrsComplexes([prominences]),
  };
}

/** Fractions of the samples from which a note is given. */
const notedInvalid = 0.0005;
const notedClipped = 0.001;
/** Fraction of beats that are not good from which a note is given. */
const notedPoor = 0.25;
/** Valid signal without a beat from which a note is given, s: the shortest asystole. */
const asystoleSeconds = 3;

/** Notes on the condition of a lead and its beats; empty for a good one. */
export function conditionNotes(condition: LeadCondition, of: NotedBeats): string[] {
  const { lead, beats } = condition;
  const poor = beats.filter(({ good }) => !good).length;
  return [
    ...(beats.length > 1 && !condition.hasQrsComplexes ? [`${noQrsComplexes}; the marks are not beats`] : []),
    ...(beats.length === 0 && mayHoldBeats(condition, of) ? [`lead ${lead}: ${noQrsComplexes}`] : []),
    ...signalNotes(condition, of),
    ...pacingNotes(condition),
    ...(beats.length > 0 && poor >= notedPoor * beats.length
      ? [`lead ${lead}: the signal is not good at ${poor} of ${beats.length} beats`]
      : []),
  ];
}

/** Whether a lead in which no beat was found is long enough for one and its signal, where it is valid, is not known to have none. */
function mayHoldBeats(
  { windows, spansWithoutQrs }: LeadCondition,
  { samplingFrequency }: NotedBeats,
): boolean {
  const valid = windows.reduce(
    (sum, { start, end, invalidShare, flatShare }) => sum + (1 - invalidShare - flatShare) * (end - start),
    0,
  );
  return spansWithoutQrs.length === 0 && valid > asystoleSeconds * samplingFrequency;
}

/** A note on the number of pacing spikes of a lead and their size; empty without any. */
function pacingNotes({ lead, pacingSpikes }: LeadCondition): string[] {
  if (pacingSpikes.length === 0) return [];
  const amplitude = median(pacingSpikes.map(spike => Math.abs(spike.amplitude)));
  const width = median(pacingSpikes.map(spike => spike.widthMs));
  const count = `${pacingSpikes.length} pacing ${pacingSpikes.length === 1 ? 'spike' : 'spikes'}`;
  return [
    `lead ${lead}: ${count}, ${amplitude.toFixed(1)} mV high and at most ${width.toFixed(1)} ms wide (medians)`,
  ];
}

/** What `notesOfLeads` and `complexesInLeads` need of the condition of a lead. */
export type LeadSignal = Pick<LeadCondition, 'lead' | 'windows' | 'spansWithoutQrs'>;

/** The condition of each of several leads. */
export async function readLeadConditions(
  recording: OpenRecording,
  leads: readonly string[],
  rPeaks: Int32Array,
): Promise<LeadCondition[]> {
  const conditions: LeadCondition[] = [];
  for (const lead of leads) conditions.push(await readLeadCondition(recording, lead, rPeaks));
  return conditions;
}

/**
 * For each beat detected in several leads, 1 if one of them shows it as a QRS complex: 0 if it lies in a span without
 * QRS complexes in every lead whose signal is not lost there.
 */
export function complexesInLeads(leads: readonly LeadSignal[], rPeaks: Int32Array): Uint8Array {
  const shown = new Uint8Array(rPeaks.length).fill(1);
  if (leads.every(({ spansWithoutQrs }) => spansWithoutQrs.length === 0)) return shown;
  const lost = leads.map(lostWindows);
  for (const [k, rPeak] of rPeaks.entries()) {
    const readable = leads.filter((_, lead) => !holds(lost[lead]!, rPeak));
    if (readable.length > 0 && readable.every(({ spansWithoutQrs }) => holds(spansWithoutQrs, rPeak)))
      shown[k] = 0;
  }
  return shown;
}

/** What tells whether something detected in a lead is a beat. */
export type LeadWithComplexes = LeadSignal & Pick<LeadCondition, 'hasQrsComplexes'>;

/**
 * For each beat detected in leads of these conditions, 1 if it is one: 0 where no lead has QRS complexes, and as by
 * `complexesInLeads`. What alone was detected is a beat.
 */
export function detectedBeats(leads: readonly LeadWithComplexes[], rPeaks: Int32Array): Uint8Array {
  const hasComplexes = rPeaks.length === 1 || leads.some(({ hasQrsComplexes }) => hasQrsComplexes);
  return hasComplexes ? complexesInLeads(leads, rPeaks) : new Uint8Array(rPeaks.length);
}

/** The beats with the symbol `|` where they were detected in leads of these conditions and are none. */
export function withArtefacts<B extends { readonly rPeaks: Int32Array; readonly symbols: readonly string[] }>(
  beats: B,
  leads: readonly LeadWithComplexes[],
): B {
  const isBeat = detectedBeats(leads, beats.rPeaks);
  const symbols = beats.symbols.map((symbol, k) =>
    symbol === '' && isBeat[k] === 0 ? artefactSymbol : symbol,
  );
  return { ...beats, symbols };
}

const holds = (spans: readonly SampleSpan[], sample: number): boolean =>
  spans.some(({ start, end }) => sample >= start && sample < end);

/** `signalNotes` of several leads, each note once; a span in which another lead shows complexes is of its lead alone. */
export function notesOfLeads(leads: readonly LeadSignal[], of: NotedBeats): string[] {
  const shown = complexesInLeads(leads, of.rPeaks);
  const isIn = (value: 0 | 1) => of.rPeaks.filter((_, k) => shown[k] === value);
  const [others, complexes] = [isIn(0), isIn(1)];
  const notes = leads.flatMap(lead => {
    const shownElsewhere = lead.spansWithoutQrs.filter(
      ({ start, end }) => leads.length > 1 && complexes.some(rPeak => rPeak >= start && rPeak < end),
    );
    const spansWithoutQrs = lead.spansWithoutQrs.filter(span => !shownElsewhere.includes(span));
    const rPeaks = leads.length > 1 ? others : of.rPeaks;
    return [
      ...signalNotes({ ...lead, spansWithoutQrs }, { ...of, rPeaks }),
      ...withoutQrsNotes(shownElsewhere, { ...of, rPeaks: new Int32Array(0) }).map(
        note => `lead ${lead.lead}: ${note}, where other leads show them`,
      ),
    ];
  });
  return [...new Set(notes)];
}

/** `notesOfLeads` of leads that are read for it. */
export async function signalNotesOf(
  recording: OpenRecording,
  leads: readonly string[],
  rPeaks: Int32Array,
): Promise<string[]> {
  const { samplingFrequency, start } = recording;
  const conditions = await readLeadConditions(recording, leads, rPeaks);
  return notesOfLeads(conditions, { samplingFrequency, start, rPeaks });
}

/** Notes on lost and clipped signal of a lead, and on its spans without QRS complexes; empty for a good one. */
export function signalNotes({ lead, windows, spansWithoutQrs }: LeadSignal, of: NotedBeats): string[] {
  const { samplingFrequency, start: begin } = of;
  const total = windows.reduce((sum, { start, end }) => sum + end - start, 0);
  const sum = (share: 'invalidShare' | 'flatShare' | 'clippedShare'): number =>
    windows.reduce((all, window) => all + window[share] * (window.end - window.start), 0);
  const [invalid, flat, clipped] = [sum('invalidShare'), sum('flatShare'), sum('clippedShare')];
  if (total > 0 && invalid === total) return [`lead ${lead} has no valid sample`];
  if (total > 0 && flat === total) return [`lead ${lead} is constant: no signal was recorded`];
  const percent = (samples: number): string => `${((100 * samples) / total).toFixed(1)} %`;
  const seconds = (samples: number): string => `${(samples / samplingFrequency).toFixed(1)} s`;
  const firstOf = (share: 'invalidShare' | 'flatShare' | 'clippedShare'): string => {
    const { start, end } = windows.find(window => window[share] > 0)!;
    const [from, to] = [start, end].map(sample => ((begin + sample) / samplingFrequency).toFixed(0));
    return `first at ${from}–${to} s`;
  };
  const notes: string[] = [];
  if (invalid > notedInvalid * total) {
    notes.push(`lead ${lead}: ${percent(invalid)} of the samples are invalid (${firstOf('invalidShare')})`);
  }
  if (flat > 0) notes.push(`lead ${lead} is constant for ${seconds(flat)} (${firstOf('flatShare')})`);
  if (clipped > notedClipped * total) {
    notes.push(
      `lead ${lead} is at a limit of the converter in ${percent(clipped)} of the samples (${firstOf('clippedShare')})`,
    );
  }
  return [...notes, ...withoutQrsNotes(spansWithoutQrs, of)];
}
