/**
 * Intervals, amplitudes, ST segment and electrical axes of an ECG, for each beat and for its median beat, from the
 * boundaries that `delineateLeads` finds.
 */
import { InputError } from '../../input-error.ts';
import { dominantBeats } from '../beat-shapes.ts';
import { delineateWithAtrialEvents } from '../delineate/atrial-events.ts';
import { delineateLeads } from '../delineate/delineate-leads.ts';
import type { QrsWaves } from '../delineate/qrs-waves.ts';
import type { DelineatedWave } from '../delineate/wave-borders.ts';
import { type MedianBeat, medianBeat } from '../median-beat.ts';
import { type StSegment, stSegment, type WaveAmplitudes, waveAmplitudes } from './amplitudes.ts';
import {
  type BeatIntervals,
  beatIntervals,
  bordersOverLeads,
  type WaveBorders,
  withoutP,
  withPlausibleP,
} from './beat-intervals.ts';
import { einthovenSums, violatesEinthoven } from './einthoven.ts';
import { type FrontalAxes, frontalAxes } from './frontal-axis.ts';
import { hasBeatsWithP } from './median-p-wave.ts';
import { extendExtents, medianReach, noExtents, reachAround } from './median-reach.ts';
import { complexProminences, hasQrsComplexes } from './qrs-prominence.ts';
import { type QtVariability, qtByScaledTemplate, qtVariability } from './qt-variability.ts';
import { movedBorders, movedLead, placesOf, type WavePlaces } from './wave-places.ts';

/** A lead to be measured. */
export interface NamedLead {
  readonly name: string;
  /** Voltage, mV; NaN where invalid. */
  readonly voltage: Float64Array;
}

/** Measurements of one beat in one lead. */
export interface LeadWaves {
  readonly borders: WaveBorders;
  readonly intervals: BeatIntervals;
  readonly qrsWaves: QrsWaves | undefined;
  /** Undefined when a QRS boundary is missing or the complex contains an invalid sample. */
  readonly amplitudes: WaveAmplitudes | undefined;
  readonly st: StSegment;
}

/** Measurements of one beat over all leads. */
export interface BeatWaves {
  /** R peak, sample index. */
  readonly rPeak: number;
  readonly borders: WaveBorders;
  readonly intervals: BeatIntervals;
  /**
   * Undefined unless lead I and one of II and aVF are present, or when I, II and III are there and do not obey
   * Einthoven's law (`violatesEinthoven`).
   */
  readonly axes: FrontalAxes | undefined;
  /** One per lead, in the order of the leads. */
  readonly leads: readonly LeadWaves[];
}

/** Measurements of the median beat; sample indices are relative to its R peak. */
export interface MedianWaves extends Omit<BeatWaves, 'rPeak'> {
  /** Number of beats it is the median of. */
  readonly beats: number;
}

/** Measurements of each beat, and the P waves without a QRS complex of their own over all leads; sample indices. */
export interface MeasuredWaves {
  readonly beats: readonly BeatWaves[];
  readonly atrialEvents: readonly DelineatedWave[];
}

/**
 * Measurements of each beat and of the median beat, and the QT variability; undefined when there is no median beat,
 * when no QRS complexes stand out from the signal between them (noise, fibrillation: `hasQrsComplexes`) or there are too
 * few beats.
 */
export interface IntervalMeasurement extends MeasuredWaves {
  readonly median: MedianWaves | undefined;
  readonly qtVariability: QtVariability | undefined;
}

/**
 * Measures simultaneously recorded leads, in mV, at `samplingFrequency` (Hz). `rPeaks` are ascending sample indices
 * within some 12 ms of the peaks. Beats for which `isUsual` is false (ectopic ones) are excluded from the median beat
 * and from QT variability; by default those whose QRS complex has another shape than the dominant one. QT variability is measured in lead `qtLead`, by default lead II or, without it, the first
 * lead.
 *
 * Throws `RangeError` for leads of different length or none or an unknown `qtLead`, and as `delineate` does.
 *
 * @example
 * const { beats, median } = measureIntervals([{ name: 'MLII', voltage }], samplingFrequency, rPeaks);
 * [beats[1].intervals.qrs, median.intervals.qrs].map(s => s.toFixed(3)) // => ['0.072', '0.075']
 */
