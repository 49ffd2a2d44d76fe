/**
 * The derivative through the R peak against a computation that finds the peak, moves the window and the RR intervals by
 * fractions of a sample, and classifies anew.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type ClassifiedBeats, explainBeat } from '../../src/analysis/classify.ts';
import type { LeadBeats } from '../../src/analysis/lead-beats.ts';
import { rPeakGradient } from '../../src/analysis/r-peak-gradient.ts';
import { describeBeat, windowOf } from '../../src/beat/features/beat-features.ts';
import { featureConstants } from '../../src/beat/features/feature-constants.ts';
import { intervalsBefore, rrFeatures } from '../../src/beat/features/rr-features.ts';
import { differentiator } from '../../src/diff/scheme.ts';
import { tensor } from '../../src/diff/tensor.ts';
import { beatProbabilities } from '../../src/learn/explain.ts';
import { classifiedExcerpt, model } from './classified-excerpt.ts';

let beats: LeadBeats;
let classified: ClassifiedBeats;
beforeAll(async () => {
  ({ beats, classified } = await classifiedExcerpt());
});

/** Zero crossing of dV/dt nearest to the mark, samples. */
function peakOf(voltage: Float64Array, mark: number): number {
  const first = mark - 40;
  const around = voltage.subarray(first, mark + 40);
  const slope = differentiator(featureConstants.scheme, around.length, beats.samplingFrequency).apply(around);
  const crossings = Array.from({ length: 28 }, (_, k) => 40 - 14 + k)
    .filter(k => slope[k]! * slope[k + 1]! <= 0 && slope[k] !== slope[k + 1])
    .map(k => first + k + slope[k]! / (slope[k]! - slope[k + 1]!));
  return crossings.sort((a, b) => Math.abs(a - mark) - Math.abs(b - mark))[0]!;
}

/** p of the target with the R peak `shift` samples later: the window along dV/dt, the RR intervals by the shift. */
function probability(beat: number, target: string, shift: number): number {
  const { features, contexts } = classified;
  const slope = differentiator(featureConstants.scheme, beats.voltage.length, beats.samplingFrequency).apply(
    beats.voltage,
  );
  const start = features.aligned[beat]! - features.window.rIndex;
  const window = windowOf(beats.voltage, features, beat).data.map(
    (value, k) => value + (shift * slope[start + k]!) / beats.samplingFrequency,
  );
  const peaks = Float64Array.from(beats.rPeaks, (peak, k) => (k === beat ? peak + shift : peak));
  const rr = intervalsBefore(peaks, beats.samplingFrequency);
  const described = Float64Array.from(describeBeat(features, beat)(tensor(window)).data);
  rrFeatures.forEach(({ of }, k) => {
    described[described.length - rrFeatures.length + k] = of(rr)[beat]!;
  });
  const p = beatProbabilities(model, tensor(described), contexts![beat]!);
  return p.data[model.classes.indexOf(target)]!;
}

describe('the derivative through the R peak', () => {
  const smooth = (): number[] =>
    Array.from({ length: 60 }, (_, k) => 80 + 3 * k).filter(beat => {
      if (classified.classes[beat] === undefined) return false;
      return explainBeat(model, beats, classified, beat).kinks.length === 0;
    });

  test('in time is that of moving the peak, and in voltage that of the peak that moves with a sample', () => {
    const chosen = smooth();
    let compared = 0;
    for (const beat of chosen) {
      const explanation = explainBeat(model, beats, classified, beat);
      const found = rPeakGradient(beats, classified, explanation, beat);
      const perSample =
        (probability(beat, explanation.target, 1e-4) - probability(beat, explanation.target, -1e-4)) / 2e-4;
      const scale = Math.max(Math.abs(found.perSecond), 1e-9);
      expect(
        Math.abs(perSample * beats.samplingFrequency - found.perSecond) / scale,
        `beat ${beat}`,
      ).toBeLessThan(1e-4);

      const mark = classified.features.aligned[beat]!;
      const peak = peakOf(beats.voltage, mark);
      expect(found.time * beats.samplingFrequency).toBeCloseTo(peak, 9);
      // With dV/dt exactly 0 at a sample, the time has two one-sided derivatives.
      if (Math.abs(peak - Math.round(peak)) < 1e-9) continue;
      compared++;
      for (let sample = mark - 4; sample <= mark + 4; sample++) {
        const moved = (step: number): number => {
          const voltage = beats.voltage.slice();
          voltage[sample]! += step;
          return peakOf(voltage, mark);
        };
        const time = (moved(1e-6) - moved(-1e-6)) / 2e-6 / beats.samplingFrequency;
        const given = found.voltageGradient[sample - explanation.windowStart]!;
        expect(Math.abs(given - found.perSecond * time), `beat ${beat}, sample ${sample}`).toBeLessThan(
          1e-5 * Math.abs(found.perSecond) * Math.max(Math.abs(time), 1e-3),
        );
      }
    }
    expect(compared).toBeGreaterThan(15);
  }, 60_000);

  test('is refused where the voltage does not turn', () => {
    const explanation = explainBeat(model, beats, classified, 104);
    const ramp = { ...beats, voltage: Float64Array.from(beats.voltage, (_, k) => k / 100) };
    expect(() => rPeakGradient(ramp, classified, explanation, 104)).toThrow('has no extremum within 40 ms');
  });
});
