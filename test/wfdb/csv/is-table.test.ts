/** Tables are told by their content. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isTable } from '../../../src/wfdb/csv/is-table.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

test.each(readdirSync(fixtures))('%s is one', name => {
  expect(isTable(readFileSync(join(fixtures, name)))).toBe(true);
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([
  ['a column of numbers that is cut', bytes('0.5\n0.6\n0.')],
  ['rdsamp', bytes("'Elapsed time','I'\n'seconds','mV'\n0.000,-0.145\n")],
  ['clock times in brackets', bytes('[12:00:00.000]\t0.5\n[12:00:00.004]\t0.6\n')],
  ['UTF-16', Uint8Array.from([...'a\n1.5\n2.5\n'].flatMap(letter => [letter.charCodeAt(0), 0]))],
])('%s is one', (_, table) => {
  expect(isTable(table)).toBe(true);
});

test.each([
  ['nothing', bytes('')],
  ['prose', bytes('It was the best of times,\nit was the worst of times\n')],
  ['markup', bytes('<html>\n1,2\n3,4\n</html>\n')],
  ['JSON', bytes('[{"a": 1},\n2,\n3]\n')],
  ['JSON', bytes('{"samples": [\n1,\n2,\n3]}\n')],
  ['binary', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13)],
])('%s is none', (_, other) => {
  expect(isTable(other)).toBe(false);
});
