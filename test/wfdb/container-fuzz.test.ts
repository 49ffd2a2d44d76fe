/** A slice of the fuzzing of containers that `npm run fuzz` does at length. */
import { expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { examineContainer, fuzzedContainers, mutated } from './container-fuzz.ts';

test('unchanged, every original reads whole', async () => {
  for (const { name, originals } of await fuzzedContainers()) {
    for (const bytes of originals) {
      const outcome = await examineContainer(bytes, createRandom(1));
      expect(outcome, name).toMatchObject({ strict: 'read', lenient: 'read', broken: undefined });
    }
  }
});

test('mutated, each reads or is refused; none crashes, hangs or is misread', async () => {
  const random = createRandom(3);
  for (const container of await fuzzedContainers()) {
    const tally = { read: 0, refused: 0 };
    for (let i = 0; i < 800; i++) {
      const bytes = mutated(container, random);
      const outcome = await examineContainer(bytes, random);
      expect(outcome.broken, `input ${i} of ${container.name}`).toBeUndefined();
      tally[outcome.strict]++;
    }
    // Both happen, or nothing was tested.
    expect(tally.read, container.name).toBeGreaterThan(40);
    expect(tally.refused, container.name).toBeGreaterThan(40);
  }
});
