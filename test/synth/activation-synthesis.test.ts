import { expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import {
  alternans,
  atrialFlutter,
  completeBlock,
  shapes,
  steadyRhythm,
} from '../../src/synth/activation-rhythms.ts';
import { synthesizeActivations } from '../../src/synth/activation-synthesis.ts';

const perMinute = (count: number, seconds: number): number => (60 * count) / seconds;

test('complete block: atria and ventricles at their own rates, and P waves without a beat are there', () => {
  const heart = synthesizeActivations(
    completeBlock(90, 30, shapes.junctional, 120, createRandom(1)),
    120,
    250,
  );
  expect(perMinute(heart.beats.length, 120)).toBeCloseTo(30, 0);
  expect(perMinute(heart.atrialTimes.length, 120)).toBeCloseTo(90, -0.5);
  const lonely = heart.atrialTimes.find(time =>
    heart.beats.every(beat => Math.abs(beat.rPeak.time - time) > 0.6),
  )!;
  expect(heart.leads[0]!.voltage[Math.round(lonely * 250)]).toBeCloseTo(0.12, 2);
});

test('the R peak is the largest deflection of the drawn voltage', () => {
  const heart = synthesizeActivations(steadyRhythm(70, shapes.sinus, 20, createRandom(2)), 20, 500);
  const { voltage } = heart.leads[0]!;
  for (const { rPeak } of heart.beats) {
    const around = Array.from(voltage.subarray(rPeak.sample - 30, rPeak.sample + 31));
    expect(Math.abs(voltage[rPeak.sample]!)).toBeCloseTo(Math.max(...around.map(Math.abs)), 6);
  }
});

test('the derivative is that of the voltage', () => {
  const { leads } = synthesizeActivations(steadyRhythm(70, shapes.fused, 5, createRandom(2)), 5, 1000);
  const { voltage, derivative } = leads[0]!;
  for (let i = 1; i + 1 < voltage.length; i++) {
    expect(Math.abs(derivative[i]! - (voltage[i + 1]! - voltage[i - 1]!) * 500)).toBeLessThan(0.5);
  }
});

test('flutter conducted 3:2 has two beats in three waves', () => {
  const { beats, atrialTimes } = synthesizeActivations(
    atrialFlutter(300, [1, 2], 60, createRandom(3)),
    60,
    250,
  );
  expect(beats.length / atrialTimes.length).toBeCloseTo(2 / 3, 2);
});

test('alternans: every other R wave has the given size', () => {
  const { beats } = synthesizeActivations(alternans(75, 0.3, 20, createRandom(4)), 20, 500);
  const heights = beats.map(beat => beat.leads[0]!.rPeak.voltage);
  const [a, b] = heights[0]! > heights[1]! ? [1, 0] : [0, 1];
  for (let k = 2; k + 1 < heights.length; k += 2)
    expect(heights[k + a]! / heights[k + b]!).toBeCloseTo(0.3, 1);
});

test('a length that is none is refused', () => {
  expect(() => synthesizeActivations([], 0, 250)).toThrow(RangeError);
});
