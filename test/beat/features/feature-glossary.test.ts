/** Every feature is explained, and the document is the table. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { beatFeatureNames } from '../../../src/beat/features/beat-features.ts';
import { featureGlossary, featureMeaning } from '../../../src/beat/features/feature-glossary.ts';

test('every feature has a sentence', () => {
  for (const { name } of beatFeatureNames) expect(featureMeaning(name)).toMatch(/^[A-Z].{20,}\.$/);
  expect(() => featureMeaning('toString')).toThrow(RangeError);
});

test('docs/features.md is what the table says', () => {
  const path = resolve(import.meta.dirname, '../../../docs/features.md');
  expect(readFileSync(path, 'utf8')).toBe(featureGlossary());
});
