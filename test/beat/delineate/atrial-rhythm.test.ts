/** Conduction of P waves, from their PR intervals and the P waves that are blocked between the beats. */
import { expect, test } from 'vitest';
import { isConducted } from '../../../src/beat/delineate/atrial-rhythm.ts';

const none = new Array<number>(12).fill(0);

test('equal PR intervals are conducted, arbitrary ones are while few P waves are blocked', () => {
  expect(isConducted(new Array<number>(12).fill(160), none).every(Boolean)).toBe(true);
  // Wenckebach 4:3: PR is prolonged, and every third beat follows a blocked P wave.
  const wenckebach = Array.from({ length: 12 }, (_, k) => [160, 220, 290][k % 3]!);
  const every3rd = Array.from({ length: 12 }, (_, k) => (k % 3 === 0 ? 1 : 0));
  expect(isConducted(wenckebach, every3rd).every(Boolean)).toBe(true);
});

test('where P waves are blocked in nearly every interval, those that precede a beat by chance are not conducted', () => {
  const byChance = Array.from({ length: 12 }, (_, k) => 60 + ((k * 137) % 350));
  const blocked = new Array<number>(12).fill(2);
  expect(isConducted(byChance, blocked).some(Boolean)).toBe(false);
  expect(isConducted([undefined, ...byChance.slice(1)], blocked)[0]).toBe(false);
});
