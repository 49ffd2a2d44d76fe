/**
 * Atrial activations between QRS complexes: deflections with the shape of the record's P waves that recur with the
 * atrial interval, or lie in a pause of the ventricles. They are searched in the leads together, in the voltage and in
 * the voltage without its QRS complexes and T waves.
 */
import { median } from '../../statistics.ts';
import type { SampleSpan } from '../sample-span.ts';
import { type AtrialCandidate, atrialCandidates, type SearchedLeads, shapeAt } from './atrial-candidates.ts';
import { recurringActivations } from './atrial-rhythm.ts';
import { boundWaves } from './bound-waves.ts';
import { isAlike, typicalShape } from './p-shape.ts';

/** A beat over all leads; sample indices, NaN for a wave that was not found. */
export interface BeatOverLeads {
  readonly rPeak: number;
  readonly pPeak: number;
  readonly tPeak: number;
  readonly tOffset: number;
  /** Whether its QRS complex and T wave are absent from the residual in all leads. */
  readonly isSubtracted: boolean;
}

/** The leads to be searched, with and without QRS complexes and T waves. */
export interface AtrialSearch {
  readonly beats: readonly BeatOverLeads[];
  /** Interval k precedes beat k; the last one follows the last beat. */
  readonly intervals: readonly SampleSpan[];
  readonly voltage: SearchedLeads;
  readonly residual: SearchedLeads;
}

/** Candidates are no nearer than this to a QRS complex, and to the peak of a T wave, ms. */
const clearOfQrsMs = 40;
const clearOfTMs = 60;
/** Two deflections closer than this are the same, ms. */
const sameMs = 100;
/** The typical shape is that of the beats' P waves when this fraction of the beats have one. */
const leastWithP = 0.3;
/** Fraction of shapes that must be similar: of the beats' P waves, and of all candidates. */
const leastSimilar = { beats: 0.5, candidates: 0.25 };
/**
 * A pause is this many times as long as the neighbouring RR intervals; the P wave in it follows and precedes others by
 * these fractions of that interval.
 */
const pause = { factor: 1.2, before: 0.3, after: 0.8, neighbours: 5, leastWithP: 0.5 };

/** The atrial activations of a search. */
export interface AtrialActivations {
  /** Those besides the P waves of the beats, in order of time. */
  readonly free: readonly AtrialCandidate[];
  /** The beats whose P wave has the typical shape. */
  readonly withTypicalP: ReadonlySet<number>;
}

/** Finds the atrial activations. */
export function atrialActivations(search: AtrialSearch): AtrialActivations {
  const { beats, voltage, residual } = search;
  const inResidual = atrialCandidates(residual).filter(candidate => isClear(search, candidate, 'residual'));
  const inVoltage = atrialCandidates(voltage).filter(candidate => isClear(search, candidate, 'voltage'));
  const ofBeats = beats.flatMap(({ pPeak }, k) =>
    Number.isNaN(pPeak) ? [] : [{ sample: pPeak, interval: k }],
  );
  const beatShapes = ofBeats.map(({ sample, interval }) => shapeAt(residual, sample, interval));
  const typicalOfBeats =
    ofBeats.length >= leastWithP * beats.length ? typicalShape(beatShapes, leastSimilar.beats) : undefined;
  const shapes = inResidual.map(({ shape }) => shape);
  const typical = typicalOfBeats ?? typicalShape(shapes, leastSimilar.candidates);
  if (typical === undefined) return { free: [], withTypicalP: new Set() };
  const withTypicalP = new Set(
    ofBeats.filter((_, j) => isAlike(beatShapes[j]!, typical)).map(({ interval }) => interval),
  );
  const places = ofBeats.map(({ sample }) => sample);
  const accept = (candidates: readonly AtrialCandidate[]) =>
    acceptedActivations(
      search,
      candidates.filter(({ shape }) => isAlike(shape, typical)),
      places,
    );
  // P waves on the T wave of every beat are in the voltage only; otherwise its T waves would only add false ones, and
  // without P waves of the beats T waves could not be told from them.
  const clear = accept(inResidual);
  const all = typicalOfBeats === undefined ? clear : accept([...inResidual, ...inVoltage]);
  const accepted = all.inTrain.length > clear.inTrain.length ? all : clear;
  const bound = boundWaves(beats, accepted.inTrain, voltage.samplingFrequency);
  const inTrain = accepted.inTrain.filter(candidate => !bound.has(candidate));
  const apart = (sameMs * voltage.samplingFrequency) / 1000;
  const inPause = all.inPause.filter(({ sample }) =>
    inTrain.every(other => Math.abs(other.sample - sample) >= apart),
  );
  return { free: [...inTrain, ...inPause].sort((a, b) => a.sample - b.sample), withTypicalP };
}

