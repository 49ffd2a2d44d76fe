import { describe, expect, test } from 'vitest';
import { cycleEvents, eventsAtRate, integrateDynamicalModel } from '../../src/synth/dynamical.ts';

const steady = { mean: 60, sd: 0, lfHfRatio: 0.5 };
const mean = (x: readonly number[]): number => x.reduce((s, v) => s + v, 0) / x.length;

/**
 * On the limit cycle at a steady rate the model is one linear equation, ż = f(θ₀ + ωt) − z, with the periodic
 * solution z(t) = ∫₀^T f(θ₀ + ω(t − τ)) e^(−τ) dτ / (1 − e^(−T)). The integral here by the trapezoid rule, for a
 * baseline at rest.
 */
function periodicSolution(meanHeartRate: number, theta: number): number {
  const events = eventsAtRate(cycleEvents, meanHeartRate);
  const period = 60 / meanHeartRate;
  const push = (angle: number): number => {
    let sum = 0;
    for (const event of events) {
      const d = angle - event.angle;
      const wrapped = d - 2 * Math.PI * Math.round(d / (2 * Math.PI));
      sum -= event.strength * wrapped * Math.exp((-wrapped * wrapped) / (2 * event.width ** 2));
    }
    return sum;
  };
  const steps = 10_000;
  const h = period / steps;
  const integrand = (tau: number): number => push(theta - ((2 * Math.PI) / period) * tau) * Math.exp(-tau);
  let sum = (integrand(0) + integrand(period)) / 2;
  for (let k = 1; k < steps; k++) sum += integrand(k * h);
  return (sum * h) / (1 - Math.exp(-period));
}

