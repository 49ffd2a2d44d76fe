/** The detector on synthetic ECGs, whose beats are known, and on everything a signal should not be. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectQrs, detectQrsMultiLead } from '../../../src/beat/detect/detect-qrs.ts';
import { createRandom } from '../../../src/random.ts';
import { standardLead } from '../../../src/synth/leads.ts';
import { synthesize } from '../../../src/synth/synthesize.ts';
import { ecg, ecgAt, errorsOf, truth, voltage } from './synthetic-ecg.ts';

describe('location of beats', () => {
  test('all are found, the first and the last too, and none else', () => {
    expect(errorsOf(truth, detectQrs(voltage, 360), 360)).toBe(0);
  });

  test('the mark is on the R peak of a normal beat, within a sample or two', () => {
    const normal = new Set(ecg.beats.filter(beat => beat.symbol === 'N').map(beat => beat.rPeak.sample));
    const far = [...detectQrs(ecg.leads[0]!.clean, 360)].filter(
      sample => ![-2, -1, 0, 1, 2].some(shift => normal.has(sample + shift)),
    );
    expect(far.length).toBe(truth.length - normal.size);
  });

  test('the mark is a local extremum of the raw signal', () => {
    for (const sample of detectQrs(voltage, 360)) {
      const [before, at, after] = voltage.subarray(sample - 1, sample + 2);
      expect((at! - before!) * (after! - at!)).toBeLessThanOrEqual(0);
    }
  });

  test.each([100, 128, 200, 250, 257, 500, 1000, 2000])('the same at %i Hz', samplingFrequency => {
    const other = ecgAt(samplingFrequency);
    const peaks = other.beats.map(beat => beat.rPeak.sample);
    expect(errorsOf(peaks, detectQrs(other.leads[0]!.voltage, samplingFrequency), samplingFrequency)).toBe(0);
  });

  test.each([30, 45, 120, 180, 220])('the same at %i beats a minute', mean => {
    const other = synthesize({
      samplingFrequency: 250,
      seconds: 60,
      seed: 5,
      leads: [standardLead('II')],
      heartRate: { mean, sd: 1, lfHfRatio: 0.5 },
    });
    const peaks = other.beats.map(beat => beat.rPeak.sample);
    // What the record's start cuts off may have its R peak before it.
    const found = detectQrs(other.leads[0]!.voltage, 250).filter(sample => sample > 25);
    expect(errorsOf(peaks, found, 250)).toBe(0);
  });

  test('the remainder of a beat at the start of a record, such as its T wave, is no beat', () => {
    for (const k of [4, 5, 6, 7]) {
      const from = truth[k]! + Math.round(0.15 * 360);
      const rest = truth.slice(k + 1).map(sample => sample - from);
      expect(errorsOf(rest, detectQrs(voltage.slice(from), 360), 360)).toBe(0);
    }
  });

  test('the beats of a short signal are found', () => {
    const one = detectQrs(voltage.subarray(truth[3]! - 180, truth[3]! + 180), 360);
    expect([...one].some(sample => Math.abs(sample - 180) <= 2)).toBe(true);
  });

  test('asystole has no beats', () => {
    const pause = voltage.slice(0, 360 * 50);
    const [from, to] = [360 * 20, 360 * 40];
    const random = createRandom(7);
    for (let i = from; i < to; i++) pause[i] = voltage[from]! + 0.005 * random.normal();
    const beats = [...detectQrs(pause, 360)];
    expect(beats.filter(sample => sample > from + 54 && sample < to - 54)).toEqual([]);
    // The end of the record cuts the last beat in two.
    expect(beats.filter(sample => sample >= to).length).toBe(
      truth.filter(t => t >= to && t < 360 * 50 - 11).length,
    );
  });

  test('after the gain drops to a tenth the beats are found again within ten seconds', () => {
    const dropped = voltage.map((value, i) => (i < 360 * 30 ? value : value / 10));
    const late = truth.filter(sample => sample > 360 * 40);
    const found = detectQrs(dropped, 360).filter(sample => sample > 360 * 40 - 54);
    expect(errorsOf(late, found, 360)).toBeLessThanOrEqual(1);
  });
});

describe('invariances', () => {
  const beats = [...detectQrs(voltage, 360)];

  test.each([0.01, 0.1, 10, 100, -1, -0.01, 1e6])('a gain of %d', gain => {
    expect([
      ...detectQrs(
        voltage.map(value => value * gain),
        360,
      ),
    ]).toEqual(beats);
  });

  test.each([-1000, 0.3, 5000])('an offset of %d', offset => {
    expect([
      ...detectQrs(
        voltage.map(value => value + offset),
        360,
      ),
    ]).toEqual(beats);
  });

  test('NaN before and after', () => {
    const padded = new Float64Array(voltage.length + 2000).fill(Number.NaN);
    padded.set(voltage, 1500);
    const found = [...detectQrs(padded, 360)].map(sample => sample - 1500);
    expect(errorsOf(beats, Int32Array.from(found), 360)).toBe(0);
    expect(found.every(sample => sample >= 0 && sample < voltage.length)).toBe(true);
  });

  test('gaps of NaN between beats, with the signal elsewhere afterwards', () => {
    const gapped = voltage.slice();
    for (let k = 5; k + 1 < truth.length; k += 7) {
      const from = truth[k]! + 140;
      const to = Math.max(from, truth[k + 1]! - 60);
      gapped.fill(Number.NaN, from, to);
      for (let i = to; i < gapped.length; i++) gapped[i]! += 3;
    }
    expect(errorsOf(truth, detectQrs(gapped, 360), 360)).toBe(0);
  });

  test('single invalid samples', () => {
    const holed = voltage.slice();
    for (let i = 50; i < holed.length; i += 97)
      holed[i] = i % 2 === 0 ? Number.NaN : Number.POSITIVE_INFINITY;
    const found = detectQrs(holed, 360);
    expect(errorsOf(truth, found, 360)).toBe(0);
    expect(found.every(sample => Number.isFinite(holed[sample]))).toBe(true);
  });

  test('clipping at half the height of the R wave', () => {
    expect(
      errorsOf(
        truth,
        detectQrs(
          voltage.map(value => Math.min(0.5, value)),
          360,
        ),
        360,
      ),
    ).toBe(0);
  });

  test('the direction of time', () => {
    // What comes last is cut off where time runs backwards.
    const reversed = detectQrs(voltage.slice().reverse(), 360).map(sample => voltage.length - 1 - sample);
    const inside = reversed.reverse().filter(sample => sample < voltage.length - 36);
    expect(errorsOf(truth, inside, 360)).toBe(0);
  });
});

describe('signals that are not ECG', () => {
  test.each([
    ['a flat line', () => 0],
    ['a flat line away from zero', () => 0.1 + 0.2],
    ['nothing valid', () => Number.NaN],
    ['a slow ramp', (i: number) => i * 1e-4],
    ['a slow wave', (i: number) => Math.sin(i / 500)],
    ['a slow wave away from zero', (i: number) => 40 + 3 * Math.cos(i / 300)],
    ['a large drift', (i: number) => 20 * Math.sin(i / 900) + 5 * Math.sin(i / 410)],
  ])('%s has no beats', (_, value) => {
    expect(
      detectQrs(
        Float64Array.from({ length: 20_000 }, (_, i) => value(i)),
        360,
      ).length,
    ).toBe(0);
  });

  test.each([1, 2, 3, 10, 100])('%i samples', length => {
    expect(detectQrs(new Float64Array(length).fill(1), 360).length).toBe(0);
    expect(detectQrs(voltage.subarray(0, length), 360).length).toBeLessThanOrEqual(1);
  });

  test('a train of short waves counts its waves; spikes of one sample are pacing, and no beats', () => {
    const waves = new Float64Array(360 * 60);
    const spikes = waves.slice();
    for (let i = 200; i < waves.length; i += 300) {
      for (let k = -3; k <= 3; k++) waves[i + k] = 1 - Math.abs(k) / 4;
      spikes[i] = 1;
    }
    const at = Array.from({ length: 72 }, (_, k) => 200 + 300 * k).filter(i => i < waves.length);
    expect([...detectQrs(waves, 360)]).toEqual(at);
    expect([...detectQrs(spikes, 360)]).toEqual([]);
  });

  test('whatever comes, the answer is growing sample indices at least 60 ms apart, and the input is unchanged', () => {
    const piece = fc.oneof(
      fc.constant(Number.NaN),
      fc.constant(0),
      fc.constantFrom(1e300, -1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324),
      fc.double({ min: -5, max: 5, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(piece, fc.integer({ min: 1, max: 400 })), { minLength: 1, maxLength: 40 }),
        fc.constantFrom(50, 100, 360, 1000),
        (runs, samplingFrequency) => {
          const signal = Float64Array.from(
            runs.flatMap(([value, count]) => new Array<number>(count).fill(value)),
          );
          const before = signal.slice();
          const beats = detectQrs(signal, samplingFrequency);
          expect(signal).toEqual(before);
          beats.forEach((sample, k) => {
            expect(sample).toBeGreaterThanOrEqual(
              k === 0 ? 0 : beats[k - 1]! + Math.floor(0.06 * samplingFrequency),
            );
            expect(Number.isFinite(signal[sample])).toBe(true);
          });
        },
      ),
      { seed: 11, numRuns: 200 },
    );
  });

  test('white noise gives fewer than 300 detections a minute', () => {
    const random = createRandom(1);
    const noise = Float64Array.from({ length: 360 * 120 }, () => random.normal());
    expect(detectQrs(noise, 360).length).toBeLessThan(120 * 5);
  });
});

test('invalid arguments are named in the error', () => {
  expect(() => detectQrs(new Float64Array(0), 360)).toThrow(RangeError);
  expect(() => detectQrsMultiLead([], 360)).toThrow(RangeError);
  const plain = [1, 2, 3] as unknown as Float64Array;
  expect(() => detectQrs(plain, 360)).toThrow(
    new TypeError('a lead is a Float64Array, not an array of another kind'),
  );
  expect(() => detectQrsMultiLead([voltage, voltage.subarray(1)], 360)).toThrow('leads of different length');
  for (const frequency of [0, 10, -360, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => detectQrs(voltage, frequency)).toThrow(RangeError);
  }
});
