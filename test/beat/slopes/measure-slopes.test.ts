/** Slopes of beats made of Gaussian waves, whose derivative is known, and of what is no beat. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BeatSlopes, measureSlopes } from '../../../src/beat/slopes/measure-slopes.ts';
import { parseScheme } from '../../../src/diff/scheme.ts';
import { beatAt, sampled } from '../gaussian-waves.ts';

const rhythm = [0.61, 1.42, 2.2, 3.05];

const record = (samplingFrequency: number, size = 1, at = rhythm): Float64Array =>
  sampled(
    at.flatMap(t => beatAt(t, size)),
    Math.round(4 * samplingFrequency),
    samplingFrequency,
  );

const peaks = (samplingFrequency: number, at = rhythm): number[] =>
  at.map(t => Math.round(t * samplingFrequency));

describe('a beat of P, Q, R, S and T', () => {
  test('is measured between Q onset and S offset', () => {
    const { beats } = measureSlopes(record(500), 500, peaks(500));
    expect(beats).toHaveLength(4);
    for (const [k, beat] of beats.entries()) {
      const at = rhythm[k]!;
      expect(beat.peakSample! / 500).toBeCloseTo(at, 2);
      expect(beat.qrsOnset! / 500).toBeGreaterThan(at - 0.065);
      expect(beat.qrsOnset! / 500).toBeLessThan(at - 0.026);
      expect(beat.qrsOffset! / 500).toBeGreaterThan(at + 0.03);
      expect(beat.qrsOffset! / 500).toBeLessThan(at + 0.075);
      expect(beat.upstroke!.time).toBeLessThan(at);
      expect(beat.downstroke!.time).toBeGreaterThan(at);
      expect(beat.qrsDuration).toBeCloseTo((beat.qrsOffset! - beat.qrsOnset!) / 500, 12);
      expect(beat.rPeakTime).toBeCloseTo((beat.peakSample! - beat.qrsOnset!) / 500, 12);
      expect(beat.upstroke!.slopePerAmplitude).toBeCloseTo(beat.upstroke!.slope / beat.peakToPeak!, 12);
      expect(beat.rrBefore).toEqual(k === 0 ? undefined : (beat.rPeak - beats[k - 1]!.rPeak) / 500);
      expect(beat.rrAfter).toEqual(k === 3 ? undefined : (beats[k + 1]!.rPeak - beat.rPeak) / 500);
    }
  });

  const numbers = (beat: BeatSlopes): (number | undefined)[] => [
    beat.upstroke?.slope,
    beat.downstroke?.slope,
    beat.upstroke?.lineSlope,
    beat.downstroke?.lineSlope,
    beat.rAmplitude,
    beat.peakToPeak,
  ];

  test('a gain scales every slope and amplitude and nothing else', () => {
    const base = measureSlopes(record(360), 360, peaks(360)).beats;
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), gain => {
        const scaled = measureSlopes(
          record(360).map(v => v * gain),
          360,
          peaks(360),
        ).beats;
        for (const [k, beat] of scaled.entries()) {
          for (const [j, value] of numbers(beat).entries()) {
            expect(value! / gain / numbers(base[k]!)[j]!).toBeCloseTo(1, 9);
          }
          expect([beat.qrsOnset, beat.qrsOffset, beat.peakSample, beat.rrBefore]).toEqual([
            base[k]!.qrsOnset,
            base[k]!.qrsOffset,
            base[k]!.peakSample,
            base[k]!.rrBefore,
          ]);
          expect(beat.upstroke!.slopePerAmplitude! / base[k]!.upstroke!.slopePerAmplitude!).toBeCloseTo(1, 9);
        }
      }),
      { seed: 4, numRuns: 30 },
    );
  });

  test('a constant offset changes nothing', () => {
    const base = measureSlopes(record(360), 360, peaks(360)).beats;
    for (const offset of [-3, 0.5, 40]) {
      const moved = measureSlopes(
        record(360).map(v => v + offset),
        360,
        peaks(360),
      ).beats;
      for (const [k, beat] of moved.entries()) {
        for (const [j, value] of numbers(beat).entries()) expect(value).toBeCloseTo(numbers(base[k]!)[j]!, 8);
      }
    }
  });

  test('turning the signal over swaps up and down', () => {
    const base = measureSlopes(record(360), 360, peaks(360)).beats;
    const turned = measureSlopes(
      record(360).map(v => -v),
      360,
      peaks(360),
    ).beats;
    for (const [k, beat] of turned.entries()) {
      expect(beat.polarity).toBe('inverted');
      expect(beat.upstroke!.slope).toBe(-base[k]!.downstroke!.slope);
      expect(beat.downstroke!.slope).toBe(-base[k]!.upstroke!.slope);
      expect(beat.upstroke!.time).toBe(base[k]!.downstroke!.time);
      expect(beat.rAmplitude).toBe(-base[k]!.rAmplitude!);
      expect(beat.qrsOnset).toBe(base[k]!.qrsOnset);
    }
  });

  test.each([250, 360, 1000])('at %i Hz, time running backwards swaps rise and fall', fs => {
    const base = measureSlopes(record(fs), fs, peaks(fs)).beats;
    const last = record(fs).length - 1;
    const back = measureSlopes(
      record(fs).reverse(),
      fs,
      peaks(fs)
        .map(p => last - p)
        .reverse(),
    ).beats.toReversed();
    for (const [k, beat] of back.entries()) {
      const { upstroke, downstroke, peakToPeak, peakSample } = base[k]!;
      expect(beat.peakSample).toBe(last - peakSample!);
      expect(beat.upstroke!.slope / -downstroke!.slope).toBeCloseTo(1, 9);
      expect(beat.downstroke!.slope / -upstroke!.slope).toBeCloseTo(1, 9);
      expect(beat.upstroke!.time).toBeCloseTo(last / fs - downstroke!.time, 9);
      expect(beat.downstroke!.time).toBeCloseTo(last / fs - upstroke!.time, 9);
      expect(beat.peakToPeak).toBeCloseTo(peakToPeak!, 9);
    }
  });

  test('samples added before the signal shift every place by as many', () => {
    const base = measureSlopes(record(360), 360, peaks(360)).beats;
    const padded = new Float64Array(4 * 360 + 700);
    padded.set(record(360), 700);
    const moved = measureSlopes(
      padded,
      360,
      peaks(360).map(p => p + 700),
    ).beats;
    for (const [k, beat] of moved.entries()) {
      expect(beat.qrsOnset).toBe(base[k]!.qrsOnset! + 700);
      expect(beat.upstroke!.time).toBeCloseTo(base[k]!.upstroke!.time + 700 / 360, 9);
      for (const [j, value] of numbers(beat).entries()) expect(value).toBeCloseTo(numbers(base[k]!)[j]!, 9);
    }
  });

  test.each([
    [100, 0.06],
    [128, 0.06],
    [180, 0.03],
    [250, 0.03],
    [360, 0.03],
    [500, 0.03],
    [1000, 0.03],
  ])('at %i Hz slopes differ by less than %f of those at 2000 Hz', (fs, most) => {
    const reference = measureSlopes(record(2000), 2000, peaks(2000)).beats;
    for (const [k, beat] of measureSlopes(record(fs), fs, peaks(fs)).beats.entries()) {
      expect(Math.abs(beat.upstroke!.slope / reference[k]!.upstroke!.slope - 1)).toBeLessThan(most);
      expect(Math.abs(beat.downstroke!.slope / reference[k]!.downstroke!.slope - 1)).toBeLessThan(most);
    }
  });
});

describe('where there is nothing to measure', () => {
  const nothing = (beat: BeatSlopes): void => {
    expect(beat.upstroke).toBeUndefined();
    expect(beat.downstroke).toBeUndefined();
    expect(beat.peakSample).toBeUndefined();
    expect(beat.qrsDuration).toBeUndefined();
    expect(beat.rAmplitude).toBeUndefined();
  };

  test('a flat line, an invalid one, one sample and no sample have no slopes', () => {
    nothing(measureSlopes(new Float64Array(1000).fill(0.3), 360, [500]).beats[0]!);
    nothing(measureSlopes(new Float64Array(1000).fill(Number.NaN), 360, [500]).beats[0]!);
    nothing(measureSlopes(Float64Array.of(1), 360, [0]).beats[0]!);
    nothing(measureSlopes(Float64Array.of(1, 2, 3), 360, [1]).beats[0]!);
    expect(measureSlopes(new Float64Array(0), 360, []).beats).toEqual([]);
  });

  test('an invalid sample takes away the beat it lies in and no other', () => {
    const voltage = record(360);
    voltage[peaks(360)[1]! + 2] = Number.NaN;
    const { beats } = measureSlopes(voltage, 360, peaks(360));
    nothing(beats[1]!);
    expect(beats[1]!.rrBefore).toBeDefined();
    for (const k of [0, 2, 3]) expect(beats[k]!.upstroke!.slope).toBeGreaterThan(20);
  });

  test('a complex cut by the end of the signal is not guessed at', () => {
    const [first] = measureSlopes(record(360).subarray(peaks(360)[0]! - 5), 360, [5]).beats;
    nothing(first!);
  });

  test('a rate or a window that is none is refused by name', () => {
    const voltage = new Float64Array(1000);
    for (const fs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => measureSlopes(voltage, fs, [500])).toThrow('sampling frequency');
    }
    for (const windowMs of [0, -8, Number.NaN, Number.POSITIVE_INFINITY, 1001]) {
      expect(() => measureSlopes(voltage, 360, [500], { windowMs })).toThrow(`line over ${windowMs} ms`);
    }
    // 10⁻⁵ of a sampling interval, which would be interpolated a million times.
    expect(() => measureSlopes(voltage, 1000, [500], { windowMs: 1e-5 })).toThrow('line over 0.00001 ms');
  });

  test('R peaks outside the signal or out of order are refused, with the numbers', () => {
    const voltage = record(360);
    expect(() => measureSlopes(voltage, 360, [2000])).toThrow(
      'R peak 0 is at sample 2000 of a signal of 1440',
    );
    expect(() => measureSlopes(voltage, 360, [-1])).toThrow(RangeError);
    expect(() => measureSlopes(voltage, 360, [1.5])).toThrow(RangeError);
    expect(() => measureSlopes(voltage, 360, [700, 700])).toThrow('R peak 1 at sample 700 does not follow');
    expect(() => measureSlopes(voltage, 0, [700])).toThrow('sampling frequency');
    expect(() => measureSlopes(voltage, 360, [700], { windowMs: -8 })).toThrow(RangeError);
  });
});

test('by default a slope is that of a quartic over 16 ms, or of five points at rates too low for it', () => {
  const schemeAt = (fs: number): string => measureSlopes(record(fs), fs, peaks(fs)).provenance.scheme;
  expect([128, 180, 200, 360, 1000].map(schemeAt)).toEqual([
    'central4',
    'central4',
    'sg:16ms:4',
    'sg:16ms:4',
    'sg:16ms:4',
  ]);
  const quartic = measureSlopes(record(250), 250, peaks(250)).beats[1]!.upstroke!;
  const central = measureSlopes(record(250), 250, peaks(250), { scheme: parseScheme('central4') });
  expect(quartic.slope).toBeCloseTo(central.beats[1]!.upstroke!.slope, 9);
});

test('the result says how it was taken', () => {
  const { provenance } = measureSlopes(record(360), 360, peaks(360), {
    scheme: parseScheme('sg:12ms:2'),
    windowMs: 20,
    band: { lowCutHz: 0.5, highCutHz: 150 },
  });
  expect(provenance).toEqual({
    scheme: 'sg:12ms:2',
    windowMs: 20,
    windowSamples: 9,
    upsampling: 1,
    samplingFrequency: 360,
    band: { lowCutHz: 0.5, highCutHz: 150 },
  });
});
