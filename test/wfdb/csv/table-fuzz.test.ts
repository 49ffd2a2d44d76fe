/** Damaged tables are read or refused, in time; known numbers are never read as others. `npm run fuzz` tries many more. */
import { expect, test } from 'vitest';
import { createRandom } from '../../../src/random.ts';
import { damageTable, examineDialect, examineTable, tableOriginals } from './table-fuzz.ts';

test('a thousand damaged tables', () => {
  const random = createRandom(9);
  const originals = tableOriginals();
  let read = 0;
  for (let i = 0; i < 1000; i++) {
    const outcome = examineTable(damageTable(originals[i % originals.length]!, random), random);
    expect(outcome.broken).toBeUndefined();
    if (outcome.table === 'read') read++;
  }
  expect(read).toBeGreaterThan(100);
});

test('a thousand tables in random dialects', () => {
  const random = createRandom(10);
  let read = 0;
  for (let i = 0; i < 1000; i++) {
    const outcome = examineDialect(random);
    expect(outcome.broken).toBeUndefined();
    if (outcome.table === 'read') read++;
  }
  expect(read).toBeGreaterThan(500);
});
