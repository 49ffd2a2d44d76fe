/** Every feature is explained, and the document is the table. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { beatInputNames } from '../../../src/beat/beat-inputs.ts';
import { featureGlossary, featureMeaning } from '../../../src/beat/features/feature-glossary.ts';

test('every feature and every other input has a sentence', () => {
  for (const { name } of beatInputNames) expect(featureMeaning(name)).toMatch(/^[A-Z].{20,}\.$/);
  expect(() => featureMeaning('toString')).toThrow(RangeError);
});

test('docs/features.md is what the table says', () => {
  const path = resolve(import.meta.dirname, '../../../docs/features.md');
  expect(readFileSync(path, 'utf8')).toBe(featureGlossary());
});
