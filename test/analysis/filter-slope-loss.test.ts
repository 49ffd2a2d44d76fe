import { describe, expect, test } from 'vitest';
import { filterNotes, slopeLossOf } from '../../src/analysis/filter-slope-loss.ts';
import { beatsOf } from '../../src/analysis/lead-beats.ts';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { fileSource } from '../../src/node/files.ts';

const samplingFrequency = 1000;
const width = 0.02;
/** Beats that are Gaussian peaks: a Gaussian filter would widen them to √(width² + σ²). */
const voltage = new Float64Array(10_000);
const rPeaks = Array.from({ length: 9 }, (_, k) => 1000 * (k + 1) - 500);
for (const rPeak of rPeaks) {
  for (let i = -200; i <= 200; i++) voltage[rPeak + i] = Math.exp(-((i / 1000 / width) ** 2) / 2);
}

/** The steepest slope of such a peak through the squared Butterworth response of a zero-phase low-pass, 1/s. */
function steepestThrough(highCutHz: number): number {
  const slopeAt = (time: number): number => {
    let sum = 0;
    const step = 0.05;
    for (let f = step / 2; f < 200; f += step) {
      const spectrum = width * Math.sqrt(2 * Math.PI) * Math.exp(-2 * (Math.PI * f * width) ** 2);
      const response = 1 / (1 + (f / highCutHz) ** 4);
      sum -= 2 * step * spectrum * response * 2 * Math.PI * f * Math.sin(2 * Math.PI * f * time);
    }
    return sum;
  };
  return Math.max(...Array.from({ length: 100 }, (_, k) => Math.abs(slopeAt(k / 1000))));
}

describe('slope loss', () => {
  // Without a filter the steepest slope of a Gaussian is exp(−½)/width.
  test.each([40, 20, 10])('of a Gaussian peak below %i Hz is that of its spectrum', highCutHz => {
    const expected = 1 - steepestThrough(highCutHz) / (Math.exp(-0.5) / width);
    // The cut-off is that of both passes together, −6 dB.
    const { upstroke, downstroke } = slopeLossOf(voltage, samplingFrequency, rPeaks, { highCutHz })!;
    expect(upstroke).toBeCloseTo(expected, 2);
    expect(downstroke).toBeCloseTo(expected, 2);
  });

  test('is undefined without a beat', () => {
    expect(slopeLossOf(voltage, samplingFrequency, [], { highCutHz: 40 })).toBeUndefined();
  });
});

test('the note states the loss of the recording itself, and none where there is none', async () => {
  const recording = await openRecording(fileSource(['samples']), 'mitdb-208-excerpt');
  const { rPeaks: beats } = await beatsOf(recording, ['MLII'], 'detector');
  const notes = (filter: object) => filterNotes(recording, ['MLII'], beats, filter);
  expect((await notes({ highCutHz: 15 }))[0]).toMatch(
    /^filtered \(below 15 Hz\): upstrokes are [3-8]\d % and downstrokes [3-8]\d % less steep .*MLII/,
  );
  expect(await notes({ highCutHz: 150 })).toEqual([]);
  expect(await notes({ lowCutHz: 0.05 })).toEqual([]);
});
