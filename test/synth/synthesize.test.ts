import { describe, expect, test } from 'vitest';
import { standardLead, twelveLeads } from '../../src/synth/leads.ts';
import { type SynthesisOptions, type SyntheticEcg, synthesize } from '../../src/synth/synthesize.ts';

const ii = standardLead('II');
const options: SynthesisOptions = {
  samplingFrequency: 500,
  seconds: 30,
  seed: 11,
  leads: [ii, standardLead('V1')],
  heartRate: { mean: 75, sd: 3, lfHfRatio: 0.5 },
  premature: { ventricular: 0.12, supraventricular: 0.1 },
  slowConduction: [1, 1.5],
  respiratoryModulation: 0.1,
  beatVariation: 0.03,
};

const without = (text: SyntheticEcg): unknown => JSON.parse(JSON.stringify(text));

describe('voltage and derivative', () => {
  test('dV/dt is what eighth-order central differences give at 8 kHz', () => {
    const fs = 8000;
    const { leads } = synthesize({ ...options, samplingFrequency: fs, seconds: 6 });
    const weights = [4 / 5, -1 / 5, 4 / 105, -1 / 280];
    for (const { voltage, derivative } of leads) {
      let worst = 0;
      for (let n = 4; n < voltage.length - 4; n++) {
        let sum = 0;
        weights.forEach((w, k) => {
          sum += w * (voltage[n + k + 1]! - voltage[n - k - 1]!);
        });
        worst = Math.max(worst, Math.abs(sum * fs - derivative[n]!));
      }
      // Truncation h⁸ V⁽⁹⁾/630 and rounding ε V fs are both below 10⁻⁸ mV/s, of slopes up to 100.
      expect(worst).toBeLessThan(1e-8);
    }
  });

  test('the integral of dV/dt over the record is the change of V', () => {
    const { leads, samplingFrequency } = synthesize({ ...options, samplingFrequency: 4000 });
    for (const { voltage, derivative } of leads) {
      const last = voltage.length - 1;
      const sum = derivative.reduce((s, x) => s + x, 0) - (derivative[0]! + derivative[last]!) / 2;
      expect(sum / samplingFrequency).toBeCloseTo(voltage[last]! - voltage[0]!, 6);
    }
  });

  test('the sampling frequency changes nothing but the sampling', () => {
    const [coarse, fine] = [250, 1000].map(samplingFrequency =>
      synthesize({ ...options, samplingFrequency }),
    );
    coarse!.leads.forEach((lead, k) => {
      const every4th = lead.clean.map((_, n) => fine!.leads[k]!.clean[4 * n]!);
      lead.clean.forEach((value, n) => {
        expect(Math.abs(value - every4th[n]!)).toBeLessThan(1e-13);
      });
    });
    expect(coarse!.beats.map(b => b.leads)).toEqual(fine!.beats.map(b => b.leads));
  });

  test('works at an odd rate, and Einthoven holds in twelve leads', () => {
    const ecg = synthesize({ ...options, samplingFrequency: 128.5, seconds: 10, leads: twelveLeads });
    expect(ecg.leads[0]!.voltage.length).toBe(1285);
    const of = (name: string): Float64Array => ecg.leads.find(lead => lead.name === name)!.voltage;
    of('II').forEach((value, n) => {
      expect(of('I')[n]! + of('III')[n]!).toBeCloseTo(value, 13);
      expect(of('aVR')[n]! + of('aVL')[n]! + of('aVF')[n]!).toBeCloseTo(0, 13);
    });
  });
});

describe('the truth that comes with it', () => {
  const fs = 20_000;
  const ecg = synthesize({ ...options, samplingFrequency: fs, seconds: 20 });

  test('agrees with the samples at 20 kHz: peak, steepest rise and fall within the QRS', () => {
    ecg.beats.forEach(beat => {
      beat.leads.forEach((truth, k) => {
        const { clean, derivative } = ecg.leads[k]!;
        const from = Math.max(Math.ceil(truth.qrsOnsetTime * fs), 0);
        const to = Math.min(Math.floor(truth.qrsOffsetTime * fs), clean.length - 1);
        if (truth.qrsOnsetTime < 0 || truth.qrsOffsetTime * fs > clean.length - 1) return;
        let [up, down] = [from, from];
        for (let n = from; n <= to; n++) {
          if (derivative[n]! > derivative[up]!) up = n;
          if (derivative[n]! < derivative[down]!) down = n;
        }
        expect(Math.abs(up / fs - truth.upstroke.time)).toBeLessThan(1.01 / fs);
        expect(Math.abs(down / fs - truth.downstroke.time)).toBeLessThan(1.01 / fs);
        expect(truth.upstroke.slope).toBeGreaterThanOrEqual(derivative[up]!);
        expect(truth.upstroke.slope / derivative[up]!).toBeCloseTo(1, 4);
        expect(truth.downstroke.slope / derivative[down]!).toBeCloseTo(1, 4);
        const peak = Math.round(truth.rPeak.time * fs);
        expect(Math.abs(derivative[peak]!)).toBeLessThan(1);
        expect(clean[peak]!).toBeCloseTo(truth.rPeak.voltage, 3);
      });
    });
  });

  test('has the first lead name the peak and all leads bound the QRS', () => {
    for (const beat of ecg.beats) {
      expect(beat.rPeak.time).toBe(beat.leads[0]!.rPeak.time);
      expect(beat.rPeak.sample).toBe(Math.round(beat.rPeak.time * fs));
      expect(beat.qrsOnsetTime).toBe(Math.min(...beat.leads.map(t => t.qrsOnsetTime)));
      expect(beat.qrsOffsetTime).toBe(Math.max(...beat.leads.map(t => t.qrsOffsetTime)));
    }
  });

  test('has each kind of beat, P only where there is one, and slowing that grows', () => {
    const kinds = new Set(ecg.beats.map(beat => beat.symbol));
    expect([...kinds].sort()).toEqual(['A', 'N', 'V']);
    for (const beat of ecg.beats) expect(beat.leads[0]!.p === undefined).toBe(beat.symbol === 'V');
    const normal = ecg.beats.filter(beat => beat.symbol === 'N');
    for (const [k, beat] of normal.slice(1).entries()) {
      expect(beat.slowConduction).toBeGreaterThan(normal[k]!.slowConduction);
    }
  });
});