describe('the dynamical model of McSharry 2003', () => {
  test.each([60, 90])('at a steady %i beats/min follows the exact periodic solution', hr => {
    const ecg = integrateDynamicalModel({
      samplingFrequency: 1000,
      seconds: 30,
      seed: 1,
      heartRate: { ...steady, mean: hr },
      baselineAmplitude: 0,
    });
    // After 25 s the start is forgotten to e^(−25).
    for (let n = 25_000; n < 26_000; n += 37) {
      const theta = -Math.PI + (2 * Math.PI * hr * n) / 60_000;
      expect(ecg.z[n]!).toBeCloseTo(periodicSolution(hr, theta), 6);
    }
  });

  test('on a fast circle, where relaxation has no time, is the closed-form sum of Gaussians', () => {
    // z → Σ (aᵢ bᵢ² / ω) exp(−Δθᵢ²/2bᵢ²), less its mean over the cycle, as the period becomes short against 1 s.
    const hr = 360;
    const omega = (2 * Math.PI * hr) / 60;
    const one = [{ name: 'R' as const, angle: 0, strength: 30, width: 0.04 }];
    const { z } = integrateDynamicalModel({
      samplingFrequency: 4000,
      seconds: 40,
      seed: 1,
      heartRate: { ...steady, mean: hr },
      events: one,
      baselineAmplitude: 0,
    });
    const { strength, width } = eventsAtRate(one, hr)[0]!;
    const height = (strength * width ** 2) / omega;
    const average = (height * width * Math.sqrt(2 * Math.PI)) / (2 * Math.PI);
    for (let n = 150_000; n < 150_000 + 667; n += 7) {
      const angle = -Math.PI + (omega * n) / 4000;
      const wrapped = angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
      const closed = height * Math.exp((-wrapped * wrapped) / (2 * width ** 2)) - average;
      // What relaxation does in one period of 1/6 s, of the area under the wave.
      expect(Math.abs(z[n]! - closed) / height).toBeLessThan(0.02);
    }
  });

  test('the error falls with the fourth power of the step', () => {
    const at = (samplingFrequency: number): number[] => {
      const { z } = integrateDynamicalModel({
        samplingFrequency,
        seconds: 4,
        seed: 1,
        heartRate: steady,
        baselineAmplitude: 0,
      });
      const every = samplingFrequency / 600;
      return Array.from({ length: 2400 }, (_, n) => z[n * every]!);
    };
    const exact = at(9600);
    const worst = (z: number[]): number => Math.max(...z.map((value, n) => Math.abs(value - exact[n]!)));
    const ratio = worst(at(600)) / worst(at(1200));
    expect(ratio).toBeGreaterThan(13);
    expect(ratio).toBeLessThan(19);
  });

  test('spans −0.4 to 1.2 mV exactly, with R on top', () => {
    const { voltage, rTimes } = integrateDynamicalModel({ samplingFrequency: 256, seconds: 60, seed: 2 });
    expect(Math.min(...voltage)).toBeCloseTo(-0.4, 12);
    expect(Math.max(...voltage)).toBeCloseTo(1.2, 12);
    for (const time of rTimes.slice(1, -1)) {
      const around = Array.from(voltage.subarray(Math.round((time - 0.05) * 256), (time + 0.05) * 256));
      expect(Math.max(...around)).toBeGreaterThan(0.95);
    }
  });

  test('RR intervals have the asked mean, deviation and LF/HF ratio', () => {
    const { rTimes } = integrateDynamicalModel({
      samplingFrequency: 128,
      seconds: 1000,
      seed: 4,
      heartRate: { mean: 75, sd: 3, lfHfRatio: 2 },
    });
    const rr = rTimes.slice(1).map((time, k) => time - rTimes[k]!);
    const m = mean(rr);
    expect(60 / m).toBeCloseTo(75, 0);
    expect(Math.sqrt(mean(rr.map(x => (x - m) ** 2))) / ((60 * 3) / 75 ** 2)).toBeCloseTo(1, 1);
    // Power of the intervals at their own, uneven, times: a sum over each band of a plain periodogram.
    const band = (from: number, to: number): number => {
      let sum = 0;
      for (let f = from; f < to; f += 0.0005) {
        let [re, im] = [0, 0];
        rr.forEach((x, k) => {
          re += (x - m) * Math.cos(2 * Math.PI * f * rTimes[k]!);
          im += (x - m) * Math.sin(2 * Math.PI * f * rTimes[k]!);
        });
        sum += re * re + im * im;
      }
      return sum;
    };
    const ratio = band(0.04, 0.15) / band(0.15, 0.4);
    expect(ratio).toBeGreaterThan(1.6);
    expect(ratio).toBeLessThan(2.4);
  });

  test('the baseline breathes with about 0.15 mV, the figure of the paper', () => {
    const swing = integrateDynamicalModel({
      samplingFrequency: 256,
      seconds: 60,
      seed: 5,
      heartRate: steady,
    });
    const still = integrateDynamicalModel({
      samplingFrequency: 256,
      seconds: 60,
      seed: 5,
      heartRate: steady,
      baselineAmplitude: 0,
    });
    const scale = 1.6 / (Math.max(...still.z) - Math.min(...still.z));
    const forcing = 0.005 * scale;
    expect(forcing).toBeGreaterThan(0.1);
    expect(forcing).toBeLessThan(0.2);
    // The difference obeys ż = −z + A sin: an amplitude of A / √(1 + (2π 0.25)²).
    const difference = Array.from(swing.z, (z, n) => z - still.z[n]!).slice(30 * 256);
    expect(Math.max(...difference)).toBeCloseTo(0.005 / Math.hypot(1, 2 * Math.PI * 0.25), 5);
  });

  test('repeats with its seed', () => {
    const make = (seed: number) =>
      integrateDynamicalModel({ samplingFrequency: 100, seconds: 5, seed }).voltage;
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });

  test('a heart rate moves and widens the events as the published program does', () => {
    const h = Math.sqrt(90 / 60);
    const [p, q, r, s, t] = eventsAtRate(cycleEvents, 90);
    expect(p!.angle).toBeCloseTo((-70 * Math.PI * Math.sqrt(h)) / 180, 12);
    expect(q!.angle).toBeCloseTo((-15 * Math.PI * h) / 180, 12);
    expect(r!.angle).toBe(0);
    expect(s!.width).toBeCloseTo(0.1 * h, 12);
    expect(t!.angle).toBeCloseTo((100 * Math.PI * Math.sqrt(h)) / 180, 12);
  });

  test.each([
    { samplingFrequency: 0, seconds: 10 },
    { samplingFrequency: 100, seconds: Number.NaN },
    { samplingFrequency: 1e9, seconds: 1e9 },
    { samplingFrequency: 100, seconds: 10, baselineAmplitude: Number.NaN },
    { samplingFrequency: 100, seconds: 10, events: [{ ...cycleEvents[2]!, angle: Number.NaN }] },
    {
      samplingFrequency: 100,
      seconds: 10,
      events: [{ ...cycleEvents[2]!, strength: Number.POSITIVE_INFINITY }],
    },
  ])('%o is a RangeError', options => {
    expect(() => integrateDynamicalModel({ ...options, seed: 1 })).toThrow(RangeError);
  });
});
