/** Beat features: differentiable end to end, blind to what should not matter, told apart by what should. */
import { describe, expect, test } from 'vitest';
import {
  beatFeatureNames,
  beatFeatures,
  describeBeat,
  windowOf,
} from '../../../src/beat/features/beat-features.ts';
import { vjp } from '../../../src/diff/grad.ts';
import { gradientCheck } from '../../../src/diff/gradient-check.ts';
import { sum } from '../../../src/diff/reduction.ts';
import { full, tensor } from '../../../src/diff/tensor.ts';
import { createRandom } from '../../../src/random.ts';

const samplingFrequency = 250;

interface Wave {
  readonly at: number;
  readonly amplitude: number;
  readonly width: number;
}
const normalBeat: readonly Wave[] = [
  { at: -0.17, amplitude: 0.12, width: 0.022 },
  { at: -0.022, amplitude: -0.1, width: 0.008 },
  { at: 0, amplitude: 1.1, width: 0.011 },
  { at: 0.025, amplitude: -0.25, width: 0.009 },
  { at: 0.26, amplitude: 0.3, width: 0.05 },
];
const wideBeat: readonly Wave[] = [
  { at: 0, amplitude: 1.5, width: 0.035 },
  { at: 0.3, amplitude: -0.4, width: 0.06 },
];

/** A lead of 40 beats, every eighth wide and early, with a little noise. */
function lead(fs: number, noise = 0.005): { voltage: Float64Array; rPeaks: Int32Array; wide: boolean[] } {
  const random = createRandom(4);
  const times: number[] = [];
  const wide: boolean[] = [];
  let t = 1;
  for (let beat = 0; beat < 40; beat++) {
    const early = beat % 8 === 5;
    wide.push(early);
    times.push(t - (early ? 0.25 : 0));
    t += 0.8 + 0.01 * Math.sin(beat);
  }
  const voltage = new Float64Array(Math.ceil((t + 1) * fs));
  times.forEach((at, beat) => {
    for (const wave of wide[beat] ? wideBeat : normalBeat) {
      const centre = at + wave.at;
      const from = Math.max(0, Math.floor((centre - 6 * wave.width) * fs));
      for (let i = from; i <= Math.min(voltage.length - 1, (centre + 6 * wave.width) * fs); i++) {
        voltage[i]! += wave.amplitude * Math.exp(-((i / fs - centre) ** 2) / (2 * wave.width ** 2));
      }
    }
  });
  for (let i = 0; i < voltage.length; i++) voltage[i]! += noise * random.normal();
  return { voltage, rPeaks: Int32Array.from(times, at => Math.round(at * fs)), wide };
}

const { voltage, rPeaks, wide } = lead(samplingFrequency);
const features = beatFeatures(voltage, samplingFrequency, rPeaks);
const width = beatFeatureNames.length;
const numberOf = (x: { data: Float64Array }, beat: number, name: string): number =>
  x.data[beat * width + beatFeatureNames.findIndex(feature => feature.name === name)]!;

describe('differentiable', () => {
  test.each([3, 5, 39])('beat %i: every feature passes the gradient check at every sample', beat => {
    const window = windowOf(voltage, features, beat);
    const check = gradientCheck(describeBeat(features, beat), [window], {
      weights: tensor(Float64Array.from({ length: width }, (_, k) => Math.cos(k))),
    });
    expect(check.worstError, JSON.stringify(check)).toBeLessThan(1e-5);
  });

  test("a beat's features from its window are those of the whole record", () => {
    for (const beat of [0, 5, 17, 39]) {
      const alone = describeBeat(features, beat)(windowOf(voltage, features, beat));
      alone.data.forEach((value, k) => {
        expect(value).toBeCloseTo(features.x.data[beat * width + k]!, 12);
      });
    }
  });

  test('RR features do not depend on the voltage, waveform features do', () => {
    const window = windowOf(voltage, features, 3);
    const { pullback } = vjp(describeBeat(features, 3), window);
    beatFeatureNames.forEach(({ name }, k) => {
      const unit = full([width], 0);
      unit.data[k] = 1;
      const size = Math.hypot(...pullback(unit)[0]!.data);
      if (name.startsWith('rr')) expect(size).toBe(0);
      else expect(size, name).toBeGreaterThan(0);
    });
  });
});

