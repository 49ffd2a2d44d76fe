/**
 * Every text parser does work that grows linearly with its input, whatever is repeated in it: doubled again and again,
 * an input may not cost more than about twice as much each time. Work is counted, so a slow machine changes nothing.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCounting } from './operation-count.ts';

type Parse = (text: string) => unknown;

let counting: Awaited<ReturnType<typeof startCounting>>;
let parsers: Record<string, Parse>;

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0));

beforeAll(async () => {
  counting = await startCounting(url => /\/src\/(wfdb|node)\//.test(url));
  const { parseHeader } = await import('../../src/wfdb/header.ts');
  const { decodeAnnotations, encodeAnnotations } = await import(
    '../../src/wfdb/annotations/annotation-file.ts'
  );
  const { parseEdfHeader } = await import('../../src/wfdb/edf/header.ts');
  const { parseStampedLists } = await import('../../src/wfdb/edf/stamped-lists.ts');
  const { parseSums, recordEntries } = await import('../../src/node/database-lists.ts');
  const { splitSearchPath } = await import('../../src/node/search-path.ts');
  const { printable, withoutCredentials } = await import('../../src/printable.ts');
  const note = (text: string) => ({ sample: 0, symbol: '"', subtype: 0, channel: 0, num: 0, aux: text });
  parsers = {
    header: text => parseHeader(text, 'r.hea'),
    'annotation notes': text => {
      const parts = text.match(/[\s\S]{1,250}/g) ?? [];
      const start = note('## annotation type definitions');
      return decodeAnnotations(encodeAnnotations([start, ...parts.map(note)]), 'r.atr');
    },
    'EDF header': text => parseEdfHeader(latin1(text), 'x.edf'),
    'EDF+ annotations': text => parseStampedLists(latin1(text), 0, 'x.edf', () => {}),
    'checksum list': text => parseSums(text.split(/\r?\n/), 'SHA256SUMS.txt', () => {}),
    'record list': text => recordEntries(text.split(/\r?\n/)),
    'search path': text => splitSearchPath(text),
    'printable text': text => printable(text),
    'text without credentials': text => withoutCredentials(text),
  };
});
afterAll(() => counting.stop());

const edfText = [
  '0'.padEnd(8),
  'X X X X'.padEnd(80),
  'Startdate X'.padEnd(80),
  '01.01.0112.00.00',
  '512'.padEnd(8),
  'EDF+C'.padEnd(44),
  '1'.padEnd(8),
  '1'.padEnd(8),
  '1'.padEnd(4),
  'ECG'.padEnd(96),
  'mV'.padEnd(8),
  '-1      1       -100    100     ',
  ''.padEnd(80),
  '4'.padEnd(8),
  ''.padEnd(32),
].join('');

/** A good text of each kind, into which the repetitions go. */
const seeds: Record<string, readonly string[]> = {
  header: [
    'r 1 250/1(0) 10 12:00:00 01/01/2000\nr.dat 16x1:0+0 200(0)/mV 16 0 0 0 0 ECG I\n# age: 40\n',
    'r/2 1 250 10\na 5\n~ 5\n# note\n',
  ],
  'annotation notes': ['30 x a new type', '## time resolution: 100', ''],
  'EDF header': [edfText],
  'EDF+ annotations': ['+0\x14\x14\0+1.5\x152\x14text\x14\0'],
  'checksum list': [`${'0a'.repeat(32)}  ./100.dat\n${'0b'.repeat(32)} *100.hea\n`],
  'record list': ['100\nfolder/\nfolder/101\n'],
  'search path': ['data:http://user:word@host:8080/db:http://[::1]:80/x', 'http://host'],
  'printable text': ['text'],
  'text without credentials': ['http://user:word@host/db'],
};

const units = [
  ...' \t\r\n\f\v\0#/()+-.:,;@[]*~x1eE"\'=\x14\x15\u2028é\ud83d',
  ...['1 ', ' 1', '1.', '/1', '\r ', '(1)', '//', 'a@', ':1', '# ', ' .', '+1\x14', '1\n', 'http://', '::'],
];

/** log₂ of how much more the third doubling costs than the second: 1 for linear work, 2 for quadratic. */
async function growth(parse: Parse, make: (count: number) => string): Promise<number> {
  const work: number[] = [];
  for (const count of [150, 300, 600]) work.push(await counting.count(() => parse(make(count))));
  const [first, second] = [work[1]! - work[0]!, work[2]! - work[1]!];
  return first < 300 ? 0 : Math.log2(Math.max(second, 1) / first);
}

describe('work grows linearly', () => {
  test.each(Object.keys(seeds))(
    '%s',
    async kind => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...seeds[kind]!),
          fc.nat(),
          fc.constantFrom(...units),
          fc.constantFrom('', ...units),
          fc.constantFrom('', '!', '\r', '\u2028x', '1'),
          async (seed, place, unit, other, end) => {
            const at = place % (seed.length + 1);
            const make = (count: number): string =>
              seed.slice(0, at) + (unit + other).repeat(count) + end + seed.slice(at);
            expect(await growth(parsers[kind]!, make)).toBeLessThan(1.45);
          },
        ),
        { seed: 5, numRuns: 120 },
      );
    },
    60_000,
  );
});

test('the counting sees quadratic and cubic work where there is some', async () => {
  const quadratic = await growth(
    text => /^(\d+\.?\d*)$/.test(text),
    count => `${'1'.repeat(count)}x`,
  );
  const cubic = await growth(
    text => /^(a*)b?(a*)b?(a*)$/.test(text),
    count => `${'a'.repeat(count / 5)}c`,
  );
  expect(quadratic).toBeGreaterThan(1.8);
  expect(cubic).toBeGreaterThan(2.7);
});
