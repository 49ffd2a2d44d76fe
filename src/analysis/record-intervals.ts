/**
 * Measures the intervals of each beat over all leads, in parts so that memory does not grow with the length of the
 * record, and those of the record's median beat.
 */
import type { DelineatedWave } from '../beat/delineate/wave-borders.ts';
import { type EinthovenSums, einthovenSums, violatesEinthoven } from '../beat/intervals/einthoven.ts';
import {
  type BeatWaves,
  type MeasuredWaves,
  type MedianWaves,
  measureMedian,
  measureWaves,
  medianReach,
  movedBorders,
  type NamedLead,
  qtLeadOf,
  rrBefore,
  templateBorders,
} from '../beat/intervals/measure-intervals.ts';
import { hasQrsComplexes, qrsProminences } from '../beat/intervals/qrs-prominence.ts';
import { type QtVariability, qtByScaledTemplate, qtVariability } from '../beat/intervals/qt-variability.ts';
import type { PlacedPart } from '../beat/lead-part.ts';
import { cutBeats, type MedianBeat, medianOfCuts } from '../beat/median-beat.ts';
import { withoutPacing } from '../beat/pacing.ts';
import {
  type BeatWaveUncertainty,
  measureIntervalUncertainty,
} from '../beat/uncertainty/interval-uncertainty.ts';
import { lowerBound } from '../lower-bound.ts';
import type { RecordingBeats } from './lead-beats.ts';
import { leadParts } from './lead-parts.ts';
import { calibrationNotes } from './leads.ts';
import type { OpenRecording } from './open-recording.ts';
import { noQrsComplexes } from './without-qrs.ts';

/** Result after all beats have been measured. */
export interface RecordIntervals {
  /** P waves without a QRS complex of their own; sample indices from the first sample of the window. */
  readonly atrialEvents: readonly DelineatedWave[];
  /**
   * Whether QRS complexes stand out of the signal between them in a lead. Where they do not, as in noise or ventricular
   * fibrillation, there is no median beat, and what is measured on single beats means nothing.
   */
  readonly hasQrsComplexes: boolean;
  /**
   * Intervals of the median beat of the record's most frequent beat type; undefined if no beat has a complete window or
   * there are no QRS complexes.
   */
  readonly median: MedianWaves | undefined;
  /** Annotation symbol of that type; empty if the beats have no symbols. */
  readonly symbol: string;
  readonly qtVariability: QtVariability | undefined;
  /** Lead in which QT variability was measured. */
  readonly qtLead: string;
  readonly notes: readonly string[];
  /** Uncertainty of the median beat; absent unless asked for, or when it cannot be computed. */
  readonly medianUncertainty?: BeatWaveUncertainty | undefined;
}

export interface RecordIntervalOptions {
  /** Lead for QT variability; default: lead II if present, otherwise the first. */
  readonly qtLead?: string | undefined;
  /** Also estimates the uncertainty of every beat (`measureIntervalUncertainty`, for each part) and of the median beat. */
  readonly uncertainty?: boolean;
  /**
   * Called with the waves of each part in order; sample indices count from the first sample of the window.
   * `uncertainty` has one entry per beat, and is undefined unless asked for or when it cannot be computed.
   */
  readonly onWaves?: (
    waves: MeasuredWaves,
    firstBeat: number,
    uncertainty: readonly BeatWaveUncertainty[] | undefined,
  ) => Promise<void> | void;
}

/** Length of a part and of the margin on each side, s. */
const partSeconds = 600;
const marginSeconds = 20;
/** Maximum number of beats averaged into the median beat. */
const mostBeats = 500;
/**
 * Measures every beat over the named leads. Throws `InputError` for a lead that is not a voltage.
 *
 * @example
 * const recording = await openRecording(source, 'synth/twelve');
 * const beats = await beatsOf(recording, ['I', 'II'], 'detector');
 * (await measureRecordIntervals(recording, ['I', 'II'], beats)).median.intervals.qrs // => 0.09…
 */
