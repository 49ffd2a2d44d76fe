import { describe, expect, test } from 'vitest';
import { standardLead } from '../../src/synth/leads.ts';
import { recordPatient, syntheticPatient } from '../../src/synth/patient.ts';

const recording = { samplingFrequency: 360, seconds: 60, leads: [standardLead('MLII')] };

describe('a synthetic patient', () => {
  test('is the same for the same seed and another for another', () => {
    expect(syntheticPatient(3)).toEqual(syntheticPatient(3));
    expect(syntheticPatient(3).parameters.morphologies).not.toEqual(
      syntheticPatient(4).parameters.morphologies,
    );
  });

  test('shapes, rate, amplitude and noise are in physiological ranges for any seed', () => {
    for (let seed = 1; seed <= 16; seed++) {
      const patient = syntheticPatient(seed);
      expect(patient.parameters.heartRate!.mean).toBeGreaterThan(50);
      expect(patient.parameters.heartRate!.mean).toBeLessThan(105);
      const ecg = recordPatient(patient, { ...recording, seconds: 20 });
      for (const beat of ecg.beats) {
        const { rPeak, upstroke, downstroke } = beat.leads[0]!;
        expect(Math.abs(rPeak.voltage)).toBeGreaterThan(0.25);
        expect(Math.abs(rPeak.voltage)).toBeLessThan(4);
        expect(upstroke.slope).toBeGreaterThan(5);
        expect(downstroke.slope).toBeLessThan(-5);
        const duration = beat.qrsOffsetTime - beat.qrsOnsetTime;
        expect(duration).toBeGreaterThan(0.05);
        expect(duration).toBeLessThan(0.25);
      }
    }
  });

  test('a ventricular beat is wider than a normal one in every patient', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const { beats } = recordPatient(syntheticPatient(seed), recording);
      const width = (symbol: string): number => {
        const widths = beats.filter(b => b.symbol === symbol).map(b => b.qrsOffsetTime - b.qrsOnsetTime);
        return widths.reduce((s, x) => s + x, 0) / widths.length;
      };
      expect(width('V')).toBeGreaterThan(1.15 * width('N'));
      expect(Math.abs(width('A') / width('N') - 1)).toBeLessThan(0.05);
    }
  });

  test('the atrial beats of a patient take the same way through the ventricles as the normal ones', () => {
    const { morphologies } = syntheticPatient(9).parameters;
    const ventricles = (kind: 'N' | 'A') => morphologies![kind].filter(wave => wave.part !== 'P');
    expect(ventricles('A')).toEqual(ventricles('N'));
    expect(morphologies!.A[0]!.dipole[1]).toBeLessThan(0);
  });
});