export function measureIntervals(
  leads: readonly NamedLead[],
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  options: { readonly isUsual?: (beat: number) => boolean; readonly qtLead?: string } = {},
): IntervalMeasurement {
  const rr = rrBefore(rPeaks, samplingFrequency);
  const waves = measureWaves(leads, samplingFrequency, rPeaks, rr);
  const voltages = leads.map(({ voltage }) => voltage);
  const isDominant = options.isUsual ? undefined : dominantBeats(voltages, samplingFrequency, rPeaks);
  const isUsual = options.isUsual ?? (k => isDominant?.[k] === 1);
  const usual = Array.from(rPeaks).filter((_, k) => isUsual(k));
  const usualRr = rr.filter((_, k) => isUsual(k));
  const prominences = leads.map(({ voltage }) => complexProminences(voltage, samplingFrequency, rPeaks));
  const extents = noExtents();
  for (const [k, beat] of waves.beats.entries()) {
    if (isUsual(k)) extendExtents(extents, beat, samplingFrequency, rr[k + 1]);
  }
  const first = hasQrsComplexes(prominences) ? medianReach(usualRr) : undefined;
  const reach = first && reachAround(first, extents);
  const medians = reach && leads.map(({ voltage }) => medianBeat(voltage, samplingFrequency, usual, reach));
  const ofMedian =
    medians &&
    reach &&
    measureMedian(leads, samplingFrequency, medians, {
      rr: reach.rr,
      pr: waves.beats.filter((_, k) => isUsual(k)).map(({ intervals }) => intervals.pr),
      hasAxes: !violatesEinthoven(einthovenSums(leads)),
    });
  const lead = qtLeadOf(
    leads.map(({ name }) => name),
    options.qtLead,
  );
  const template = medians?.[lead];
  const qt =
    template && ofMedian
      ? qtByScaledTemplate(
          leads[lead]!.voltage,
          samplingFrequency,
          usual,
          template,
          templateBorders(ofMedian, lead, template),
        )
      : [];
  return { ...waves, median: ofMedian, qtVariability: qtVariability(qt, usualRr) };
}

/** RR interval before each beat, s; undefined for the first. */
export const rrBefore = (rPeaks: ArrayLike<number>, samplingFrequency: number): (number | undefined)[] =>
  Array.from(rPeaks, (rPeak, k) => (k === 0 ? undefined : (rPeak - rPeaks[k - 1]!) / samplingFrequency));

/** Index of the lead in which QT variability is measured. Throws `RangeError` when `wanted` is not among `names`. */
export function qtLeadOf(names: readonly string[], wanted: string | undefined): number {
  const placeOf = (name: string): number =>
    names.findIndex(other => other.toUpperCase() === name.toUpperCase());
  if (wanted === undefined) return Math.max(0, placeOf('II'), placeOf('MLII'));
  const place = placeOf(wanted);
  if (place < 0) throw new InputError(`there is no lead ${wanted}: there are ${names.join(', ')}`);
  return place;
}

/** Measures each beat in each lead and over all leads; `rr` are the intervals before the beats, s. */
export function measureWaves(
  leads: readonly NamedLead[],
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  rr: readonly (number | undefined)[],
): MeasuredWaves {
  requireLeads(leads);
  const { leads: delineated, atrialEvents } = delineateWithAtrialEvents(
    leads.map(({ voltage }) => voltage),
    samplingFrequency,
    rPeaks,
  );
  const measured = measureAtBorders(leads, samplingFrequency);
  const beats = Array.from(rPeaks, (rPeak, k) => ({
    rPeak,
    ...measured(
      delineated.map(beats => placesOf(beats[k]!)),
      rr[k],
    ),
  }));
  return { beats, atrialEvents };
}

/** Creates a function that measures a beat from the places of its waves in each lead and the RR before it, s. */
export function measureAtBorders(
  leads: readonly NamedLead[],
  samplingFrequency: number,
  hasAxes = !violatesEinthoven(einthovenSums(leads)),
): (places: readonly WavePlaces[], rr: number | undefined) => Omit<BeatWaves, 'rPeak'> {
  return (places, rr) => overLeads({ leads, hasAxes }, samplingFrequency, places, rr);
}

