/** Regular ventricular tachycardia as sums of Gaussian waves; seeded, mV. */
import { createRandom } from '../../src/random.ts';
import { sampled, type Wave } from './gaussian-waves.ts';
import { noise, plus } from './without-qrs-signals.ts';

/** A minute of waves every `interval` seconds (SD 5 ms), whose height varies by 10 % with respiration, with noise. */
export function tachycardia(
  fs: number,
  interval: number,
  shape: readonly Wave[],
): { readonly voltage: Float64Array; readonly rPeaks: Int32Array } {
  const random = createRandom(21);
  const waves: Wave[] = [];
  const times: number[] = [];
  for (let t = 0.5; t < 60; t += interval + 0.005 * random.normal()) {
    times.push(t);
    const size = 1 + 0.1 * Math.sin((2 * Math.PI * t) / 4);
    for (const { amplitude, centre, width } of shape) {
      waves.push({ amplitude: size * amplitude, centre: t + interval * centre, width: interval * width });
    }
  }
  return {
    voltage: plus(sampled(waves, 60 * fs, fs), noise(fs, 60, 0.03)),
    rPeaks: Int32Array.from(times, time => Math.round(time * fs)),
  };
}

/** Widths and places relative to the interval: no level part is left between the complexes. */
export const ventricularShapes: Record<string, readonly Wave[]> = {
  biphasic: [
    { amplitude: 1.4, centre: 0, width: 0.1 },
    { amplitude: -0.9, centre: 0.35, width: 0.12 },
  ],
  negative: [{ amplitude: -1, centre: 0, width: 0.17 }],
  'sine-like': [
    { amplitude: 1, centre: 0, width: 0.16 },
    { amplitude: -1, centre: 0.5, width: 0.16 },
  ],
};