export async function measureRecordIntervals(
  recording: OpenRecording,
  leads: readonly string[],
  { rPeaks, symbols }: RecordingBeats,
  { qtLead, uncertainty: isUncertain = false, onWaves }: RecordIntervalOptions = {},
): Promise<RecordIntervals> {
  const { samplingFrequency, signals } = recording;
  const rr = rrBefore(rPeaks, samplingFrequency);
  const symbol = mostFrequent(symbols);
  const usual = Array.from(rPeaks.keys()).filter(k => symbols[k] === symbol);
  const reach = medianReach(usual.map(k => rr[k]));
  const chosen = new Set(spread(usual, mostBeats));
  const cuts: Float64Array[][] = leads.map(() => []);
  const prominences: number[][] = leads.map(() => []);
  const atrialEvents: DelineatedWave[] = [];
  let limbLeads: EinthovenSums = { error: 0, power: 0 };
  let medianUncertainty: BeatWaveUncertainty | undefined;
  for await (const { named, part, first, last, from, inPart } of partsOf(recording, leads, rPeaks)) {
    const waves = measureWaves(named, samplingFrequency, inPart, rr.slice(from, from + inPart.length));
    const uncertainty = isUncertain
      ? measureIntervalUncertainty(named, samplingFrequency, waves.beats, {
          isUsual: k => symbols[from + k] === symbol,
          medianBeats: chosen.size,
        })
      : undefined;
    medianUncertainty ??= uncertainty?.median;
    const ofPart = {
      beats: waves.beats.slice(first - from, last - from).map(beat => moved(beat, part.offset)),
      atrialEvents: waves.atrialEvents
        .filter(({ peak }) => peak >= part.start && peak < part.end)
        .map(wave => movedWave(wave, part.offset)),
    };
    atrialEvents.push(...ofPart.atrialEvents);
    await onWaves?.(ofPart, first, uncertainty?.beats.slice(first - from, last - from));
    const { error, power } = einthovenSums(named, part.start, part.end);
    limbLeads = { error: limbLeads.error + error, power: limbLeads.power + power };
    if (reach === undefined) continue;
    const own = Array.from(inPart.subarray(first - from, last - from));
    const ofMedian = own.filter((_, k) => chosen.has(first + k));
    for (const [k, { voltage }] of named.entries()) {
      const unpaced = withoutPacing(voltage, samplingFrequency);
      prominences[k]!.push(...qrsProminences(unpaced, samplingFrequency, inPart));
      cuts[k]!.push(...cutBeats(unpaced, samplingFrequency, ofMedian, reach));
    }
  }
  const standOut = hasQrsComplexes(prominences);
  const medians = standOut ? reach && cuts.map(of => medianOfCuts(of, samplingFrequency, reach)) : undefined;
  const hasAxes = !violatesEinthoven(limbLeads);
  const median =
    medians &&
    reach &&
    measureMedian(
      leads.map(name => ({ name })),
      samplingFrequency,
      medians,
      { rr: reach.rr, hasAxes },
    );
  const lead = qtLeadOf(leads, qtLead);
  const qt =
    median && (await qtOf(recording, leads[lead]!, rPeaks, { median, lead, template: medians![lead]! }));
  return {
    atrialEvents,
    hasQrsComplexes: standOut,
    median,
    medianUncertainty: median && medianUncertainty,
    symbol,
    qtVariability:
      qt &&
      qtVariability(
        usual.map(k => qt[k]),
        usual.map(k => rr[k]),
      ),
    qtLead: leads[lead]!,
    notes: [
      ...calibrationNotes(signals.filter(({ name }) => leads.includes(name))),
      ...measurementNotes(limbLeads, standOut),
    ],
  };
}

const measurementNotes = (limbLeads: EinthovenSums, hasComplexes: boolean): string[] => [
  ...(violatesEinthoven(limbLeads) ? [noAxes] : []),
  ...(hasComplexes ? [] : [`${noQrsComplexes}; there is no median beat`]),
];

const noAxes =
  'leads I, II and III do not obey II = I + III: each seems scaled by itself, or two are swapped; no axis is given';

interface Part {
  readonly named: NamedLead[];
  readonly part: PlacedPart;
  /** The beats of the part are `[first, last)`; `from` is the first beat within its margins. */
  readonly first: number;
  readonly last: number;
  readonly from: number;
  /** R peaks in the part and its margins, as sample indices from the start of the margin. */
  readonly inPart: Int32Array;
}

/** Yields the same part of every lead, part after part. */
async function* partsOf(
  recording: OpenRecording,
  leads: readonly string[],
  rPeaks: Int32Array,
): AsyncGenerator<Part, void, undefined> {
  const { samplingFrequency } = recording;
  const size = {
    length: Math.round(partSeconds * samplingFrequency),
    margin: Math.round(marginSeconds * samplingFrequency),
  };
  const readers = leads.map(lead => leadParts(recording, lead, size));
  for (;;) {
    const parts = await Promise.all(readers.map(reader => reader.next()));
    const values = parts.flatMap(({ value }) => value ?? []);
    const [part] = values;
    if (part === undefined || values.length < leads.length) return;
    const from = lowerBound(rPeaks, part.offset);
    const to = lowerBound(rPeaks, part.offset + part.voltage.length);
    yield {
      named: values.map(({ voltage }, k) => ({ name: leads[k]!, voltage })),
      part,
      first: lowerBound(rPeaks, part.offset + part.start),
      last: lowerBound(rPeaks, part.offset + part.end),
      from,
      inPart: rPeaks.subarray(from, to).map(rPeak => rPeak - part.offset),
    };
  }
}

/** QT interval of every beat by template stretching, s. */
async function qtOf(
  recording: OpenRecording,
  name: string,
  rPeaks: Int32Array,
  { median, lead, template }: { median: MedianWaves; lead: number; template: MedianBeat },
): Promise<(number | undefined)[]> {
  const borders = templateBorders(median, lead, template);
  const qt: (number | undefined)[] = [];
  for await (const { named, first, last, from, inPart } of partsOf(recording, [name], rPeaks)) {
    const own = inPart.subarray(first - from, last - from);
    qt.push(...qtByScaledTemplate(named[0]!.voltage, recording.samplingFrequency, own, template, borders));
  }
  return qt;
}

const moved = (beat: BeatWaves, samples: number): BeatWaves =>
  samples === 0
    ? beat
    : {
        ...beat,
        rPeak: beat.rPeak + samples,
        borders: movedBorders(beat.borders, samples),
        leads: beat.leads.map(lead => ({ ...lead, borders: movedBorders(lead.borders, samples) })),
      };

const movedWave = ({ onset, peak, offset }: DelineatedWave, samples: number): DelineatedWave => ({
  onset: onset + samples,
  peak: peak + samples,
  offset: offset + samples,
});

function mostFrequent(symbols: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

const spread = (values: readonly number[], most: number): readonly number[] =>
  values.length <= most
    ? values
    : Array.from({ length: most }, (_, k) => values[Math.floor((k * values.length) / most)]!);
