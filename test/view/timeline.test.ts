import fc from 'fast-check';
import { expect, test } from 'vitest';
import { centredOn, createTimeline, durationOf, panned, within, zoomed } from '../../src/view/timeline.ts';

const bounds = { startSeconds: 100, endSeconds: 160 };

test('whatever is asked for, what is shown lies inside the record and is not empty', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -500, max: 500, noNaN: true }),
      fc.double({ min: 0, max: 500, noNaN: true }),
      (from, length) => {
        const span = within({ startSeconds: from, endSeconds: from + length }, bounds);
        expect(span.startSeconds).toBeGreaterThanOrEqual(bounds.startSeconds);
        expect(span.endSeconds).toBeLessThanOrEqual(bounds.endSeconds + 1e-9);
        expect(durationOf(span)).toBeGreaterThan(0.09);
      },
    ),
    { seed: 3 },
  );
});

test('a record shorter than the shortest window is shown whole', () => {
  expect(within({ startSeconds: 0, endSeconds: 8 }, { startSeconds: 0, endSeconds: 0.05 })).toEqual({
    startSeconds: 0,
    endSeconds: 0.05,
  });
});

test('zooming keeps the time under the pointer in its place', () => {
  const span = { startSeconds: 10, endSeconds: 20 };
  const near = zoomed(span, 0.5, 12);
  expect((12 - near.startSeconds) / durationOf(near)).toBeCloseTo((12 - 10) / 10, 12);
  expect(durationOf(near)).toBe(5);
});

test('panned by a quarter, centred on a time', () => {
  expect(panned({ startSeconds: 0, endSeconds: 8 }, 0.25)).toEqual({ startSeconds: 2, endSeconds: 10 });
  expect(centredOn({ startSeconds: 0, endSeconds: 8 }, 100)).toEqual({ startSeconds: 96, endSeconds: 104 });
});

test('listeners receive the window that is shown', () => {
  const timeline = createTimeline(bounds, 8);
  const heard: unknown[] = [];
  timeline.follow(span => heard.push(span));
  timeline.show({ startSeconds: 158, endSeconds: 166 });
  expect(timeline.initial).toEqual({ startSeconds: 100, endSeconds: 108 });
  expect(heard).toEqual([{ startSeconds: 152, endSeconds: 160 }]);
});
