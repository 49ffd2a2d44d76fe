/** The values and the error of a table given as text. */
import { WfdbError } from '../../../src/wfdb/errors.ts';

export const errorOf = (run: () => unknown): WfdbError => {
  try {
    run();
  } catch (error) {
    if (error instanceof WfdbError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

export const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');
