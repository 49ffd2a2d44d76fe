/**
 * QRS detection in a signal that arrives in pieces. `detectQrs` passes a complete recording through the same detector.
 *
 * Samples → without pacing spikes (`pacing/pacing-stream.ts`) → QRS envelope (`signal/detector-envelope.ts`) → candidates (`candidates.ts`) → their R peaks in the original
 * signal (`r-peak.ts`) → the most probable sequence of beats (`beat-sequence.ts`). The result does not depend on how
 * the signal is divided into pieces. There is no allocation per sample, and memory is bounded by the sampling
 * frequency.
 */
import { InputError } from '../../input-error.ts';
import { createQrsEnvelope, type QrsEnvelope } from '../../signal/detector-envelope.ts';
import type { EnvelopeValues } from '../../signal/envelope-bands.ts';
import { findPacingSpikes, leadsWithoutSpikes, type PacingSpike } from '../pacing/pacing.ts';
import { createPacingRemoval, pacingDelay } from '../pacing/pacing-stream.ts';
import { endSeconds, isArtefact } from './artefact.ts';
import { alignmentReach, binsAround } from './beat-alignment.ts';
import { type BeatSequence, createBeatSequence, decisionDelay } from './beat-sequence.ts';
import { createFinderValues } from './candidate-state.ts';
import { type CandidateFinder, candidateDelay, createCandidateFinder, learningDelay } from './candidates.ts';
import { deflections, largestOf } from './deflections.ts';
import { requireLeads, requirePieces } from './detector-input.ts';
import { isEndTransient } from './end-transient.ts';
import type { UnlocatedBeat } from './fiducial.ts';
import { withoutJumps } from './jumping-leads.ts';
import { chooseFiducial, createLeadFiducials, type LeadFiducials, markBeat } from './r-peak.ts';
import { createSampleRing, keep, type SampleRing, wholeLeadRing } from './sample-ring.ts';
import { voltageSize } from './voltage-size.ts';

/** A QRS detector of a signal that arrives in pieces. */
export interface Detector {
  /** Sampling frequency, Hz. */
  readonly samplingFrequency: number;
  /**
   * Longest delay, s, with which a beat is reported. Usually it is three to four seconds; longer at the start of the
   * signal, and where beats are uncertain.
   */
  readonly longestDelay: number;
  /**
   * Processes the next samples of each lead, of equal length, and returns the beats decided since: R peaks as ascending
   * sample indices from the start of the signal. Throws `RangeError` for another number of leads than declared or
   * pieces of different length, and after `finish`; `TypeError` for a plain array.
   */
  push(...pieces: readonly Float64Array[]): Int32Array;
  /** Ends the signal and returns the remaining beats. */
  finish(): Int32Array;
  /**
   * Changes of the deflection that locates a lead's usual beats (R or S, say), in order. From such a beat on, intervals
   * are between the new deflections; the interval that ends there is between different ones.
   */
  readonly fiducialChanges: readonly FiducialChange[];
}

/** A change of the deflection that locates the usual beats of a lead. */
export interface FiducialChange {
  /** Index of the lead. */
  readonly lead: number;
  /** The first beat located by the new deflection, sample index. */
  readonly sample: number;
  /** Time from the previous to the new location of that beat, s. */
  readonly shiftSeconds: number;
}

// Samples are processed in blocks of this length, s.
const blockSeconds = 1;
/**
 * The first beats are held back until there are this many, or for this long, s, before the deflection that locates them
 * is chosen.
 */
const firstBeats = 8;
const choiceDelay = 6;
const longestDelay =
  Math.max(learningDelay, decisionDelay + 1) + candidateDelay + choiceDelay + pacingDelay + 1;
/** A complex at the end of the signal is compared with this many beats before it. */
const comparedBeats = 10;

/** A beat that is decided but not yet located. */
interface WaitingBeat extends UnlocatedBeat {
  /** Time of its candidate, s. */
  readonly time: number;
  readonly lead: number;
}

