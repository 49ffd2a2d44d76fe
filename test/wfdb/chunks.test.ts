/** A record read chunk by chunk against the same record read at once. */
import { describe, expect, test } from 'vitest';
import { recordChunks } from '../../src/wfdb/chunks.ts';
import { signalFormats } from '../../src/wfdb/formats.ts';
import { files, nan, read, watched } from './record-in-memory.ts';

describe('pieces', () => {
  const numbers = [...signalFormats]
    .filter(([, format]) => format.packing !== undefined)
    .map(([number]) => number);

  test('put together are the whole, and checksums are verified at the end', async () => {
    for (const format of numbers) {
      const bytes = Uint8Array.from({ length: 303 }, (_, i) => (i * 37 + 11) & 0xff);
      const record = {
        'r.hea': `r 3 10\nr.dat ${format}x2 7(3)\nr.dat ${format}:2 7\nr.dat ${format} 7`,
        'r.dat': bytes,
      };
      const whole = await read(record, { rate: 'signal' });
      for (const known of [true, false]) {
        const sums = whole.signals.map(signal => signal.computedChecksum);
        const header = known
          ? `r 3 10 ${whole.length}\nr.dat ${format}x2 7(3)/mV 0 0 0 ${sums[0]}\nr.dat ${format}:2 7(0)/mV 0 0 0 ${sums[1]}\nr.dat ${format} 7(0)/mV 0 0 0 ${sums[2]}`
          : record['r.hea'];
        const source = files({ ...record, 'r.hea': header });
        for (const seconds of [0.1, 0.7, 5, 100]) {
          const pieces = [];
          for await (const piece of recordChunks(source, 'r', { seconds, rate: 'signal' }))
            pieces.push(piece);
          let start = 0;
          for (const piece of pieces) {
            expect(piece.start).toBe(start);
            start += piece.length;
          }
          const skewed = known ? whole.length : start;
          for (const [i, signal] of whole.signals.entries()) {
            const put = pieces.flatMap(piece => [...piece.signals[i]!.physical]);
            expect(put, `format ${format}, ${seconds} s`).toEqual([...signal.physical].slice(0, put.length));
          }
          expect(start).toBe(skewed);
        }
        if (!known) continue;
        const wrong = files({ ...record, 'r.hea': header.replace(/(-?\d+)$/, sum => `${Number(sum) + 1}`) });
        const drain = async () => {
          for await (const _ of recordChunks(wrong, 'r', { seconds: 0.7 }));
        };
        await expect(drain()).rejects.toMatchObject({ code: 'checksum' });
      }
    }
  });

  test.each([
    ['a null signal', 'r 1 250 1000000000000000\n~ 0 200 16 0 0 0 0 I\n'],
    ['a gap', 'r/2 1 250 1000000000000001\ns 1\n~ 1000000000000000\n'],
    ['no signal', 'r 0 250 1000000000000000\n'],
  ])('%s of a length that nobody could wait for is refused', async (_, header) => {
    const segment = { 's.hea': 's 1 250 1\ns.dat 16 200 16 0 0 0 0 I\n', 's.dat': new Uint8Array(2) };
    const source = files({ 'r.hea': header, ...segment });
    const drain = async () => {
      for await (const _piece of recordChunks(source, 'r', { seconds: 40_000 }));
    };
    await expect(drain()).rejects.toMatchObject({ code: 'too-large' });
  });

  test('each reads only its own bytes', async () => {
    const source = watched(files({ 'r.hea': 'r 1 100 1000\nr.dat 16 1', 'r.dat': new Uint8Array(2000) }));
    for await (const _ of recordChunks(source, 'r', { seconds: 5 }));
    expect(source.ranges.slice(1)).toEqual([
      ['r.dat', 0, 1000],
      ['r.dat', 1000, 2000],
    ]);
  });

  test('format 8 is read once, not anew for each piece', async () => {
    const source = watched(files({ 'r.hea': 'r 1 100 1000\nr.dat 8 1', 'r.dat': new Uint8Array(1000) }));
    for await (const _ of recordChunks(source, 'r', { seconds: 1 }));
    const total = source.ranges.slice(1).reduce((sum, [, from, to]) => sum + to! - from, 0);
    expect(total).toBeLessThanOrEqual(2000);
  });

  test('a piece without a sample is refused', async () => {
    const source = files({ 'r.hea': 'r 1 100 10\nr.dat 16 1', 'r.dat': new Uint8Array(20) });
    for (const seconds of [0, -1, 0.001, nan]) {
      await expect(recordChunks(source, 'r', { seconds }).next()).rejects.toThrow(RangeError);
    }
  });
});
