/** The parts of the trace that draw nothing: layouts, calipers, spans' lanes, sample blocks, curves of a window. */
import { describe, expect, test } from 'vitest';
import { differentiator, parseScheme } from '../../../src/diff/scheme.ts';
import { readCaliper, snapped } from '../../../src/view/trace/caliper.ts';
import { isTwelveLead, layoutOf, placeOf } from '../../../src/view/trace/lead-layout.ts';
import { createPyramid } from '../../../src/view/trace/pyramid.ts';
import { blockLength, createSampleBlocks } from '../../../src/view/trace/sample-blocks.ts';
import { lanesOf } from '../../../src/view/trace/span-lanes.ts';
import { labelStep } from '../../../src/view/trace/trace-painter.ts';
import { createTraceSignals, isFilterPossible } from '../../../src/view/trace/trace-signals.ts';

const twelve = ['I', 'II', 'III', 'AVR', 'AVL', 'AVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];

describe('lead layout', () => {
  test('3×4 has the limb leads left, the chest leads right and lead II below, each once', () => {
    const layout = layoutOf('3x4', twelve, [0]);
    const cells = layout.cells.filter(cell => !cell.isRhythm);
    expect(new Set(cells.map(cell => cell.lead)).size).toBe(12);
    expect(cells.find(cell => cell.column === 1 && cell.row === 0)!.lead).toBe(3);
    expect(layout.cells.find(cell => cell.isRhythm)).toMatchObject({ lead: 1, row: 3 });
  });

  test('the Cabrera order is aVL, I, −aVR, II, aVF, III', () => {
    const { cells } = layoutOf('cabrera', twelve, [0]);
    expect(cells.slice(0, 6).map(cell => `${cell.isInverted ? '−' : ''}${twelve[cell.lead]}`)).toEqual([
      ...['AVL', 'I', '−AVR', 'II', 'AVF', 'III'],
    ]);
  });

  test('columns follow one another in time, the rhythm strip runs over all of it', () => {
    const layout = layoutOf('3x4', twelve, [0]);
    const box = { left: 0, top: 0, width: 400, height: 400 };
    const last = layout.cells.find(cell => cell.column === 3)!;
    expect(placeOf(last, layout, box, 10, 20)).toMatchObject({ left: 300, width: 100, from: 17.5, to: 20 });
    const rhythm = layout.cells.find(cell => cell.isRhythm)!;
    expect(placeOf(rhythm, layout, box, 10, 20)).toMatchObject({ left: 0, width: 400, from: 10, to: 20 });
  });

  test('without all twelve leads there is only the stack', () => {
    expect(isTwelveLead(twelve.slice(1))).toBe(false);
    expect(layoutOf('6x2', ['MLII', 'V1'], [1]).cells).toEqual([
      { lead: 1, isInverted: false, column: 0, row: 0, isRhythm: false },
    ]);
  });
});

describe('caliper', () => {
  const fiducials = [
    { kind: 'qrsOnset', sample: 100 },
    { kind: 'tOffset', sample: 500 },
  ] as const;

  test('snaps to the nearest fiducial within reach, and no further', () => {
    expect(snapped(104, fiducials, 5)).toEqual({ sample: 100, fiducial: fiducials[0] });
    expect(snapped(106, fiducials, 5)).toEqual({ sample: 106, fiducial: undefined });
  });

  test('reads ms, rate, mV and mean slope, whichever way it was drawn', () => {
    const read = readCaliper(
      { sample: 720, fiducial: undefined },
      { sample: 360, fiducial: undefined },
      360,
      sample => sample / 360,
      { rr: undefined, seconds: 0.01, millivolts: 0.02 },
    );
    expect(read).toEqual({
      ...{ milliseconds: 1000, rate: 60, millivolts: 1, slope: 1 },
      errors: { milliseconds: 10, rate: 0.6, millivolts: 0.02, slope: 0.02 },
    });
  });

  test('QT from QRS onset to T offset, corrected by Bazett and Fridericia', () => {
    const [first, second] = fiducials.map(fiducial => ({ sample: fiducial.sample, fiducial }));
    const { qt } = readCaliper(first!, second!, 1000, () => 0, { rr: 0.64 });
    expect(qt!.qt).toBeCloseTo(400, 9);
    expect(qt!.bazett).toBeCloseTo(500, 9);
    expect(qt!.fridericia).toBeCloseTo(400 / 0.64 ** (1 / 3), 9);
  });
});

describe('lanes', () => {
  test('spans that overlap take different lanes, those that meet share one', () => {
    const span = (startSeconds: number, endSeconds: number) =>
      ({ startSeconds, endSeconds, kind: 'rhythm', label: '', text: '' }) as const;
    const placed = lanesOf([span(0, 5), span(5, 9), span(4, 6)], 0, 10, 1000);
    expect(placed.map(({ lane }) => lane)).toEqual([0, 0, 1]);
    expect(lanesOf([span(0, 5)], 5, 10, 1000)).toEqual([]);
  });

  test('labels of the time axis keep 80 px apart', () => {
    for (const perSecond of [0.01, 0.3, 1, 7, 94, 3000]) {
      expect(labelStep(perSecond) * perSecond).toBeGreaterThanOrEqual(perSecond === 0.01 ? 40 : 80);
    }
  });
});

describe('samples of a window', () => {
  const length = 3 * blockLength + 100;
  const sampleAt = (k: number): number => Math.sin(k / 7);
  const opened = (fail = false) => {
    const asked: [number, number][] = [];
    let arrivals = 0;
    const errors: Error[] = [];
    const blocks = createSampleBlocks(
      length,
      1,
      async (from, to) => {
        asked.push([from, to]);
        if (fail) throw new Error('gone');
        return [Float64Array.from({ length: to - from }, (_, k) => sampleAt(from + k))];
      },
      error => {
        if (error) errors.push(error);
        else arrivals++;
      },
    );
    return { asked, blocks, errors, arrivals: () => arrivals };
  };
  const turn = () => new Promise(resolve => setTimeout(resolve));

  test('only the blocks that a window touches are read, and each once', async () => {
    const { asked, blocks, arrivals } = opened();
    expect(blocks.window(10, 20)).toBeUndefined();
    expect(blocks.window(10, 30)).toBeUndefined();
    await turn();
    expect(asked).toEqual([[0, blockLength]]);
    expect(arrivals()).toBe(1);
    const window = blocks.window(10, 20)!;
    expect(window.from).toBe(0);
    expect(window.leads[0]![15]).toBe(sampleAt(15));
  });

  test('a file that cannot be read is reported once, not at every frame', async () => {
    const { asked, blocks, errors } = opened(true);
    for (let k = 0; k < 3; k++) {
      blocks.window(10, 20);
      await turn();
    }
    expect(asked.length).toBe(1);
    expect(errors.map(error => error.message)).toEqual(['gone']);
  });

  test('dV/dt of a window over a block border is that of the whole record', async () => {
    const { blocks } = opened();
    const signals = createTraceSignals(
      { samplingFrequency: 360, length, leads: [{ name: 'I', units: 'mV' }] },
      blocks,
      () => createPyramid(length),
    );
    const [from, to] = [blockLength - 50, blockLength + 50];
    const processing = { scheme: 'sg:16ms:4', filter: 'none' } as const;
    expect(signals.curve('slope', 0, from, to, processing)).toBeUndefined();
    await turn();
    await turn();
    const curve = signals.curve('slope', 0, from, to, processing)!;
    const whole = differentiator(parseScheme('sg:16ms:4'), length, 360).apply(
      Float64Array.from({ length }, (_, k) => sampleAt(k)),
    );
    for (let k = from; k < to; k++) expect(curve.values[k - curve.from]).toBeCloseTo(whole[k]!, 9);
  });

  test('filters above half the sampling frequency are not offered', () => {
    expect(isFilterPossible('diagnostic', 360)).toBe(true);
    expect(isFilterPossible('diagnostic', 250)).toBe(false);
    expect(isFilterPossible('notch60', 100)).toBe(false);
    expect(isFilterPossible('none', 1)).toBe(true);
  });
});
