/** A slice of the fuzzing that `npm run fuzz` does at length, on records made here. */
import { expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { examine, madeOriginals, spoil } from './spoiling.ts';

test('unspoilt, every original reads whole', async () => {
  for (const original of await madeOriginals()) {
    const outcome = await examine(original, original.files, createRandom(1));
    expect(outcome).toMatchObject({
      record: 'read',
      annotations: original.annotators.length > 0 ? 'read' : 'none',
      broken: undefined,
    });
  }
});

test('spoilt, each reads or is refused; none crashes, hangs, climbs out or is misread', async () => {
  const random = createRandom(7);
  const originals = await madeOriginals();
  const tally = { read: 0, refused: 0 };
  for (let i = 0; i < 4000; i++) {
    const original = originals[i % originals.length]!;
    const outcome = await examine(original, spoil(original, random), random);
    expect(outcome.broken, `input ${i} of '${original.name}'`).toBeUndefined();
    tally[outcome.record]++;
  }
  // Both happen, or nothing was tested.
  expect(tally.read).toBeGreaterThan(400);
  expect(tally.refused).toBeGreaterThan(400);
});
