/** A window of a large EDF+ file costs what the window holds, annotations included. */
import { expect, test } from 'vitest';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { WfdbError } from '../../src/wfdb/errors.ts';
import type { Source } from '../../src/wfdb/source.ts';
import { edfFile } from '../wfdb/edf/edf-file.ts';

/** 8 signals of 1000 Hz and annotations, in data records of 1 s: 36 hours, 2.1 GB. */
const dataRecords = 130_000;

/** A file that is made as it is read: a header, and data records that say which they are. */
function largeFile(variant: 'EDF+C' | 'EDF+D'): {
  source: Source;
  read: { bytes: number; calls: number };
  size: number;
} {
  const stamp = (r: number) => `+${r}\x14\x14\0+${r}.25\x14mark ${r}\x14\0`.padEnd(59, '\0');
  const ecg = Array.from({ length: 8 }, (_, s) => ({
    label: `ECG ${s}`,
    data: [Array.from({ length: 1000 }, (_, i) => 100 * s + (i % 50))],
  }));
  const one = edfFile({
    reserved: variant,
    signals: [...ecg, { label: 'EDF Annotations', data: [stamp(0)] }],
  });
  const headerBytes = 256 * 10;
  const recordBytes = one.length - headerBytes;
  const header = one.slice(0, headerBytes);
  header.set(new TextEncoder().encode(String(dataRecords).padEnd(8)), 236);
  const body = one.subarray(headerBytes);
  const size = headerBytes + dataRecords * recordBytes;
  const read = { bytes: 0, calls: 0 };
  return {
    size,
    read,
    source: {
      size: async () => size,
      async read(name, from = 0, to = size) {
        if (name !== 'large.edf')
          throw new WfdbError({ code: 'not-found', file: name, expected: 'a file', found: 'none' });
        const end = Math.min(to, size);
        const bytes = new Uint8Array(Math.max(0, end - from));
        read.bytes += bytes.length;
        read.calls++;
        for (let at = from; at < end; ) {
          const isHeader = at < headerBytes;
          const r = isHeader ? 0 : Math.floor((at - headerBytes) / recordBytes);
          const start = isHeader ? 0 : headerBytes + r * recordBytes;
          const source = isHeader ? header : withStamp(body, stamp(r));
          const part = source.subarray(at - start, Math.min(source.length, end - start));
          bytes.set(part, at - from);
          at += part.length;
        }
        return bytes;
      },
    },
  };
}

const withStamp = (body: Uint8Array, text: string): Uint8Array => {
  const record = body.slice();
  record.set(new TextEncoder().encode(text), record.length - 60);
  return record;
};

test.each(['EDF+C', 'EDF+D'] as const)('10 s of 2 GB of %s', async variant => {
  const { source, read, size } = largeFile(variant);
  expect(size).toBeGreaterThan(2e9);
  const recording = await openRecording(source, 'large.edf', { startSeconds: 100_000, endSeconds: 100_010 });
  const { signals, start, length } = await recording.read();
  const marks = await recording.annotations('atr');
  expect([recording.container, start, length, signals.length]).toEqual(['EDF', 100_000_000, 10_000, 8]);
  expect(signals[3]!.adc.subarray(50, 53)).toEqual(Int32Array.of(300, 301, 302));
  expect(marks!.annotations.map(({ sample, aux }) => [sample, aux])).toEqual(
    Array.from({ length: 10 }, (_, k) => [1000 * (100_000 + k) + 250, `mark ${100_000 + k}`]),
  );
  // 160 kB are in the window, 64 kB tell what the file is, 16 kB hold the first frame.
  expect(read.bytes).toBeLessThan(400_000);
  expect(read.calls).toBeLessThan(250);
});
