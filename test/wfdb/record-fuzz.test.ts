/** A short run of what `npm run fuzz` does at length, on generated records. */
import { expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { corrupt, examine, madeOriginals } from './record-fuzz.ts';

test('every uncorrupted original is read in full', async () => {
  for (const original of await madeOriginals()) {
    const outcome = await examine(original, original.files, createRandom(1));
    expect(outcome).toMatchObject({
      record: 'read',
      annotations: original.annotators.length > 0 ? 'read' : 'none',
      broken: undefined,
    });
  }
});

test('a corrupted record is read or refused; none crashes, hangs, leaves its folder or is misread', async () => {
  const random = createRandom(7);
  const originals = await madeOriginals();
  const tally = { read: 0, refused: 0 };
  for (let i = 0; i < 4000; i++) {
    const original = originals[i % originals.length]!;
    const outcome = await examine(original, corrupt(original, random), random);
    expect(outcome.broken, `input ${i} of '${original.name}'`).toBeUndefined();
    tally[outcome.record]++;
  }
  // Both outcomes must occur, or the test shows nothing.
  expect(tally.read).toBeGreaterThan(400);
  expect(tally.refused).toBeGreaterThan(400);
});