interface DetectorState {
  readonly samplingFrequency: number;
  readonly leads: number;
  readonly rings: readonly SampleRing[];
  readonly envelopes: readonly QrsEnvelope[];
  readonly values: readonly EnvelopeValues[];
  readonly fiducials: readonly LeadFiducials[];
  /** By lead: the largest deflections of the latest beats, sample indices. */
  readonly largest: readonly number[][];
  /** The first beats, until their deflection is chosen. */
  waiting: WaitingBeat[] | undefined;
  readonly beats: number[];
  readonly changes: FiducialChange[];
  finder: CandidateFinder;
  sequence: BeatSequence;
  isFinished: boolean;
}

/**
 * Creates a QRS detector for a signal of `leads` leads, in any unit of voltage; an invalid sample is NaN. Beats are
 * located in the first lead, or in the next where the first is invalid, flat or has an artefact.
 *
 * Throws `RangeError` for a sampling frequency under 50 Hz or fewer than one lead.
 *
 * @example
 * const detector = createDetector(samplingFrequency);
 * const first = detector.push(voltage.subarray(0, 50000));
 * const others = [...detector.push(voltage.subarray(50000)), ...detector.finish()];
 * first.length + others.length // => 501
 */
export function createDetector(samplingFrequency: number, leads = 1): Detector {
  requireLeads(samplingFrequency, leads);
  const kept = (longestDelay + alignmentReach + 2 * blockSeconds) * samplingFrequency;
  const state = createState(
    samplingFrequency,
    Array.from({ length: leads }, () => createSampleRing(kept)),
  );
  const removal = createPacingRemoval(samplingFrequency, leads, pieces => takeAll(state, pieces));
  return {
    samplingFrequency,
    longestDelay,
    fiducialChanges: state.changes,
    push(...pieces) {
      if (state.isFinished) throw new InputError('the signal was finished; a new one needs a new detector');
      requirePieces(pieces, leads);
      removal.push(pieces);
      return reported(state);
    },
    finish() {
      if (state.isFinished) throw new InputError('the signal was finished already');
      removal.finish();
      finish(state);
      return reported(state);
    },
  };
}

/**
 * The R peaks of complete leads, the same as those that a detector finds in them. Their pacing spikes are removed at
 * once, which takes less time than in pieces; `spikes` are those of each lead if they are known. Throws as
 * `createDetector` and its `push`.
 */
export function detectInLeads(
  leads: readonly Float64Array[],
  samplingFrequency: number,
  spikes?: readonly (readonly PacingSpike[])[],
): Int32Array {
  requireLeads(samplingFrequency, leads.length);
  requirePieces(leads, leads.length);
  const found = spikes ?? leads.map(lead => findPacingSpikes(lead, samplingFrequency));
  const clean = leadsWithoutSpikes(leads, found, samplingFrequency);
  const state = createState(samplingFrequency, clean.map(wholeLeadRing));
  takeAll(state, clean);
  finish(state);
  return reported(state);
}

function createState(samplingFrequency: number, rings: readonly SampleRing[]): DetectorState {
  const leads = rings.length;
  const blockLength = Math.ceil(blockSeconds * samplingFrequency);
  const perLead = <T>(make: () => T): T[] => Array.from({ length: leads }, make);
  const envelopes = perLead(() => createQrsEnvelope(samplingFrequency));
  const mostValues = envelopes[0]!.mostValues(blockLength);
  const values = perLead(() => createFinderValues(mostValues));
  const sequence = createBeatSequence(
    2 * leads,
    time => voltageSize(state.rings, time, samplingFrequency),
    time => onBeat(state, time),
  );
  const state: DetectorState = {
    samplingFrequency,
    leads,
    rings,
    envelopes,
    values,
    fiducials: perLead(createLeadFiducials),
    largest: perLead(() => []),
    waiting: [],
    beats: [],
    changes: [],
    sequence,
    finder: createCandidateFinder(values, mostValues, {
      onCandidate: candidate => sequence.push(withoutJumps(candidate, state.rings, samplingFrequency)),
      onSecond: time => onSecond(state, time),
      onGainChange: sequence.followGain,
      onForeseen: candidate => sequence.foresee(withoutJumps(candidate, state.rings, samplingFrequency)),
    }),
    isFinished: false,
  };
  return state;
}

