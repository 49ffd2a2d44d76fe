import { describe, expect, test } from 'vitest';
import { detectQrsMultiLead } from '../../../src/beat/detect/detect-qrs.ts';
import { twelveLeads } from '../../../src/synth/leads.ts';
import { normalBeat } from '../../../src/synth/morphology.ts';
import { withNoise } from '../../../src/synth/noise.ts';
import { synthesize } from '../../../src/synth/synthesize.ts';

/** Beats with a T wave of four times the usual height within 150 ms, as in hyperkalaemia. */
const tented = [
  ...normalBeat.filter(({ part }) => part !== 'T'),
  { part: 'T', dipole: [1.2, 0.96, -0.76], center: 0.25, width: 0.031 },
] as const;

describe.each([
  ['I and II', [0, 1]],
  ['II and V2', [1, 7]],
  ['I, II and III', [0, 1, 2]],
])('tented T waves are no beats in %s', (_, leads) => {
  test.each([50, 65, 80, 100].flatMap(rate => [250, 500].map(fs => [rate, fs] as const)))(
    'at %d a minute, %d Hz',
    (rate, samplingFrequency) => {
      const ecg = withNoise(
        synthesize({
          samplingFrequency,
          seconds: 30,
          seed: samplingFrequency + rate + 154,
          leads: twelveLeads,
          heartRate: { mean: rate, sd: 2, lfHfRatio: 0.5 },
          beatVariation: 0.02,
          respiratoryModulation: 0.05,
          morphologies: { N: tented, A: normalBeat, V: normalBeat },
        }),
        { white: 0.01, muscle: 0.01 },
        1,
      );
      const found = detectQrsMultiLead(
        leads.map(lead => ecg.leads[lead]!.voltage),
        samplingFrequency,
      );
      expect(found).toHaveLength(ecg.beats.length);
      for (const [k, { rPeak }] of ecg.beats.entries())
        expect(Math.abs(found[k]! - rPeak.sample)).toBeLessThan(0.1 * samplingFrequency);
    },
  );
});
