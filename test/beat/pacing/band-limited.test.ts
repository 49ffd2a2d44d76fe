/** Unipolar stimuli as a recorder stores them: low-pass filtered before sampling, with a large after-potential. */
import { expect, test } from 'vitest';
import { findPacingSpikes, removePacingSpikes } from '../../../src/beat/pacing/pacing.ts';
import { createRandom } from '../../../src/random.ts';

const perSecond = 8000;

/** A stimulus of 1 mV and 1 ms, sampled at `fs` from `time` after the first sample on, low-pass filtered at 0.42 · fs. */
function sampledStimulus(fs: number, time: number, count: number): Float64Array {
  const stimulus = (t: number): number =>
    t < 0 ? 0 : t < 0.001 ? 1 : -0.35 * Math.exp(-(t - 0.001) / 0.012);
  const cutoff = 0.42 * fs;
  const reach = 6 / fs;
  return Float64Array.from({ length: count }, (_, k) => {
    let sum = 0;
    let weights = 0;
    for (let lag = -reach; lag <= reach; lag += 1 / perSecond) {
      const x = 2 * cutoff * lag * Math.PI;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * lag) / reach);
      const weight = (x === 0 ? 1 : Math.sin(x) / x) * window;
      sum += weight * stimulus(k / fs - time - lag);
      weights += weight;
    }
    return sum / weights;
  });
}

test.each([
  [500, 0.95],
  [1000, 0.95],
  [360, 0.5],
  [250, 0.35],
])('at %i Hz, %f of unipolar stimuli of 3 to 20 mV are found and their tails removed', (fs, share) => {
  const random = createRandom(9);
  let removed = 0;
  const trials = 120;
  for (let k = 0; k < trials; k++) {
    const amplitude = (3 + 17 * random.uniform()) * (k % 2 === 0 ? 1 : -1);
    const count = Math.round(0.5 * fs);
    const stimulus = sampledStimulus(fs, 0.2 + random.uniform() / fs, count);
    const voltage = stimulus.map(value => amplitude * value + 0.01 * random.normal());
    const spikes = findPacingSpikes(voltage, fs);
    const clean = removePacingSpikes(voltage, spikes);
    const most = clean.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    if (spikes.length === 1 && most < 0.05 * Math.abs(amplitude)) removed++;
  }
  expect(removed / trials).toBeGreaterThanOrEqual(share);
});
