/** Rhythms with blocked P waves: which P waves are conducted, and at which PR interval. */
import { expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import type { Activation } from '../../src/synth/activation-synthesis.ts';
import { blockedPrematureP, fixedRatioBlock, wenckebachBlock } from '../../src/synth/blocked-conduction.ts';

/** P times in order, each with its PR interval, or undefined when it is blocked. */
const activations = (events: readonly Activation[]) =>
  events
    .map(({ time, symbol, waves }) => ({
      time: time + waves.P[0]!.center,
      pr: symbol === undefined ? undefined : -waves.P[0]!.center,
    }))
    .sort((a, b) => a.time - b.time);

test('of 3:1 block every third P wave is conducted, at one PR interval and the atrial rate', () => {
  const found = activations(fixedRatioBlock(90, 3, 60, createRandom(1)));
  expect(found.length).toBeGreaterThan(85);
  const first = found.findIndex(({ pr }) => pr !== undefined);
  for (const [k, { pr }] of found.entries()) {
    if ((k - first) % 3 === 0) expect(pr).toBeCloseTo(0.16, 12);
    else expect(pr).toBeUndefined();
  }
  const intervals = found.slice(1).map(({ time }, k) => time - found[k]!.time);
  expect(intervals.reduce((sum, interval) => sum + interval, 0) / intervals.length).toBeCloseTo(60 / 90, 2);
});

test('in the Wenckebach period PR grows by ever less until a P wave is blocked', () => {
  const found = activations(wenckebachBlock(75, 5, 60, createRandom(1)));
  const first = found.findIndex(({ pr }) => pr === undefined) + 1;
  const pr = found.slice(first, first + 5).map(one => one.pr);
  expect(pr[4]).toBeUndefined();
  const growth = [1, 2, 3].map(k => pr[k]! - pr[k - 1]!);
  expect(growth.every((by, k) => by > 0 && (k === 0 || by < growth[k - 1]!))).toBe(true);
});

test('a premature P wave is early, blocked, and the sinus rhythm starts anew from it', () => {
  const found = activations(blockedPrematureP(60, 4, 0.5, 120, createRandom(1)));
  const blocked = found.flatMap(({ pr }, k) => (pr === undefined ? [k] : []));
  expect(blocked.length).toBeGreaterThan(20);
  for (const k of blocked.slice(0, -1)) {
    expect(found[k]!.time - found[k - 1]!.time).toBeCloseTo(0.5, 1);
    expect(found[k + 1]!.time - found[k]!.time).toBeCloseTo(1, 0);
    expect(found[k + 1]!.pr).toBeDefined();
  }
});
