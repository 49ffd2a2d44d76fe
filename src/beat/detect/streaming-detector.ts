/**
 * QRS detection on a signal that arrives piece by piece. The one detector: `detectQrs` feeds it a whole record.
 *
 * Samples → QRS envelope (`signal/detector-envelope.ts`) → candidates (`detect-candidates.ts`) → their R peaks on the
 * raw signal (`detect-r-peak.ts`) → the most likely sequence of beats (`detect-path.ts`). What comes out does not
 * depend on how the signal was cut into pieces. No allocation per sample, memory bounded by the sampling frequency.
 */
import { createQrsEnvelope } from '../../signal/detector-envelope.ts';
import { createBeatSequence, decisionDelay } from './beat-sequence.ts';
import { candidateDelay, createCandidateFinder, learningDelay } from './candidates.ts';
import { findRPeak, rPeakReach, type SampleRing } from './r-peak.ts';

/** The lowest sampling frequency at which a QRS complex is more than two or three samples, Hz. */
export const lowestSamplingFrequency = 50;

export interface Detector {
  /** Hz. */
  readonly samplingFrequency: number;
  /**
   * s. A beat is reported at the latest this long after it happens. Usually it takes two to three seconds; longer at the
   * start of the signal, and where beats are in doubt.
   */
  readonly longestDelay: number;
  /**
   * Takes the next samples of each lead, all of one length, and returns the beats decided since: sample indices of the
   * R peaks from the start of the signal, growing. Throws `RangeError` for another number of leads than announced or
   * pieces of different length, and after `finish`; `TypeError` for a plain array.
   */
  push(...pieces: readonly Float64Array[]): Int32Array;
  /** Ends the signal and returns the beats not yet reported. */
  finish(): Int32Array;
}

// Samples are worked on in blocks of this many seconds.
const blockSeconds = 1;

/**
 * A detector of QRS complexes for a signal of `leads` leads, in any unit of voltage; an invalid sample is NaN. Beats
 * are marked on the first lead, or on the next where the first is invalid or flat.
 *
 * Throws `RangeError` for a sampling frequency under 50 Hz or a number of leads under 1.
 *
 * @example
 * const detector = createDetector(samplingFrequency);
 * const first = detector.push(voltage.subarray(0, 50000));
 * const others = [...detector.push(voltage.subarray(50000)), ...detector.finish()];
 * first.length + others.length // => 501
 */
export function createDetector(samplingFrequency: number, leads = 1): Detector {
  if (!(samplingFrequency >= lowestSamplingFrequency && samplingFrequency < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `a QRS detector needs at least ${lowestSamplingFrequency} Hz, the sampling frequency is ${samplingFrequency}`,
    );
  }
  if (!Number.isInteger(leads) || leads < 1)
    throw new RangeError(`a signal has 1 lead or more, not ${leads}`);

  const blockLength = Math.ceil(blockSeconds * samplingFrequency);
  const longestDelay = Math.max(learningDelay, decisionDelay + 1) + candidateDelay;
  const kept = longestDelay + rPeakReach + 2 * blockSeconds;
  const ringLength = 2 ** Math.ceil(Math.log2(kept * samplingFrequency));
  const rings = Array.from(
    { length: leads },
    (): SampleRing => ({ values: new Float64Array(ringLength), mask: ringLength - 1, from: 0, to: 0 }),
  );
  const envelopes = Array.from({ length: leads }, () => createQrsEnvelope(samplingFrequency));
  const values = envelopes.map(envelope => new Float64Array(envelope.mostValues(blockLength)));
  const beats: number[] = [];
  const onBeat = (time: number): void => {
    const centre = Math.floor(time * samplingFrequency);
    for (let lead = 0; lead < leads; lead++) {
      const rPeak = findRPeak(rings[lead]!, centre, samplingFrequency);
      if (rPeak !== undefined) {
        beats.push(rPeak);
        return;
      }
    }
  };
  const sequence = createBeatSequence(leads, onBeat);
  const finder = createCandidateFinder(leads, sequence.push, sequence.decide);
  let length = 0;
  let isFinished = false;

  const keep = (ring: SampleRing, piece: Float64Array): void => {
    const start = ring.to & ring.mask;
    const fits = Math.min(piece.length, ringLength - start);
    ring.values.set(piece.subarray(0, fits), start);
    ring.values.set(piece.subarray(fits), 0);
    ring.to += piece.length;
    ring.from = Math.max(0, ring.to - ringLength);
  };

  const take = (pieces: readonly Float64Array[], from: number, to: number): void => {
    let count = 0;
    for (let lead = 0; lead < leads; lead++) {
      if (!isFinished) keep(rings[lead]!, pieces[lead]!.subarray(from, to));
      count = envelopes[lead]!.push(pieces[lead]!, from, to, values[lead]!);
    }
    finder.push(values, count);
  };

  const takeAll = (pieces: readonly Float64Array[]): void => {
    const count = pieces[0]!.length;
    for (let from = 0; from < count; from += blockLength) {
      take(pieces, from, Math.min(count, from + blockLength));
    }
  };

  const reported = (): Int32Array => {
    const indices = Int32Array.from(beats);
    beats.length = 0;
    return indices;
  };

  return {
    samplingFrequency,
    longestDelay,
    push(...pieces) {
      if (isFinished) throw new RangeError('the signal was finished; a new one needs a new detector');
      if (pieces.length !== leads)
        throw new RangeError(`the signal has ${leads} leads, not ${pieces.length}`);
      const other = pieces.find(piece => !ArrayBuffer.isView(piece));
      if (other !== undefined) throw new TypeError('a lead is a Float64Array, not an array of another kind');
      if (pieces.some(piece => piece.length !== pieces[0]!.length)) {
        throw new RangeError(
          `leads of different length: ${pieces.map(piece => piece.length).join(', ')} samples`,
        );
      }
      takeAll(pieces);
      length += pieces[0]!.length;
      return reported();
    },
    finish() {
      if (isFinished) throw new RangeError('the signal was finished already');
      isFinished = true;
      // The last beat is known when the envelope has passed it: the signal goes on unchanged for that long.
      const padding = new Float64Array(Math.ceil(candidateDelay * samplingFrequency)).fill(Number.NaN);
      takeAll(Array.from({ length: leads }, () => padding));
      finder.finish();
      sequence.finish(length / samplingFrequency);
      return reported();
    },
  };
}
