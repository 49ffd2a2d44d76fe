/** Signals without QRS complexes, with and without an ECG before them. All are seeded; mV. */
import { createRandom } from '../../src/random.ts';
import { beatAt, sampled, type Wave } from './gaussian-waves.ts';

/** Beats at 75 a minute for `seconds`, and their R peaks as sample indices. */
export function ecg(fs: number, seconds: number): { voltage: Float64Array; rPeaks: number[] } {
  const times = Array.from({ length: Math.floor((seconds - 1) / 0.8) }, (_, k) => 0.6 + 0.8 * k);
  return {
    voltage: sampled(
      times.flatMap(t => beatAt(t)),
      seconds * fs,
      fs,
    ),
    rPeaks: times.map(t => Math.round(t * fs)),
  };
}

/** White noise; of a `cutoff`, Hz, passed twice through a low-pass filter of first order. */
export function noise(fs: number, seconds: number, deviation: number, cutoff?: number): Float64Array {
  const random = createRandom(11);
  const share = cutoff === undefined ? 1 : 1 - Math.exp((-2 * Math.PI * cutoff) / fs);
  let [a, b] = [0, 0];
  const values = Float64Array.from({ length: seconds * fs }, () => {
    a += share * (random.normal() - a);
    b += share * (a - b);
    return b;
  });
  return scaled(values, deviation);
}

/** P waves alone, at `rate` a minute. */
export function pWaves(fs: number, seconds: number, rate: number, width: number): Float64Array {
  const random = createRandom(12);
  const waves: Wave[] = [];
  for (let t = 0.4; t < seconds; t += 60 / rate)
    waves.push({ amplitude: 0.15, centre: t + 0.01 * random.normal(), width });
  return sampled(waves, seconds * fs, fs);
}

/** Fibrillation as noise of a band some 2 Hz wide around `frequency`, Hz; the deviation is half of `amplitude`. */
export function narrowBand(fs: number, seconds: number, frequency: number, amplitude: number): Float64Array {
  const random = createRandom(13);
  const radius = Math.exp(-Math.PI / fs);
  const turn = 2 * radius * Math.cos((2 * Math.PI * frequency) / fs);
  let [last, earlier] = [0, 0];
  const next = (): number => {
    [last, earlier] = [random.normal() + turn * last - radius * radius * earlier, last];
    return last;
  };
  for (let k = 0; k < 4 * fs; k++) next();
  return scaled(Float64Array.from({ length: seconds * fs }, next), amplitude / 2);
}

/** Fibrillation as three sinusoids whose frequencies drift around `frequency`, Hz. */
export function sinusoids(fs: number, seconds: number, frequency: number, amplitude: number): Float64Array {
  const parts = [
    { share: 0.5, offset: 0, drift: 0.3, phase: 0 },
    { share: 0.3, offset: 0.6, drift: 0.5, phase: 1 },
    { share: 0.25, offset: -0.7, drift: 0.7, phase: 2 },
  ];
  return Float64Array.from({ length: seconds * fs }, (_, i) => {
    let sum = 0;
    for (const part of parts) {
      part.phase += (2 * Math.PI * (frequency + part.offset + 0.4 * Math.sin(part.drift * (i / fs)))) / fs;
      sum += amplitude * part.share * Math.sin(part.phase);
    }
    return sum;
  });
}

function scaled(values: Float64Array, deviation: number): Float64Array {
  const own = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  return values.map(value => (value * deviation) / own);
}

/** The sum of two signals of the same length. */
export const plus = (one: Float64Array, other: Float64Array): Float64Array =>
  one.map((value, i) => value + other[i]!);

/** One signal after another. */
export function following(...pieces: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
