import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectQrs, detectQrsMultiLead } from '../../../src/beat/detect/detect-qrs.ts';
import { createDetector } from '../../../src/beat/detect/streaming-detector.ts';
import { standardLead } from '../../../src/synth/leads.ts';
import { synthesize } from '../../../src/synth/synthesize.ts';
import { ecgAt } from './synthetic-ecg.ts';

const ecg = synthesize({ samplingFrequency: 250, seconds: 40, seed: 9, leads: [standardLead('II')] });
const voltage = ecg.leads[0]!.voltage;
const whole = [...detectQrs(voltage, 250)];

test('the beats do not depend on how the signal is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 }), lengths => {
      const detector = createDetector(250);
      const beats: number[] = [];
      let from = 0;
      for (const length of lengths) {
        beats.push(...detector.push(voltage.subarray(from, from + length)));
        from += length;
      }
      beats.push(...detector.push(voltage.subarray(from)), ...detector.finish());
      expect(beats).toEqual(whole);
    }),
    { seed: 4, numRuns: 40 },
  );
});

test('nor with two leads, losses and pacing spikes, at any sampling frequency', () => {
  for (const [k, samplingFrequency] of [60, 128, 257, 360, 1000].entries()) {
    const leads = ecgAt(samplingFrequency, 45, 8).leads.map(lead => lead.voltage.slice());
    leads[0]!.fill(Number.NaN, 12 * samplingFrequency, 15 * samplingFrequency);
    leads[1]!.fill(0.4, 20 * samplingFrequency, 23 * samplingFrequency);
    for (let i = 0; i < leads[1]!.length; i += Math.round(0.77 * samplingFrequency)) leads[1]![i]! += 6;
    const inOne = [...detectQrsMultiLead(leads, samplingFrequency)];
    const detector = createDetector(samplingFrequency, 2);
    const beats: number[] = [];
    for (let from = 0, to = 0; from < leads[0]!.length; from = to) {
      to = from + 1 + ((from * 31 + k) % (3 * samplingFrequency));
      beats.push(...detector.push(...leads.map(lead => lead.subarray(from, to))));
    }
    beats.push(...detector.finish());
    expect(beats).toEqual(inOne);
    expect(beats.length).toBeGreaterThan(30);
  }
});

test('sample by sample, each beat comes once and within the longest delay', () => {
  const detector = createDetector(250);
  const beats: number[] = [];
  for (let i = 0; i < voltage.length; i++) {
    for (const beat of detector.push(voltage.subarray(i, i + 1))) {
      expect((i - beat) / 250).toBeLessThanOrEqual(detector.longestDelay);
      beats.push(beat);
    }
  }
  beats.push(...detector.finish());
  expect(beats).toEqual(whole);
});

test('in a clear signal a beat comes within four and a half seconds once the levels are learned', () => {
  const detector = createDetector(250);
  const delays: number[] = [];
  for (let i = 0; i < voltage.length; i += 25) {
    const beats = detector.push(voltage.subarray(i, i + 25));
    if (i > 250 * 12) for (const beat of beats) delays.push((i + 25 - beat) / 250);
  }
  expect(delays.length).toBeGreaterThan(20);
  expect(Math.max(...delays)).toBeLessThan(4.5);
});

test('a truncated signal gives the beats of the whole one up to the delay at its end', () => {
  const part = [...detectQrs(voltage.subarray(0, 250 * 25), 250)];
  const sure = whole.filter(sample => sample < 250 * 24);
  expect(part.slice(0, sure.length)).toEqual(sure);
});

describe('invalid arguments are named in the error', () => {
  test('the wrong number or length of leads', () => {
    expect(() => createDetector(250, 0)).toThrow(RangeError);
    expect(() => createDetector(250, 1.5)).toThrow(RangeError);
    const detector = createDetector(250, 2);
    expect(() => detector.push(voltage)).toThrow('the signal has 2 leads, not 1');
    expect(() => detector.push(voltage, voltage.subarray(1))).toThrow('leads of different length');
  });
  test('samples after the end', () => {
    const detector = createDetector(250);
    expect([...detector.finish()]).toEqual([]);
    expect(() => detector.push(voltage)).toThrow(RangeError);
    expect(() => detector.finish()).toThrow(RangeError);
  });
});
