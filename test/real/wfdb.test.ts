/** The MIT-BIH records and others as published: what their headers and documentation say is what is read. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileSource, wfdbPath } from '../../src/node/files.ts';
import {
  decodeAnnotations,
  encodeAnnotations,
  readAnnotations,
} from '../../src/wfdb/annotations/annotation-file.ts';
import { isBeat } from '../../src/wfdb/annotations/symbols.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { memorySink } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { expectSameSamples } from '../same-samples.ts';
import { databaseFolder, onRecordings } from './recordings.ts';

const recordsIn = (database: string, folder = ''): string[] =>
  databaseFolder(database) === undefined
    ? []
    : readdirSync(`${databaseFolder(database)}/${folder}`)
        .filter(name => name.endsWith('.hea'))
        .map(name => `${database}/${folder}${name.slice(0, -4)}`);

const source = fileSource(wfdbPath());

onRecordings('mitdb')('mitdb', () => {
  test('each of the 48 records sums to its published checksums', async () => {
    const records = recordsIn('mitdb');
    expect(records).toHaveLength(48);
    for (const name of records) {
      const { signals, length } = await readRecord(source, name);
      expect(length).toBe(650_000);
      for (const signal of signals) {
        expect(signal.checksum).toBe(Number(signal.header!.checksum));
        expect(signal.adc.reduce((sum, value) => ((sum + value) << 16) >> 16, 0)).toBe(signal.checksum);
        expect(signal.adc[0]).toBe(signal.header!.initialValue);
      }
    }
  });

  test('the reference annotations are 112,647, of them 109,494 beats', async () => {
    let all = 0;
    let beats = 0;
    for (const name of recordsIn('mitdb')) {
      const annotations = await readAnnotations(source, name, 'atr');
      all += annotations.length;
      beats += annotations.filter(({ symbol }) => isBeat(symbol)).length;
    }
    expect({ all, beats }).toEqual({ all: 112_647, beats: 109_494 });
  });

  test('a window holds what the whole record holds there', async () => {
    const whole = await readRecord(source, 'mitdb/208');
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [649_999, 650_000],
      [12_345, 23_456],
    ] as const) {
      const part = await readRecord(source, 'mitdb/208', { from, to });
      expect(part.start).toBe(from);
      for (const [i, signal] of part.signals.entries()) {
        expectSameSamples(signal.adc, whole.signals[i]!.adc.slice(from, to));
        expectSameSamples(signal.physical, whole.signals[i]!.physical.slice(from, to));
      }
    }
    const seconds = await readRecord(source, 'mitdb/208', {
      from: 10,
      to: 20,
      unit: 'seconds',
      signals: ['V1'],
    });
    expect(seconds.signals.map(signal => signal.name)).toEqual(['V1']);
    expect(seconds.signals[0]!.adc).toEqual(whole.signals[1]!.adc.slice(3600, 7200));
  });
});

describe.each([
  ['ludb', 'data/', 200],
  ['ptb-xl', '', 10],
  ['nstdb', '', 2],
] as const)('%s', (database, folder, count) => {
  onRecordings(database)('', () => {
    test('each record sums to its published checksums', async () => {
      const records = recordsIn(database, folder);
      expect(records).toHaveLength(count);
      for (const name of records) {
        for (const signal of (await readRecord(source, name)).signals) {
          expect(signal.checksum).toBeDefined();
          expect(signal.computedChecksum).toBe(signal.checksum);
        }
      }
    });
  });
});

onRecordings('af2017')('af2017', () => {
  test('each record reads at its full length; checksums that are all 0 count as not given', async () => {
    const records = recordsIn('af2017');
    expect(records).toHaveLength(150);
    for (const name of records) {
      const { signals, length, header } = await readRecord(source, name);
      expect(signals[0]!.physical).toHaveLength(header!.length!);
      expect(length).toBe(header!.length);
      expect(signals[0]!.checksum).toBeUndefined();
    }
  });
});

onRecordings('ludb')('records written again', () => {
  const bytesOf = async (file: string) => source.read(file);

  test('the 2,400 annotation files of ludb come out byte for byte', async () => {
    const files = readdirSync(join(databaseFolder('ludb')!, 'data')).filter(file =>
      /\.(i{1,3}|av[rlf]|v\d)$/.test(file),
    );
    expect(files).toHaveLength(2400);
    for (const file of files) {
      const bytes = await bytesOf(`ludb/data/${file}`);
      expect(Buffer.compare(encodeAnnotations(decodeAnnotations(bytes, file)), bytes), file).toBe(0);
    }
  });

  test('signal files of format 16 and 212 come out byte for byte', async () => {
    const names = [
      'ludb/data/1',
      'ludb/data/200',
      ...(databaseFolder('mitdb') === undefined ? [] : ['mitdb/100', 'mitdb/208']),
    ];
    for (const name of names) {
      const recording = await readRecord(source, name);
      const sink = memorySink();
      await writeRecord(sink, recording, { format: recording.signals[0]!.header!.format });
      expect(Buffer.compare(sink.files.get(`${name}.dat`)!, await bytesOf(`${name}.dat`)), name).toBe(0);
    }
  });
});
