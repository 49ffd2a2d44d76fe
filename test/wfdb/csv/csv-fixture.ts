/** The tables in `fixtures/`, and what a test compares of a table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CsvOptions } from '../../../src/wfdb/csv/csv-options.ts';
import { readCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { memorySource } from '../../../src/wfdb/source.ts';

export const fixture = (name: string, options: CsvOptions = {}) => {
  const bytes = readFileSync(join(import.meta.dirname, 'fixtures', name));
  return readCsv(memorySource({ [name]: bytes }), name, options);
};

export const shown = ({ samplingFrequency, signals }: Awaited<ReturnType<typeof fixture>>) => ({
  samplingFrequency,
  signals: signals.map(({ name, units, physical }) => [name, units, ...physical.slice(0, 3)]),
});
