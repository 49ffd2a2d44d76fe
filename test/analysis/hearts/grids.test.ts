/** The figures of the grids are those of an easy case done by hand, and cells are the same each time. */
import { describe, expect, test } from 'vitest';
import { heartGrids } from '../../../src/analysis/hearts/grids.ts';
import { summarizeWaves, waveFigures } from '../../../src/analysis/hearts/wave-figures.ts';

describe('waveFigures', () => {
  test('count what is within the tolerance, and what is absent against it', () => {
    const figures = waveFigures([0, -20, 20.5, undefined], 20);
    expect(figures).toEqual({ waves: 4, absent: 1, within: 2, share: 0.5, medianErrorMs: 0 });
  });

  test('a summary adds the cells and names the worst', () => {
    const rows = [[0, 0, 0], [50]].map((errors, k) => ({ cell: { k }, figures: waveFigures(errors, 10) }));
    const { figures, worst } = summarizeWaves(rows);
    expect(figures).toMatchObject({ cells: 2, waves: 4, within: 3, share: 0.75, cellsBelow99: 1 });
    expect(worst.cell).toEqual({ k: 1 });
  });
});

const share = (name: string, cell: Record<string, string | number>): number => {
  const grid = heartGrids.find(one => one.name === name)!;
  const found = grid.cells.find(one => Object.entries(cell).every(([key, value]) => one[key] === value))!;
  const figures = grid.measure(found);
  expect(grid.measure(found)).toEqual(figures);
  return figures.share!;
};

const figuresOf = (name: string, cell: Record<string, string | number>) => {
  const grid = heartGrids.find(one => one.name === name)!;
  const found = grid.cells.find(one => Object.entries(cell).every(([key, value]) => one[key] === value))!;
  return {
    figures: grid.measure(found),
    summary: grid.summarize([{ cell: found, figures: grid.measure(found) }]),
  };
};

test('boundaries of every wide shape are within the tolerance where they are neither stretched nor noisy', () => {
  const qrs = heartGrids.find(({ name }) => name === 'qrs')!;
  for (const shape of new Set(qrs.cells.map(cell => cell.shape!))) {
    const { figures } = figuresOf('qrs', { shape, stretch: 1, notch: 'none', polarity: 1, noise: 5 });
    expect(figures, String(shape)).toMatchObject({ boundedShare: 1, onsetShare: 1, offsetShare: 1 });
    expect(figures.durationMs).toBeGreaterThan(70);
  }
});

test('of blocked P waves all are found, of conducted ones none, and a summary adds them', () => {
  const blocked = figuresOf('atrial', { rhythm: '2:1 block, P 75', samplingFrequency: 500, snrDb: 30 });
  expect(blocked.figures).toMatchObject({ sensitivity: 1, positivePredictivity: 1, onBeats: 0 });
  expect(blocked.figures.waves).toBeGreaterThan(50);
  expect(blocked.summary.figures).toMatchObject({ cells: 1, waves: blocked.figures.waves, cellsBelow95: 0 });
  const sinus = figuresOf('atrial', { rhythm: 'sinus 70, all conducted', samplingFrequency: 500, snrDb: 30 });
  expect(sinus.figures).toMatchObject({ waves: 0, events: 0 });
});

test('clear waves and stimuli of known place are all right', () => {
  expect(share('qt', { tPeakMs: 600, rr: 1.3, amplitude: 0.3, shape: 'upright', noise: 30 })).toBe(1);
  expect(share('pr', { pPeakMs: 400, rr: 1.2, amplitude: 0.15, noise: 5 })).toBe(1);
  expect(share('pacing', { chamber: 'ventricular', amplitude: 20, electrode: 'unipolar' })).toBe(1);
});