/**
 * Those candidates that recur, and of the others those that lie in a pause; `ofBeats` are the samples of the beats' P
 * waves, ascending.
 */
function acceptedActivations(
  search: AtrialSearch,
  candidates: readonly AtrialCandidate[],
  ofBeats: readonly number[],
): { readonly inTrain: readonly AtrialCandidate[]; readonly inPause: readonly AtrialCandidate[] } {
  const { samplingFrequency, smooth } = search.voltage;
  const same = (sameMs * samplingFrequency) / 1000;
  const places = [...ofBeats];
  const free: AtrialCandidate[] = [];
  for (const candidate of candidates) {
    if (places.some(place => Math.abs(place - candidate.sample) < same)) continue;
    free.push(candidate);
    places.push(candidate.sample);
  }
  free.sort((a, b) => a.sample - b.sample);
  places.sort((a, b) => a - b);
  const recurring = recurringActivations(places, samplingFrequency, {
    length: smooth[0]!.length,
    isVisible: sample => isClearAt(search, sample),
  });
  const train = new Set(places.filter((_, k) => recurring[k]));
  const known = [...new Set([...train, ...ofBeats])].sort((a, b) => a - b);
  return {
    inTrain: free.filter(({ sample }) => train.has(sample)),
    inPause: free.filter(candidate => !train.has(candidate.sample) && isInPause(search, candidate, known)),
  };
}

/** Whether a candidate is clear of QRS complexes, and of T waves that are still in the signal. */
function isClear(
  { beats, voltage, intervals }: AtrialSearch,
  { sample, interval }: AtrialCandidate,
  signal: 'voltage' | 'residual',
): boolean {
  const perMs = voltage.samplingFrequency / 1000;
  const { start, end } = intervals[interval]!;
  if (sample - start < clearOfQrsMs * perMs || end - sample < clearOfQrsMs * perMs) return false;
  const before = beats[interval - 1];
  if (before === undefined) return true;
  if (signal === 'voltage') return !(Math.abs(sample - before.tPeak) < clearOfTMs * perMs);
  return before.isSubtracted || !(sample <= before.tOffset);
}

/** Whether a P wave at a sample would be clear of QRS complexes and of the peaks of T waves. */
function isClearAt(search: AtrialSearch, sample: number): boolean {
  const { intervals } = search;
  const interval = intervals.findIndex(({ end }) => sample < end);
  return interval >= 0 && isClear(search, { sample, interval, shape: noShape }, 'voltage');
}
const noShape = new Float64Array(0);

/** Whether the ventricles pause around the candidate, and no other activation is too near. `known` are ascending. */
function isInPause(
  { beats }: AtrialSearch,
  { sample, interval }: AtrialCandidate,
  known: readonly number[],
): boolean {
  if (interval < 1 || interval >= beats.length) return false;
  const rrOf = (k: number): number => (beats[k]?.rPeak ?? Number.NaN) - (beats[k - 1]?.rPeak ?? Number.NaN);
  const others: number[] = [];
  let near = 0;
  let withP = 0;
  for (let k = interval - pause.neighbours; k <= interval + pause.neighbours; k++) {
    if (k !== interval) others.push(rrOf(k));
    if (beats[k] !== undefined) near++;
    if (beats[k] !== undefined && !Number.isNaN(beats[k]!.pPeak)) withP++;
  }
  if (withP < pause.leastWithP * near) return false;
  const usual = median(others);
  if (!(rrOf(interval) >= pause.factor * usual)) return false;
  const previous = known.findLast(place => place < sample);
  const next = known.find(place => place > sample);
  return (
    previous !== undefined &&
    next !== undefined &&
    sample - previous >= pause.before * usual &&
    next - sample >= pause.after * usual
  );
}
