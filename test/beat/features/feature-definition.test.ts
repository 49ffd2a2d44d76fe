/** The features frozen: another value of any of them needs another version and a sample model trained anew. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { beatFeatureNames, beatFeatures } from '../../../src/beat/features/beat-features.ts';
import {
  definitionConflict,
  type FeatureDefinition,
  featureDefinition,
  isWhole,
} from '../../../src/beat/features/feature-definition.ts';
import { parseModel } from '../../../src/learn/model/model-json.ts';
import { frozen } from './frozen-features.ts';

/** Twelve seconds at 360 Hz: seven plain beats, a wide early one, three plain ones, as sums of Gaussians, mV. */
function fixedLead(): { voltage: Float64Array; rPeaks: Int32Array } {
  const plain = [
    [-0.17, 0.12, 0.022],
    [-0.022, -0.1, 0.008],
    [0, 1.1, 0.011],
    [0.025, -0.25, 0.009],
    [0.26, 0.3, 0.05],
  ] as const;
  const wide = [
    [-0.01, 1.5, 0.035],
    [0.3, -0.4, 0.06],
  ] as const;
  const times = [0.7, 1.5, 2.32, 3.1, 3.95, 4.75, 5.5, 6.02, 7.1, 7.95, 8.75];
  const voltage = Float64Array.from({ length: 12 * 360 }, (_, i) =>
    times.reduce(
      (sum, at, beat) =>
        (beat === 7 ? wide : plain).reduce(
          (v, [offset, size, width]) =>
            v + size * Math.exp(-((i / 360 - at - offset) ** 2) / (2 * width ** 2)),
          sum,
        ),
      0.05 * Math.sin(i / 300),
    ),
  );
  return { voltage, rPeaks: Int32Array.from(times, at => Math.round(at * 360)) };
}

const definition = featureDefinition();
const width = beatFeatureNames.length;

describe('this version of the features', () => {
  const known = frozen[definition.version];
  test('is on record', () => {
    expect(known, `no frozen values of version ${definition.version}`).toBeDefined();
  });
  test('has the definition it had', () => {
    expect(definition.fingerprint).toBe(known?.fingerprint);
  });
  test('gives the values it gave: a plain beat and a wide one', () => {
    const { voltage, rPeaks } = fixedLead();
    const { x } = beatFeatures(voltage, 360, rPeaks);
    for (const beat of [4, 7]) {
      const values = [...x.data.subarray(beat * width, (beat + 1) * width)];
      expect(Object.keys(known!.values[beat]!)).toEqual(beatFeatureNames.map(({ name }) => name));
      Object.entries(known!.values[beat]!).forEach(([name, value], k) => {
        expect(values[k], `${name} of beat ${beat}`).toBeCloseTo(value, 7);
      });
    }
  });
  test('is the one the sample model was trained with', () => {
    const path = resolve(import.meta.dirname, '../../../samples/model-ds1-without-208.json');
    expect(parseModel(readFileSync(path, 'utf8')).definition).toEqual(definition);
  });
});

describe('a definition', () => {
  const { scheme, ...constants } = definition.constants;
  const wider: FeatureDefinition = {
    ...definition,
    constants: { ...constants, scheme: { ...(scheme as object), windowMs: 40 } },
  };
  test('survives JSON and tells a change of its content', () => {
    const back = JSON.parse(JSON.stringify(definition));
    expect(back).toEqual(definition);
    expect(isWhole(back)).toBe(true);
    expect(isWhole(wider)).toBe(false);
    expect(isWhole({ ...definition, leadRule: ['V5'] })).toBe(false);
  });
  test('of the same constants and another lead is no conflict, of other constants it is one that is named', () => {
    expect(definitionConflict(featureDefinition(['V5']))).toBeUndefined();
    expect(definitionConflict({ ...wider, fingerprint: 'another' })).toMatch(
      /constants\.scheme\.windowMs is 40 there, 12 here/,
    );
  });
});