describe('invariances', () => {
  const sameAs = (other: ReturnType<typeof beatFeatures>, tolerance: number): void => {
    other.x.data.forEach((value, i) => {
      const { name } = beatFeatureNames[i % width]!;
      expect(Math.abs(value - features.x.data[i]!), `${name} of beat ${Math.floor(i / width)}`).toBeLessThan(
        tolerance * Math.max(1, Math.abs(value)),
      );
    });
  };
  test('a constant added to the voltage changes nothing', () => {
    sameAs(
      beatFeatures(
        voltage.map(v => v + 3),
        samplingFrequency,
        rPeaks,
      ),
      1e-6,
    );
  });
  test('time before the record begins changes nothing in the middle of it', () => {
    const shifted = new Float64Array(voltage.length + 500).fill(voltage[0]!);
    shifted.set(voltage, 500);
    sameAs(
      beatFeatures(
        shifted,
        samplingFrequency,
        rPeaks.map(r => r + 500),
      ),
      1e-9,
    );
  });
  test('marks jittered by two samples come out aligned', () => {
    const jittered = rPeaks.map((r, k) => r + ((k * 7) % 5) - 2);
    const { aligned } = beatFeatures(voltage, samplingFrequency, jittered);
    const spread = Array.from(aligned, (r, k) => r - rPeaks[k]!).filter((_, k) => !wide[k]);
    expect(Math.max(...spread) - Math.min(...spread)).toBeLessThanOrEqual(2);
  });
  test('twice the sampling frequency gives nearly the same description', () => {
    const fine = lead(500);
    const { x } = beatFeatures(fine.voltage, 500, fine.rPeaks);
    for (const name of ['upstroke', 'downstroke', 'slopeWidth', 'slopeCorrelation', 'area']) {
      for (const beat of [4, 5, 20]) {
        expect(Math.abs(numberOf(x, beat, name) - numberOf(features.x, beat, name)), name).toBeLessThan(0.2);
      }
    }
  });
});

describe('dependence on the beat', () => {
  const average = (name: string, which: boolean): number => {
    const values = wide.flatMap((isWide, beat) =>
      isWide === which ? [numberOf(features.x, beat, name)] : [],
    );
    return values.reduce((total, value) => total + value, 0) / values.length;
  };
  test('a wide beat rises less steeply for its size, for longer, and does not match the typical beat', () => {
    // The closed form for a Gaussian: steepest slope per amplitude e^(−1/2)/s, so log(0.011/0.035) = −1.16.
    expect(average('upstrokePerAmplitude', true)).toBeLessThan(-0.6);
    expect(average('slopeWidth', true)).toBeGreaterThan(average('slopeWidth', false) + 0.4);
    expect(average('slopeCorrelation', true)).toBeLessThan(0.8);
    expect(average('slopeCorrelation', false)).toBeGreaterThan(0.98);
  });
  test('an early beat has a short interval before and a long one after it', () => {
    // 0.55 s against 0.8 s before, 1.05 s after
    expect(average('rrBeforeToRecordMean', true)).toBeCloseTo(Math.log(0.55 / 0.8), 1);
    expect(average('rrAfterToBefore', true)).toBeCloseTo(Math.log(1.05 / 0.55), 1);
  });
  test('typical beats have ratios near 0 to themselves', () => {
    for (const name of ['upstroke', 'downstroke', 'upstrokePerAmplitude', 'slopeWidth', 'area']) {
      expect(Math.abs(average(name, false)), name).toBeLessThan(0.1);
    }
  });
});

describe('bad input', () => {
  test('one beat has no RR interval', () => {
    expect(() => beatFeatures(voltage, samplingFrequency, [500])).toThrow(/two beats or more, not 1/);
  });
  test('beats outside the signal or out of order are refused', () => {
    expect(() => beatFeatures(voltage, samplingFrequency, [10, voltage.length])).toThrow(RangeError);
    expect(() => beatFeatures(voltage, samplingFrequency, [500, 300])).toThrow(RangeError);
  });
  test('invalid samples make the features of their beat NaN and no other', () => {
    const broken = voltage.slice();
    broken[rPeaks[10]!] = Number.NaN;
    const { x } = beatFeatures(broken, samplingFrequency, rPeaks);
    for (let beat = 0; beat < 40; beat++) {
      const row = [...x.data.subarray(beat * width, (beat + 1) * width)];
      if (beat === 10) expect(row.some(Number.isNaN)).toBe(true);
      else expect(row.every(Number.isFinite), `beat ${beat}`).toBe(true);
    }
  });
  test('a flat line has finite features', () => {
    const { x } = beatFeatures(new Float64Array(2000), samplingFrequency, [500, 700, 900]);
    expect(x.data.every(Number.isFinite)).toBe(true);
    const flat = beatFeatures(new Float64Array(2000), samplingFrequency, [500, 700, 900]);
    const { pullback } = vjp(w => sum(describeBeat(flat, 1)(w)), full([flat.window.length], 0));
    expect(pullback(full([], 1))[0]!.data.every(Number.isFinite)).toBe(true);
  });
});