describe('the slow-conduction parameter', () => {
  test('lowers every slope by its factor and lengthens the QRS by it', () => {
    const steady = { samplingFrequency: 360, seconds: 20, seed: 5, leads: [ii] };
    const [usual, slow] = [1, 1.5].map(k => synthesize({ ...steady, slowConduction: [k, k] }));
    usual!.beats.forEach((beat, k) => {
      const [a, b] = [beat.leads[0]!, slow!.beats[k]!.leads[0]!];
      expect((b.qrsOffsetTime - b.qrsOnsetTime) / (a.qrsOffsetTime - a.qrsOnsetTime)).toBeCloseTo(1.5, 9);
      // P and T lean on the QRS a little, so the ratio is 1.5 to a percent.
      expect(a.upstroke.slope / b.upstroke.slope).toBeCloseTo(1.5, 1);
      expect(a.rPeak.voltage / b.rPeak.voltage).toBeCloseTo(1, 2);
    });
  });
});

describe('delayed beats', () => {
  const made = (share: number) =>
    synthesize({
      samplingFrequency: 250,
      seconds: 400,
      seed: 5,
      leads: [ii],
      delayedBeats: { share, factor: 1.5 },
    });

  test('are the asked share of the normal beats and wider by their factor', () => {
    const [usual, mixed] = [made(0), made(0.3)];
    const delayed = mixed.beats.filter(beat => beat.slowConduction !== 1);
    const n = mixed.beats.length;
    expect(Math.abs(delayed.length / n - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / n));
    mixed.beats.forEach((beat, k) => {
      const [a, b] = [usual.beats[k]!.leads[0]!, beat.leads[0]!];
      const stretch = (b.qrsOffsetTime - b.qrsOnsetTime) / (a.qrsOffsetTime - a.qrsOnsetTime);
      expect(stretch).toBeCloseTo(beat.slowConduction, 9);
      expect(beat.slowConduction === 1 || beat.slowConduction === 1.5).toBe(true);
    });
  });
});

describe('statistics', () => {
  const calm: SynthesisOptions = {
    samplingFrequency: 100,
    seconds: 1000,
    seed: 3,
    leads: [ii],
    heartRate: { mean: 80, sd: 4, lfHfRatio: 0.5 },
  };
  const ecg = synthesize(calm);

  test('mean heart rate and its deviation are as asked', () => {
    const rr = ecg.beats.slice(1).map((beat, k) => beat.rPeak.time - ecg.beats[k]!.rPeak.time);
    const mean = rr.reduce((s, x) => s + x, 0) / rr.length;
    const sd = Math.sqrt(rr.reduce((s, x) => s + (x - mean) ** 2, 0) / rr.length);
    expect(60 / mean).toBeCloseTo(80, 0);
    expect(sd / ((60 * 4) / 80 ** 2)).toBeCloseTo(1, 1);
  });

  test('the R amplitude breathes at 0.25 Hz with the stated depth', () => {
    const breathing = synthesize({ ...calm, respiratoryModulation: 0.2 });
    breathing.beats.forEach((beat, k) => {
      const ratio = beat.leads[0]!.rPeak.voltage / ecg.beats[k]!.leads[0]!.rPeak.voltage;
      const breath = 1 + 0.2 * Math.sin(2 * Math.PI * 0.25 * beat.rPeak.time);
      // The peak lies within 1 ms of the reference time at which the breath is taken.
      expect(Math.abs(ratio - breath)).toBeLessThan(0.001);
    });
  });
});

describe('determinism and refusal', () => {
  test('the same seed gives the same ECG, another seed another', () => {
    expect(without(synthesize(options))).toEqual(without(synthesize(options)));
    expect(without(synthesize({ ...options, seed: 12 }))).not.toEqual(without(synthesize(options)));
  });

  test.each<[string, Partial<SynthesisOptions>]>([
    ['no sampling frequency', { samplingFrequency: 0 }],
    ['a NaN duration', { seconds: Number.NaN }],
    ['an endless record', { seconds: 1e12 }],
    ['a century at a low rate', { seconds: 3e9, samplingFrequency: 1e-3 }],
    ['no lead', { leads: [] }],
    ['a lead blind to the heart', { leads: [{ name: 'X', vector: [0, 0, 0] }] }],
    ['an impossible heart rate', { heartRate: { mean: 1000, sd: 1, lfHfRatio: 0.5 } }],
    ['a negative stretch', { slowConduction: [1, -1] }],
    ['more delayed beats than beats', { delayedBeats: { share: 1.5, factor: 1.2 } }],
    ['too much breathing', { respiratoryModulation: 0.9 }],
    ['a bad seed', { seed: -1 }],
  ])('%s is a RangeError', (_, change) => {
    expect(() => synthesize({ ...options, ...change })).toThrow(RangeError);
  });
});
