/** The scale of paper: a second and a millivolt have the size that the speed and gain give them, whatever the record. */
import { expect, test } from 'vitest';
import {
  planScene,
  plotWidth,
  secondsAtSpeed,
  type TraceScene,
} from '../../../src/view/trace/trace-scene.ts';

const layout = {
  columns: 4,
  rows: 1,
  cells: [0, 1, 2, 3].map(lead => ({ lead, isInverted: false, column: lead, row: 0, isRhythm: false })),
};
const scene = (endSeconds: number, pixelsPerSecond: number | undefined): TraceScene =>
  ({
    ...{ startSeconds: 0, endSeconds, pixelsPerSecond, layout },
    ...{ spans: [], annotators: [], slopeLead: undefined },
  }) as unknown as TraceScene;

test('a recording of ten seconds at 25 mm/s is 250 mm wide, also on a screen of 700 mm', () => {
  const pixelsPerMillimetre = 96 / 25.4;
  const { plot, curves } = planScene(scene(10, 25 * pixelsPerMillimetre), 700 * pixelsPerMillimetre, 400);
  expect(plot.width / pixelsPerMillimetre).toBeCloseTo(250, 6);
  for (const { box } of curves) expect(box.width / pixelsPerMillimetre).toBeCloseTo(62.5, 6);
  expect(curves.at(-1)!.box).toMatchObject({ from: 7.5, to: 10 });
});

test('without a speed, and where the window is longer than the screen, the plot fills it', () => {
  expect(planScene(scene(10, undefined), 1200, 400).plot.width).toBe(plotWidth(1200));
  expect(planScene(scene(600, 94), 1200, 400).plot.width).toBe(plotWidth(1200));
});

test('at a speed the calibration pulses stand beside the window, and on the curve only in a narrow plot', () => {
  const pulses = (width: number) => {
    const window = { ...scene(secondsAtSpeed(width, 94, true), 94), hasCalibration: true };
    const { plot, curves } = planScene(window, width, 400);
    return { width: plot.width, pulses: curves.flatMap(({ pulse }) => pulse ?? []) };
  };
  expect(pulses(1200).pulses).toEqual(['beside']);
  expect(pulses(1200).width).toBeLessThan(plotWidth(1200) - 70);
  expect(pulses(360)).toEqual({ width: plotWidth(360), pulses: ['inside'] });
  expect(secondsAtSpeed(1200, 94, false)).toBe(plotWidth(1200) / 94);
});
