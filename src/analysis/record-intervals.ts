/**
 * Measures the intervals of each beat over all leads, in parts so that memory does not grow with the length of the
 * record, and those of the record's median beat.
 */

import { createBeatShapes } from '../beat/beat-shapes.ts';
import type { DelineatedWave } from '../beat/delineate/wave-borders.ts';
import { type EinthovenSums, einthovenSums, violatesEinthoven } from '../beat/intervals/einthoven.ts';
import {
  type BeatWaves,
  type MeasuredWaves,
  type MedianWaves,
  measureMedian,
  measureWaves,
  type NamedLead,
  qtLeadOf,
  rrBefore,
  templateBorders,
} from '../beat/intervals/measure-intervals.ts';
import { type QtVariability, qtByScaledTemplate, qtVariability } from '../beat/intervals/qt-variability.ts';
import { movedBorders, movedLead } from '../beat/intervals/wave-places.ts';
import type { MedianBeat } from '../beat/median-beat.ts';
import { leadsWithoutPacing } from '../beat/pacing/pacing.ts';
import {
  type BeatWaveUncertainty,
  measureIntervalUncertainty,
} from '../beat/uncertainty/interval-uncertainty.ts';
import { artefactSymbol } from './artefact-marks.ts';
import { beatParts } from './beat-parts.ts';
import { mostFrequent, type RecordingBeats } from './lead-beats.ts';
import { calibrationNotes } from './leads.ts';
import type { OpenRecording } from './open-recording.ts';
import { createRecordMedian } from './record-median.ts';
import { noQrsComplexes } from './without-qrs.ts';

/** Result after all beats have been measured. */
export interface RecordIntervals {
  /** P waves without a QRS complex of their own; sample indices from the first sample of the window. */
  readonly atrialEvents: readonly DelineatedWave[];
  /**
   * Whether QRS complexes stand out from the signal between them in a lead. Where they do not, as in noise or ventricular
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
  /** Uncertainty of the median beat; absent unless requested, or when it cannot be computed. */
  readonly medianUncertainty?: BeatWaveUncertainty | undefined;
}

export interface RecordIntervalOptions {
  /** Lead for QT variability; default: lead II if present, otherwise the first. */
  readonly qtLead?: string | undefined;
  /** Also estimates the uncertainty of every beat (`measureIntervalUncertainty`, for each part) and of the median beat. */
  readonly uncertainty?: boolean;
  /**
   * Called with the waves of each part in order; sample indices count from the first sample of the window.
   * `uncertainty` has one entry per beat, and is undefined unless requested or when it cannot be computed.
   */
  readonly onWaves?: (
    waves: MeasuredWaves,
    firstBeat: number,
    uncertainty: readonly BeatWaveUncertainty[] | undefined,
  ) => Promise<void> | void;
}