function requireLeads(leads: readonly NamedLead[]): void {
  if (leads.length === 0) throw new InputError('no lead to measure');
  const length = leads[0]!.voltage.length;
  for (const { name, voltage } of leads) {
    if (voltage.length !== length) {
      throw new InputError(`lead ${name} has ${voltage.length} samples, lead ${leads[0]!.name} ${length}`);
    }
  }
}

function overLeads(
  { leads, hasAxes }: { readonly leads: readonly NamedLead[]; readonly hasAxes: boolean },
  samplingFrequency: number,
  places: readonly WavePlaces[],
  rr: number | undefined,
): Omit<BeatWaves, 'rPeak'> {
  const all = withPlausibleP(bordersOverLeads(places.map(({ borders }) => borders)), samplingFrequency);
  const named = (name: string): Float64Array | undefined =>
    leads.find(lead => lead.name.toUpperCase() === name)?.voltage;
  const [i, ii, avf] = [named('I'), named('II'), named('AVF')];
  return {
    borders: all,
    intervals: beatIntervals(all, rr, samplingFrequency),
    axes:
      !hasAxes || i === undefined || (ii === undefined && avf === undefined)
        ? undefined
        : frontalAxes({ i, ii, avf }, samplingFrequency, all),
    leads: leads.map(({ voltage }, lead) => {
      const { borders, qrsWaves } = places[lead]!;
      return {
        borders,
        intervals: beatIntervals(borders, rr, samplingFrequency),
        qrsWaves,
        amplitudes: waveAmplitudes(voltage, samplingFrequency, borders, qrsWaves),
        st: stSegment(voltage, samplingFrequency, borders),
      };
    }),
  };
}

/** The median beat is repeated this many times, because P and T are delineated relative to the neighbouring beats. */
const copies = 5;
const middleCopy = 2;

/**
 * Measures the median beats of the leads; undefined when a lead has none. `rr` and the PR intervals `pr` of the beats are in
 * s; a P wave is given only if enough beats have it (`hasBeatsWithP`). Without `hasAxes` no axis is given.
 */
export function measureMedian(
  leads: readonly Pick<NamedLead, 'name'>[],
  samplingFrequency: number,
  medians: readonly (MedianBeat | undefined)[],
  {
    rr,
    pr,
    hasAxes,
  }: { readonly rr: number; readonly pr: readonly (number | undefined)[]; readonly hasAxes: boolean },
): MedianWaves | undefined {
  const present = medians.filter(beat => beat !== undefined);
  const first = present[0];
  if (first === undefined || present.length < medians.length) return undefined;
  const { rPeak } = first;
  const length = first.voltage.length;
  const rPeaks = Array.from({ length: copies }, (_, k) => k * length + rPeak);
  const delineated = delineateLeads(
    present.map(({ voltage }) => repeated(joinable(voltage))),
    samplingFrequency,
    rPeaks,
  );
  const rows = leads.map(({ name }, k) => ({ name, voltage: repeated(present[k]!.voltage) }));
  const places = delineated.map(beats => placesOf(beats[middleCopy]!));
  const measured = measureAtBorders(rows, samplingFrequency, hasAxes);
  const found = measured(places, rr);
  const waves =
    found.intervals.pr === undefined || hasBeatsWithP(found.intervals.pr, pr)
      ? found
      : measured(
          places.map(place => ({ ...place, borders: withoutP(place.borders) })),
          rr,
        );
  const shift = rPeaks[middleCopy]!;
  return {
    ...waves,
    borders: movedBorders(waves.borders, -shift),
    leads: waves.leads.map(lead => movedLead(lead, -shift)),
    beats: Math.min(...present.map(({ beats }) => beats)),
  };
}

/** Boundaries in one lead, as sample indices of its median beat. */
export const templateBorders = (waves: MedianWaves, lead: number, { rPeak }: MedianBeat): WaveBorders =>
  movedBorders(waves.leads[lead]!.borders, rPeak);

/** The beat minus a straight line, so that its end joins its start without a step. */
function joinable(voltage: Float64Array): Float64Array {
  const last = voltage.length - 1;
  const step = voltage[last]! - voltage[0]!;
  return voltage.map((v, k) => v - (step * k) / last);
}

function repeated(voltage: Float64Array): Float64Array {
  const all = new Float64Array(copies * voltage.length);
  for (let k = 0; k < copies; k++) all.set(voltage, k * voltage.length);
  return all;
}
