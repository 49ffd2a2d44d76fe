import { expect, test } from 'vitest';
import { emptyEnds, tallyEnds } from '../../../src/beat/score/qrs-offset-check.ts';

test('a complex runs on where more than a quarter of it follows its offset within 40 ms', () => {
  const fs = 500;
  const voltage = new Float64Array(200);
  voltage.fill(1, 100, 110);
  voltage.fill(0.5, 110, 125);
  const ends = emptyEnds();
  for (const offset of [109, 112, 130, undefined]) tallyEnds(ends, voltage, fs, { onset: 90, offset });
  expect(ends).toEqual({ beats: 4, bounded: 3, runningOn: 2, durationsMs: [38, 44, 80] });
});