/**
 * Measures every beat over the named leads. What has the symbol `|` (`withArtefacts`) is measured as any other, but left
 * out of the median beat, of QT variability and of RR intervals. Throws `InputError` for a lead that is not a voltage.
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
  const isComplex = (k: number): boolean => symbols[k] !== artefactSymbol;
  const rr = rrBefore(rPeaks, samplingFrequency).map((interval, k) =>
    isComplex(k) && isComplex(k - 1) ? interval : undefined,
  );
  const ofComplexes = symbols.filter((_, k) => isComplex(k));
  const symbol = mostFrequent(ofComplexes);
  // Beats of one symbol may have several shapes: a detector does not distinguish them.
  const hasShape = ofComplexes.every(other => other === symbol)
    ? await dominantShape(recording, leads, rPeaks, { rr, isComplex })
    : undefined;
  const isUsual = (k: number): boolean => isComplex(k) && symbols[k] === symbol && hasShape?.[k] !== 0;
  const usual = Array.from(rPeaks.keys()).filter(isUsual);
  const collected = createRecordMedian(samplingFrequency, leads.length, rr, usual);
  const atrialEvents: DelineatedWave[] = [];
  const pr: (number | undefined)[] = [];
  let limbLeads: EinthovenSums = { error: 0, power: 0 };
  let medianUncertainty: BeatWaveUncertainty | undefined;
  for await (const of of beatParts(recording, leads, rPeaks)) {
    const { named, part, first, last, from, inPart } = of;
    const waves = measureWaves(named, samplingFrequency, inPart, rr.slice(from, from + inPart.length));
    const uncertainty = isUncertain
      ? measureIntervalUncertainty(named, samplingFrequency, waves.beats, {
          isUsual: k => isUsual(from + k),
          medianBeats: collected.chosenBeats,
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
    for (const { intervals } of ofPart.beats) pr.push(intervals.pr);
    await onWaves?.(ofPart, first, uncertainty?.beats.slice(first - from, last - from));
    const { error, power } = einthovenSums(named, part.start, part.end);
    limbLeads = { error: limbLeads.error + error, power: limbLeads.power + power };
    collected.extend(of, unpacedLeads(named, samplingFrequency), ofPart.beats);
  }
  const standOut = collected.hasComplexes();
  const found = standOut ? collected.beats() : undefined;
  const median =
    found &&
    measureMedian(
      leads.map(name => ({ name })),
      samplingFrequency,
      found.medians,
      { rr: found.reach.rr, pr: usual.map(k => pr[k]), hasAxes: !violatesEinthoven(limbLeads) },
    );
  const lead = qtLeadOf(leads, qtLead);
  const qt =
    median && (await qtOf(recording, leads[lead]!, rPeaks, { median, lead, template: found.medians[lead]! }));
  return {
    atrialEvents,
    hasQrsComplexes: standOut,
    median,
    medianUncertainty: median && medianUncertainty && ofPresentWaves(medianUncertainty, median),
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
      ...(standOut ? shapeNotes(usual.length, ofComplexes.length, hasShape) : []),
    ],
  };
}

/** The uncertainties without those of a P wave that the median beat does not have. */
function ofPresentWaves(uncertainty: BeatWaveUncertainty, { intervals }: MedianWaves): BeatWaveUncertainty {
  if (intervals.pr !== undefined) return uncertainty;
  const withoutP = ({ p: _p, pr: _pr, ...others }: BeatWaveUncertainty['over']) => others;
  return { over: withoutP(uncertainty.over), leads: uncertainty.leads.map(withoutP) };
}

const measurementNotes = (limbLeads: EinthovenSums, hasComplexes: boolean): string[] => [
  ...(violatesEinthoven(limbLeads) ? [noAxes] : []),
  ...(hasComplexes ? [] : [`${noQrsComplexes}; there is no median beat`]),
];

/** A note on beats of other shapes than the median beat's, where beats differ only in their shape. */
function shapeNotes(usual: number, all: number, hasShape: Uint8Array | undefined): string[] {
  const others = all - usual;
  if (hasShape === undefined || others === 0) return [];
  const have = others === 1 ? 'has another shape' : 'have other shapes';
  return [
    `the median beat and QT variability are of the ${usual} beats whose QRS complex has the dominant shape; ${others} of ${all} beats ${have}`,
  ];
}

const noAxes =
  'leads I, II and III do not obey II = I + III: each seems scaled by itself, or two are swapped; no axis is given';

const unpacedLeads = (named: readonly NamedLead[], samplingFrequency: number): readonly Float64Array[] =>
  leadsWithoutPacing(
    named.map(({ voltage }) => voltage),
    samplingFrequency,
  );

/** For each beat, 1 if its QRS complex has the dominant shape among those that are complexes. */
async function dominantShape(
  recording: OpenRecording,
  leads: readonly string[],
  rPeaks: Int32Array,
  {
    rr,
    isComplex,
  }: { readonly rr: readonly (number | undefined)[]; readonly isComplex: (k: number) => boolean },
): Promise<Uint8Array> {
  const { samplingFrequency } = recording;
  const shapes = createBeatShapes(samplingFrequency);
  const complexes = Array.from(rPeaks.keys()).filter(isComplex);
  for await (const { named, first, last, from, inPart } of beatParts(recording, leads, rPeaks)) {
    const own = inPart.subarray(first - from, last - from).filter((_, k) => isComplex(first + k));
    shapes.extend(unpacedLeads(named, samplingFrequency), own);
  }
  const dominant = shapes.dominant(complexes.map(k => rr[k]));
  const hasShape = new Uint8Array(rPeaks.length);
  for (const [k, beat] of complexes.entries()) hasShape[beat] = dominant[k]!;
  return hasShape;
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
  for await (const { named, first, last, from, inPart } of beatParts(recording, [name], rPeaks)) {
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
        leads: beat.leads.map(lead => movedLead(lead, samples)),
      };

const movedWave = ({ onset, peak, offset }: DelineatedWave, samples: number): DelineatedWave => ({
  onset: onset + samples,
  peak: peak + samples,
  offset: offset + samples,
});