function takeAll(state: DetectorState, pieces: readonly Float64Array[]): void {
  const count = pieces[0]!.length;
  const blockLength = Math.ceil(blockSeconds * state.samplingFrequency);
  for (let from = 0; from < count; from += blockLength) {
    take(state, pieces, from, Math.min(count, from + blockLength));
  }
}

function take(state: DetectorState, pieces: readonly Float64Array[], from: number, to: number): void {
  const { leads, values } = state;
  for (let lead = 0; lead < leads; lead++) {
    const piece = pieces[lead]!;
    if (!state.isFinished) keep(state.rings[lead]!, piece, from, to);
    state.envelopes[lead]!.push(piece, from, to, values[lead]!);
  }
  state.finder.advance();
}

function finish(state: DetectorState): void {
  const { samplingFrequency, leads } = state;
  state.isFinished = true;
  // The last beat is known only when the envelope has passed it, so the signal is extended by that time.
  const padding = new Float64Array(Math.ceil(candidateDelay * samplingFrequency)).fill(Number.NaN);
  takeAll(
    state,
    Array.from({ length: leads }, () => padding),
  );
  state.finder.finish();
  state.sequence.finish(state.rings[0]!.to / samplingFrequency);
  choose(state);
}

function onSecond(state: DetectorState, time: number): void {
  state.sequence.decide(time);
  const first = state.waiting?.[0];
  if (first !== undefined && time - first.time >= choiceDelay) choose(state);
}

/**
 * Locates a beat in the first lead whose complex there is not an artefact; the beat is dropped when all leads show
 * artefacts.
 */
function onBeat(state: DetectorState, time: number): void {
  const { samplingFrequency, rings } = state;
  const centre = Math.floor(time * samplingFrequency);
  const end = endSeconds * samplingFrequency;
  for (let lead = 0; lead < state.leads; lead++) {
    const ring = rings[lead]!;
    const found = deflections(ring, centre, samplingFrequency);
    const largest = largestOf(found);
    if (largest === undefined) continue;
    if (largest.sample < end || (state.isFinished && largest.sample >= ring.to - end)) continue;
    if (isArtefact(ring, centre, largest.sample, samplingFrequency)) continue;
    const earlier = state.largest[lead]!;
    if (state.isFinished && isEndTransient(ring, largest.sample, earlier, samplingFrequency)) continue;
    earlier.push(largest.sample);
    if (earlier.length > comparedBeats) earlier.shift();
    const bins = binsAround(ring, centre, samplingFrequency);
    const beat = { time, lead, deflections: found, bins, ring, centre, samplingFrequency };
    if (state.waiting === undefined) mark(state, beat);
    else if (state.waiting.push(beat) === firstBeats) choose(state);
    return;
  }
}

/** Chooses the deflection that locates the usual beats of each lead, and locates those held back. */
function choose(state: DetectorState): void {
  const beats = state.waiting ?? [];
  state.waiting = undefined;
  for (const [lead, fiducials] of state.fiducials.entries()) {
    chooseFiducial(
      fiducials,
      beats.filter(beat => beat.lead === lead),
    );
  }
  for (const beat of beats) mark(state, beat);
}

function mark(state: DetectorState, beat: WaitingBeat): void {
  const { lead } = beat;
  const { sample, before } = markBeat(state.fiducials[lead]!, beat);
  state.beats.push(sample);
  if (before !== undefined)
    state.changes.push({ lead, sample, shiftSeconds: (sample - before) / state.samplingFrequency });
}

function reported(state: DetectorState): Int32Array {
  const indices = Int32Array.from(state.beats);
  state.beats.length = 0;
  return indices;
}
