import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { type GaussianWave, gaussianSum } from '../../src/synth/gaussian.ts';
import { leadTruth } from '../../src/synth/ground-truth.ts';
import { project, standardLead } from '../../src/synth/leads.ts';
import {
  atRate,
  type Morphology,
  normalBeat,
  rescaled,
  slowedConduction,
  supraventricularBeat,
  varied,
  ventricularBeat,
} from '../../src/synth/morphology.ts';

const lead = standardLead('II');
const seen = (morphology: Morphology, part?: 'P' | 'QRS' | 'T'): GaussianWave[] =>
  morphology
    .filter(wave => part === undefined || wave.part === part)
    .map(wave => ({ amplitude: project(lead, wave.dipole), center: wave.center, width: wave.width }));
const truth = (morphology: Morphology) =>
  leadTruth(
    { P: seen(morphology, 'P'), QRS: seen(morphology, 'QRS'), T: seen(morphology, 'T') },
    seen(morphology),
  );

describe('slow conduction', () => {
  test('by a factor k makes the QRS q(t/k): edges k times as far, slopes 1/k', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 2, noNaN: true }), k => {
        const slowed = seen(slowedConduction(normalBeat, k), 'QRS');
        const usual = seen(normalBeat, 'QRS');
        for (let t = -0.1; t < 0.1; t += 0.01) {
          expect(gaussianSum(slowed, t * k, 0)).toBeCloseTo(gaussianSum(usual, t, 0), 12);
          expect(gaussianSum(slowed, t * k, 1) * k).toBeCloseTo(gaussianSum(usual, t, 1), 9);
        }
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  test('keeps P its distance before the first edge and T its distance after the last', () => {
    const gaps = (morphology: Morphology): number[] => {
      const edge = Math.sqrt(2 * Math.log(20));
      const qrs = morphology.filter(wave => wave.part === 'QRS');
      const first = Math.min(...qrs.map(wave => wave.center - edge * wave.width));
      const last = Math.max(...qrs.map(wave => wave.center + edge * wave.width));
      return morphology.flatMap(({ part, center }) =>
        part === 'QRS' ? [] : [part === 'P' ? first - center : center - last],
      );
    };
    const usual = gaps(normalBeat);
    gaps(slowedConduction(normalBeat, 1.6)).forEach((gap, k) => {
      expect(gap).toBeCloseTo(usual[k]!, 6);
    });
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a factor of %d is refused', factor => {
    expect(() => slowedConduction(normalBeat, factor)).toThrow(RangeError);
  });
});

describe('the kinds of beat', () => {
  const ms = (seconds: number): number => seconds * 1000;

  test('normal: P upright, PR 120-200 ms, QRS 70-110 ms, QT 350-440 ms', () => {
    const beat = truth(normalBeat);
    expect(gaussianSum(seen(normalBeat, 'P'), beat.p!.peak, 0)).toBeGreaterThan(0.05);
    const pr = ms(beat.qrsOnsetTime - beat.p!.onset);
    expect(pr > 120 && pr < 200).toBe(true);
    const qrs = ms(beat.qrsOffsetTime - beat.qrsOnsetTime);
    expect(qrs > 70 && qrs < 110).toBe(true);
    const qt = ms(beat.t!.offset - beat.qrsOnsetTime);
    expect(qt > 350 && qt < 440).toBe(true);
  });

  test('supraventricular: P inverted and closer, QRS as normal', () => {
    const beat = truth(supraventricularBeat);
    expect(gaussianSum(seen(supraventricularBeat, 'P'), beat.p!.peak, 0)).toBeLessThan(-0.03);
    expect(seen(supraventricularBeat, 'QRS')).toEqual(seen(normalBeat, 'QRS'));
    expect(beat.qrsOnsetTime - beat.p!.onset).toBeLessThan(
      truth(normalBeat).qrsOnsetTime - truth(normalBeat).p!.onset,
    );
  });

  test('ventricular: no P, QRS above 120 ms, T against the QRS, slower than normal', () => {
    const shape = ventricularBeat([0.2, 0.9, 0]);
    const beat = truth(shape);
    expect(beat.p).toBeUndefined();
    expect(ms(beat.qrsOffsetTime - beat.qrsOnsetTime)).toBeGreaterThan(120);
    expect(Math.sign(gaussianSum(seen(shape, 'T'), beat.t!.peak, 0))).toBe(-Math.sign(beat.rPeak.voltage));
    const relative = (b: typeof beat): number => b.upstroke.slope / Math.abs(b.rPeak.voltage);
    expect(relative(beat)).toBeLessThan(0.7 * relative(truth(normalBeat)));
  });

  test('a ventricular beat needs a direction', () => {
    expect(() => ventricularBeat([0, 0, 0])).toThrow(RangeError);
  });
});

describe('parameters', () => {
  test('a faster heart brings the T wave nearer by the cube root of RR, and nothing else', () => {
    const fast = atRate(normalBeat, 0.512);
    normalBeat.forEach((wave, k) => {
      const factor = wave.part === 'T' ? 0.8 : 1;
      expect(fast[k]!.center).toBeCloseTo(wave.center * factor, 12);
      expect(fast[k]!.width).toBeCloseTo(wave.width * factor, 12);
    });
  });

  test('rescaling multiplies amplitudes and widths', () => {
    const [first] = rescaled(normalBeat, 2, 3);
    expect(first!.dipole).toEqual(normalBeat[0]!.dipole.map(x => 2 * x));
    expect(first!.width).toBe(3 * normalBeat[0]!.width);
  });

  test('variation is reproducible, none at spread 0, and of the stated size', () => {
    expect(varied(normalBeat, 0.2, createRandom(1))).toEqual(varied(normalBeat, 0.2, createRandom(1)));
    expect(varied(normalBeat, 0, createRandom(1))).toEqual(normalBeat);
    const random = createRandom(2);
    const logs = Array.from({ length: 2000 }, () =>
      Math.log(varied(normalBeat, 0.1, random)[2]!.width / normalBeat[2]!.width),
    );
    const spread = Math.sqrt(logs.reduce((s, x) => s + x * x, 0) / logs.length);
    // Four standard errors of a standard deviation from 2000 values.
    expect(Math.abs(spread - 0.1)).toBeLessThan(4 * (0.1 / Math.sqrt(2 * 2000)));
  });
});
