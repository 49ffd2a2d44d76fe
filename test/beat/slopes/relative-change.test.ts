import { describe, expect, test } from 'vitest';
import { relativeChange } from '../../../src/beat/slopes/relative-change.ts';
import { createRandom } from '../../../src/random.ts';

const control = { startSeconds: 0, endSeconds: 120 };
const event = { startSeconds: 120, endSeconds: 240 };

describe('relativeChange', () => {
  test('a known drift over a known variation', () => {
    const random = createRandom(3);
    const times = Array.from({ length: 3000 }, (_, k) => 0.08 * k);
    // −0.25 mV/s per second over the 120 s of the event, and a variation of 2 mV/s.
    const values = times.map(t => 90 - 0.25 * Math.max(0, t - event.startSeconds) + 2 * random.normal());
    const found = relativeChange(values, times, control, event)!;
    expect(Math.abs(found.control - 90)).toBeLessThan(0.3);
    expect(Math.abs(found.deviation - 2)).toBeLessThan(0.15);
    expect(Math.abs(found.change + 30)).toBeLessThan(1);
    expect(found.factor).toBeCloseTo(found.change / found.deviation, 12);
    expect([found.controlBeats, found.eventBeats]).toEqual([1500, 1500]);
    // It is independent of gain and offset.
    const scaled = relativeChange(
      values.map(v => 5 * v - 7),
      times,
      control,
      event,
    )!;
    expect(scaled.factor).toBeCloseTo(found.factor, 9);
  });

  test('at rest there is none; an open event ends with its last beat', () => {
    const random = createRandom(4);
    const times = Array.from({ length: 240 }, (_, k) => k);
    const values = times.map(() => 80 + random.normal());
    expect(Math.abs(relativeChange(values, times, control, event)!.factor)).toBeLessThan(1);
    const drift = values.map((v, k) => v + 0.1 * k);
    const open = relativeChange(drift, times, control, { startSeconds: 120, endSeconds: Infinity })!;
    expect(open.change).toBeCloseTo(
      (relativeChange(drift, times, control, { startSeconds: 120, endSeconds: 239 })!.change * 119) / 119,
      0,
    );
  });

  test('too few beats, or none that varies, and segments that are none', () => {
    const times = [0, 1, 2, 130, 131];
    expect(relativeChange([1, 2, 3, 4, 5], times, control, event)).toBeUndefined();
    const many = Array.from({ length: 240 }, (_, k) => k);
    expect(
      relativeChange(
        many.map(() => 3),
        many,
        control,
        event,
      ),
    ).toBeUndefined();
    expect(
      relativeChange(
        many.map(() => undefined),
        many,
        control,
        event,
      ),
    ).toBeUndefined();
    expect(() => relativeChange([1], [], control, event)).toThrow(RangeError);
    expect(() => relativeChange([], [], { startSeconds: 5, endSeconds: 5 }, event)).toThrow(RangeError);
  });
});
