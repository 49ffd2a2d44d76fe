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

test('clear waves and stimuli of known place are all right', () => {
  expect(share('qt', { tPeakMs: 600, rr: 1.3, amplitude: 0.3, shape: 'upright', noise: 30 })).toBe(1);
  expect(share('pr', { pPeakMs: 400, rr: 1.2, amplitude: 0.15, noise: 5 })).toBe(1);
  expect(share('pacing', { chamber: 'ventricular', amplitude: 20, electrode: 'unipolar' })).toBe(1);
});
