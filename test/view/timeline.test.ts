import fc from 'fast-check';
import { expect, test } from 'vitest';
import { centredOn, createTimeline, durationOf, panned, within, zoomed } from '../../src/view/timeline.ts';

const bounds = { from: 100, to: 160 };

test('whatever is asked for, what is shown lies inside the record and is not empty', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -500, max: 500, noNaN: true }),
      fc.double({ min: 0, max: 500, noNaN: true }),
      (from, length) => {
        const span = within({ from, to: from + length }, bounds);
        expect(span.from).toBeGreaterThanOrEqual(bounds.from);
        expect(span.to).toBeLessThanOrEqual(bounds.to + 1e-9);
        expect(durationOf(span)).toBeGreaterThan(0.09);
      },
    ),
    { seed: 3 },
  );
});

test('a record shorter than the shortest window is shown whole', () => {
  expect(within({ from: 0, to: 8 }, { from: 0, to: 0.05 })).toEqual({ from: 0, to: 0.05 });
});

test('zooming keeps the time under the pointer in its place', () => {
  const span = { from: 10, to: 20 };
  const near = zoomed(span, 0.5, 12);
  expect((12 - near.from) / durationOf(near)).toBeCloseTo((12 - 10) / 10, 12);
  expect(durationOf(near)).toBe(5);
});

test('panned by a quarter, centred on a time', () => {
  expect(panned({ from: 0, to: 8 }, 0.25)).toEqual({ from: 2, to: 10 });
  expect(centredOn({ from: 0, to: 8 }, 100)).toEqual({ from: 96, to: 104 });
});

test('followers hear what is really shown', () => {
  const timeline = createTimeline(bounds, 8);
  const heard: unknown[] = [];
  timeline.follow(span => heard.push(span));
  timeline.show({ from: 158, to: 166 });
  expect(timeline.initial).toEqual({ from: 100, to: 108 });
  expect(heard).toEqual([{ from: 152, to: 160 }]);
});
