/** Work grows linearly with the text, whatever is repeated in it. It is counted, not timed. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCounting } from '../operation-count.ts';

let counting: Awaited<ReturnType<typeof startCounting>>;
let parsers: readonly ((text: string) => unknown)[];

beforeAll(async () => {
  counting = await startCounting(url => url.includes('/src/wfdb/'));
  const { parseCsv } = await import('../../../src/wfdb/csv/read-csv.ts');
  const { parseAnnotationsCsv } = await import('../../../src/wfdb/csv/read-annotations.ts');
  const { parseRdann } = await import('../../../src/wfdb/annotations/rdann.ts');
  parsers = [
    text => parseCsv(text, { samplingFrequency: 250 }),
    text => parseCsv(text, { samplingFrequency: 250, transpose: true }),
    text => parseAnnotationsCsv(text),
    text => parseRdann(text),
  ];
});
afterAll(() => counting.stop());

const fragment = fc.constantFrom(
  ...[
    '"',
    '""',
    "'",
    '\\',
    "\\'",
    '"x"',
    '"x" ',
    'x"',
    ',',
    ';',
    '\t',
    ' ',
    '|',
    '\n',
    '\r',
    '\r\r\n',
    '-',
    '#',
    '%',
  ],
  ...[
    '1',
    '12',
    '0,',
    '1,5',
    '1.',
    '.',
    '1,000',
    '0',
    '1e',
    '1e5',
    '+',
    '−',
    'x',
    'V',
    'µ',
    'mV',
    '\u00a0',
    '１',
    '=',
    '＝',
  ],
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    ':',
    '1:',
    '12:00:00',
    '/',
    '1/2/2021',
    'T',
    ' PM',
    'time',
    'Unit,mV\n',
    'a=1\n',
    '1,2\n',
  ],
  ...[
    '0.004,1\n',
    'sample,symbol\n',
    '1,N\n',
    '    0:00.214       77     N    0    0    0\n',
    '[1',
    '0 0 0 0 0 0\t',
  ],
);
const around = fc.array(fragment, { maxLength: 3 }).map(parts => parts.join(''));
const before = fc.oneof(
  around,
  fc.constantFrom(
    'time,ecg\n0.0,0.1\n',
    'sample,symbol,aux\n1,N,',
    '    0:00.214       77     N    0    0    0\t',
    "'Time','I'\n",
  ),
);

/** Characters of the small and the large text. */
const small = 3000;
const large = 12_000;
/** A run costs something whatever the text is. */
const overhead = 20_000;

test('four times the repetitions take four times the work', async () => {
  let most = 0;
  await fc.assert(
    fc.asyncProperty(
      before,
      fc.array(fragment, { minLength: 1, maxLength: 4 }),
      around,
      async (head, unit, tail) => {
        const repeated = unit.join('');
        const text = (size: number): string =>
          head + repeated.repeat(Math.ceil(size / repeated.length)) + tail;
        for (const parse of parsers) {
          const few = await counting.count(() => parse(text(small)));
          const many = await counting.count(() => parse(text(large)));
          most = Math.max(most, many);
          expect(many).toBeLessThan(5 * (few + overhead));
        }
      },
    ),
    { seed: 6, numRuns: 40 },
  );
  // A reader that does nothing, or a counter that counts nothing, would pass too.
  expect(most).toBeGreaterThan(10 * large);
}, 60_000);
