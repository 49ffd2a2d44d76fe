/** The grammar of header(5), field by field, and what is not of it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WfdbError } from '../../src/wfdb/errors.ts';
import { parseHeader, readHeader } from '../../src/wfdb/header.ts';
import { memorySource } from '../../src/wfdb/source.ts';

const parse = (text: string) => parseHeader(text, 'r.hea');
const signal = (line: string) => parse(`r 1 250 10\n${line}\n`).signals[0]!;

describe('record line', () => {
  test('every field', () => {
    expect(parse('r 0 62.4725/999.56(-3.5) 14400 12:44:02.125 10/12/2009')).toMatchObject({
      name: 'r',
      signalCount: 0,
      samplingFrequency: 62.4725,
      counterFrequency: 999.56,
      baseCounter: -3.5,
      length: 14400,
      baseTime: '12:44:02.125',
      baseDate: '10/12/2009',
      signals: [],
      segments: undefined,
      comments: [],
      warnings: [],
    });
  });

  test('defaults', () => {
    expect(parse('r 0')).toMatchObject({
      samplingFrequency: 250,
      counterFrequency: 250,
      baseCounter: 0,
      length: undefined,
      baseTime: undefined,
      baseDate: undefined,
    });
    expect(parse('r 0 360/0 0')).toMatchObject({ counterFrequency: 360, length: undefined });
  });

  test('a sampling frequency in any notation of C', () => {
    for (const [text, hz] of [
      ['3.6e2', 360],
      ['360.', 360],
      ['.5', 0.5],
      ['+1E+3', 1000],
    ] as const) {
      expect(parse(`r 0 ${text}`).samplingFrequency).toBe(hz);
    }
  });

  test.each([
    ['folder/00001_medians', 'r.hea', '00001_medians', undefined],
    ['a/b/c/r', 'r.hea', 'r', undefined],
    ['mitdb/100', 'mitdb/100.hea', '100', undefined],
    ['m/2', 'm.hea', 'm', 2],
    ['folder/m/2', 'm.hea', 'm', 2],
    ['2/2', '2.hea', '2', 2],
  ])('the name %s in %s', (word, file, name, segments) => {
    const text = `${word} 0 250 2\n${segments === undefined ? '' : 'a 1\nb 1\n'}`;
    const header = parseHeader(text, file);
    expect([header.name, header.segments?.length]).toEqual([name, segments]);
  });

  test('a time and date of another form are set aside, and it is said', () => {
    const header = parse('A0001 0 500 7500 12-May-2020 12:33:59');
    expect(header).toMatchObject({ length: 7500, baseTime: undefined, baseDate: undefined });
    expect(header.warnings).toEqual([
      "line 1: '12-May-2020 12:33:59' is not a base time and date and is ignored",
    ]);
  });
});

describe('signal line', () => {
  test('every field', () => {
    expect(signal('d/r.dat 16x4:3+24 -1.5e1(-7)/µV 14 2 -9 65135 512 Pression artérielle, 2 ')).toEqual({
      line: 2,
      fileName: 'd/r.dat',
      format: 16,
      samplesPerFrame: 4,
      skew: 3,
      byteOffset: 24,
      adcGain: -15,
      calibrated: true,
      baseline: -7,
      units: 'µV',
      adcResolution: 14,
      adcZero: 2,
      initialValue: -9,
      checksum: 65135,
      blockSize: 512,
      name: 'Pression artérielle, 2',
    });
  });

  test('defaults', () => {
    expect(signal('r.dat 212')).toEqual({
      line: 2,
      fileName: 'r.dat',
      format: 212,
      samplesPerFrame: 1,
      skew: 0,
      byteOffset: 0,
      adcGain: 200,
      calibrated: false,
      baseline: 0,
      units: 'mV',
      adcResolution: 12,
      adcZero: 0,
      initialValue: 0,
      checksum: undefined,
      blockSize: 0,
      name: 'record r, signal 0',
    });
  });

  test('baseline and initial value default to the ADC zero', () => {
    expect(signal('r.dat 212 200 11 1024')).toMatchObject({ baseline: 1024, initialValue: 1024 });
    expect(signal('r.dat 212 200(0) 11 1024')).toMatchObject({ baseline: 0, initialValue: 1024 });
  });

  test('a gain of 0 is uncalibrated, 200 a unit', () => {
    expect(signal('r.dat 212 0/NU')).toMatchObject({ adcGain: 200, calibrated: false, units: 'NU' });
  });

  test('resolution of 0 is that of the format', () => {
    const bits = [8, 16, 80, 160, 212, 310, 311].map(format => signal(`r.dat ${format} 200 0`).adcResolution);
    expect(bits).toEqual([10, 12, 8, 16, 12, 10, 10]);
  });
});

describe('lines', () => {
  const lines = [
    '#wfdb 10.7',
    '',
    ' # before',
    'r 2 250 10',
    '# between',
    'a 16',
    '',
    '  b 16 ',
    '# after',
    '#  two',
  ];

  test('comments and blank lines anywhere, with LF or CRLF; only comments at the end are info strings', () => {
    for (const ending of ['\n', '\r\n']) {
      const header = parse(lines.join(ending));
      expect(header.signals.map(({ fileName }) => fileName)).toEqual(['a', 'b']);
      expect(header.comments).toEqual(['after', 'two']);
    }
  });

  test('surplus signal lines are ignored', () => {
    expect(parse('r 1 250\na 16\nb 16\n# c').signals).toHaveLength(1);
  });

  test('UTF-8, with a mark or without, and what is not UTF-8 as Windows-1252', async () => {
    const text = 'r 1 250\na 16 200/µV\n# Größe';
    const bytes = {
      utf8: new TextEncoder().encode(text),
      marked: new TextEncoder().encode(`\ufeff${text}`),
      latin1: Uint8Array.from(text, character => character.charCodeAt(0)),
    };
    for (const file of Object.values(bytes)) {
      const header = await readHeader(memorySource({ 'r.hea': file }), 'r');
      expect(header.signals[0]!.units).toBe('µV');
      expect(header.comments).toEqual(['Größe']);
    }
  });
});

describe('segments', () => {
  test('names, lengths and gaps', () => {
    expect(parse('m/3 2 125 30\nlayout 0\n~ 10\nseg_1 20\n# info')).toMatchObject({
      segments: [
        { name: 'layout', length: 0 },
        { name: undefined, length: 10 },
        { name: 'seg_1', length: 20 },
      ],
      length: 30,
      comments: ['info'],
      warnings: [],
    });
  });

  test('a length other than their sum is said, and the sum counts', () => {
    const header = parse('m/2 2 125 31\na 10\nb 20');
    expect(header.length).toBe(30);
    expect(header.warnings).toEqual(['line 1: 31 samples announced, the segments have 30']);
  });
});

describe('refused', () => {
  const cases: [string, string, Partial<WfdbError>][] = [
    ['nothing', '', { code: 'syntax', line: 1, expected: 'a record line' }],
    ['only comments', '# a\n# b', { code: 'syntax' }],
    [
      'no number of signals',
      'r',
      { code: 'syntax', line: 1, expected: expect.stringContaining('number of signals') },
    ],
    ['a negative number of signals', 'r -1', { code: 'syntax', found: "'-1'" }],
    [
      'missing signal lines',
      '# c\nr 2 250\na 16',
      { code: 'syntax', line: 2, expected: '2 signal lines to follow', found: '1' },
    ],
    ['a frequency of 0', 'r 1 0\na 16', { code: 'syntax', line: 1 }],
    ['a frequency that is none', 'r 1 fast\na 16', { code: 'syntax', line: 1, found: "'fast'" }],
    ['an infinite frequency', 'r 1 1e999\na 16', { code: 'syntax', line: 1 }],
    ['a negative length', 'r 1 250 -5\na 16', { code: 'syntax', line: 1 }],
    ['a length beyond 2⁵³', 'r 1 250 99999999999999999\na 16', { code: 'syntax', line: 1 }],
    ['an unknown format', 'r 1 250\n\na 17', { code: 'unsupported', line: 3, found: "'17'" }],
    ['no format', 'r 1 250\na', { code: 'syntax', line: 2 }],
    ['a format that is none', 'r 1 250\na x16', { code: 'syntax', line: 2 }],
    ['no samples a frame', 'r 1 250\na 16x0', { code: 'syntax', line: 2 }],
    ['a gain that is none', 'r 1 250\na 16 mV', { code: 'syntax', line: 2, found: "'mV'" }],
    ['a gain beyond measure', 'r 1 250\na 16 1e200', { code: 'syntax', line: 2 }],
    ['a baseline beyond 32 bits', 'r 1 250\na 16 1(4294967296)', { code: 'syntax', line: 2 }],
    ['a checksum that is none', 'r 1 250\na 16 1 1 1 1 x', { code: 'syntax', line: 2, found: "'x'" }],
    ['a file above', 'r 1 250\n../a 16', { code: 'outside', line: 2 }],
    ['a file above, inside out', 'r 1 250\na/../../b 16', { code: 'outside', line: 2 }],
    ['an absolute file', 'r 1 250\n/etc/passwd 16', { code: 'outside', line: 2 }],
    ['a file on another drive', 'r 1 250\nC:x 16', { code: 'outside', line: 2 }],
    ['a backslash', 'r 1 250\n..\\a 16', { code: 'outside', line: 2 }],
    ['a segment above', 'm/1 1 250\n../a 5', { code: 'outside', line: 2 }],
    ['a segment without length', 'm/1 1 250\na', { code: 'syntax', line: 2 }],
    ['no segments', 'm/0 1 250', { code: 'syntax', line: 1 }],
    ['a record named ..', '.. 1 250\na 16', { code: 'syntax', line: 1 }],
  ];
  test.each(cases)('%s', (_, text, expected) => {
    expect(() => parse(text)).toThrow(WfdbError);
    expect(() => parse(text)).toThrow(expect.objectContaining({ file: 'r.hea', ...expected }));
  });

  test('what is found is quoted short and printable', () => {
    try {
      parse(`r 1 250\na ${'\u0007\u001b[31m'.repeat(50)}`);
      expect.unreachable();
    } catch (error) {
      expect((error as WfdbError).message).toMatch(/^[\x20-\x7e…]{1,160}$/);
    }
  });

  test('any text parses or is refused with a WfdbError', () => {
    const word = fc.constantFrom(
      'r',
      '2',
      '250',
      '16',
      '212x2',
      '~',
      '/',
      '#',
      '\n',
      ' ',
      '-1',
      '1e9',
      '200(5)/mV',
      '..',
      '0',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map(words => words.join(' ')),
        ),
        text => {
          try {
            parse(text);
          } catch (error) {
            expect(error).toBeInstanceOf(WfdbError);
          }
        },
      ),
      { numRuns: 3000, seed: 3 },
    );
  });

  test('a header of gigabytes is not read', async () => {
    const asked: (number | undefined)[] = [];
    const source = {
      async read(_name: string, from = 0, to?: number) {
        asked.push(to);
        return new Uint8Array(Math.min(to ?? 2 ** 31, 2 ** 31) - from);
      },
    };
    await expect(readHeader(source, 'r')).rejects.toMatchObject({ code: 'too-large' });
    expect(Math.max(...asked.map(Number))).toBeLessThan(2 ** 25);
  });
});
