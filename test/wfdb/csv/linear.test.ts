/** Work grows linearly with the text, whatever is repeated in it. Steps are counted, not timed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCsv } from '../../../src/wfdb/csv.ts';
import { parseAnnotationsCsv } from '../../../src/wfdb/csv-write.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';
import { parseRdann } from '../../../src/wfdb/rdann.ts';
import { countWork, type Work } from './counted-work.ts';

const parsers: readonly ((text: string) => unknown)[] = [
  text => parseCsv(text, { samplingFrequency: 250 }),
  text => parseCsv(text, { samplingFrequency: 250, transpose: true }),
  parseAnnotationsCsv,
  parseRdann,
];

describe('what is counted', () => {
  const growth = async (run: (size: number) => unknown): Promise<number> => {
    const [small, large] = [
      await countWork(() => run(500), 'linear.test'),
      await countWork(() => run(2000), 'linear.test'),
    ];
    return large.steps / small.steps;
  };

  test('shows a loop in a loop, and methods that go over the rest of the text again and again', async () => {
    const loops = (size: number): number => {
      let sum = 0;
      for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) sum ^= j;
      return sum;
    };
    const rests = (size: number): number => {
      let text = 'x'.repeat(size);
      while (text !== '') text = text.slice(1);
      return text.length;
    };
    expect(await growth(loops)).toBeGreaterThan(12);
    expect(await growth(rests)).toBeGreaterThan(12);
  });

  test('shows no growth but the linear of a single loop', async () => {
    const loop = (size: number): number => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum ^= i;
      return sum;
    };
    expect(await growth(loop)).toBeCloseTo(4, 1);
  });
});

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

test('four times the repetitions take four times the steps', async () => {
  const work = (text: string): Promise<Work> =>
    countWork(() => {
      for (const parse of parsers) parsedOrRefused(parse, text);
    }, '/src/wfdb/');
  await fc.assert(
    fc.asyncProperty(
      before,
      fc.array(fragment, { minLength: 1, maxLength: 4 }),
      around,
      async (head, unit, tail) => {
        const repeated = unit.join('');
        const text = (size: number): string =>
          head + repeated.repeat(Math.ceil(size / repeated.length)) + tail;
        const [few, many] = [await work(text(small)), await work(text(large))];
        expect(many.steps).toBeLessThan(5 * (few.steps + overhead));
        // What a regular expression sees is short, so that it cannot take long whatever it is.
        expect(many.longestMatched).toBeLessThanOrEqual(400);
      },
    ),
    { seed: 6, numRuns: 60 },
  );
});

function parsedOrRefused(parse: (text: string) => unknown, text: string): void {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof WfdbError) && !(error instanceof RangeError)) throw error;
  }
}
