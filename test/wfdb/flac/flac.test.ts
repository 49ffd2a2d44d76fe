/** FLAC signal files: what our encoder writes libFLAC reads, and no damage goes unnoticed. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { WfdbError } from '../../../src/wfdb/errors.ts';
import { openFlacStream } from '../../../src/wfdb/flac/decode.ts';
import { encodeFlac } from '../../../src/wfdb/flac/encode.ts';
import { frameAt, frameHeaderAt, metadataLength } from '../../../src/wfdb/flac/frames.ts';
import { memorySource } from '../../../src/wfdb/source.ts';
import { strictly } from '../../../src/wfdb/warnings.ts';
import { expectSameSamples } from '../../same-samples.ts';

const wave = (length: number, bits: number, k = 1) =>
  Int32Array.from({ length }, (_, i) => Math.round(0.4 * 2 ** (bits - 1) * Math.sin((i * k) / 40)));

async function decoded(bytes: Uint8Array, bits: number, channels: number, from = 0, to?: number) {
  const stream = openFlacStream(
    memorySource({ 'r.dat': bytes }),
    'r.dat',
    { byteOffset: 0, bits, channels },
    strictly,
  );
  try {
    return await stream.read(from, to);
  } finally {
    stream.close();
  }
}

describe('round trip through libFLAC', () => {
  test.each([8, 16, 24])('%i bits: noise, waves, constants, extremes, of any length', async bits => {
    const most = 2 ** (bits - 1) - 1;
    const value = fc.oneof(fc.integer({ min: -most - 1, max: most }), fc.constantFrom(-most - 1, most, 0));
    const lengths = [1, 2, 4, 5, 17, 4095, 4096, 4097, 8192, 9000];
    const random = fc.sample(fc.array(value, { minLength: 9000, maxLength: 9000 }), {
      numRuns: 1,
      seed: bits,
    })[0]!;
    for (const length of lengths) {
      const channels = [
        Int32Array.from(random.slice(0, length)),
        wave(length, bits),
        new Int32Array(length).fill(-most - 1),
      ];
      const found = await decoded(encodeFlac(channels, bits), bits, 3);
      expect(found).toHaveLength(channels.length);
      for (const [c, channel] of channels.entries()) expectSameSamples(found[c]!, channel);
    }
  });

  test('windows forward and back, within one stream', async () => {
    const channel = wave(30_000, 16);
    const source = memorySource({ 'r.dat': encodeFlac([channel], 16) });
    const stream = openFlacStream(source, 'r.dat', { byteOffset: 0, bits: 16, channels: 1 }, strictly);
    for (const [from, to] of [
      [100, 200],
      [4000, 9000],
      [9000, 9001],
      [29_990, 30_500],
      [0, 5],
    ] as const) {
      expectSameSamples((await stream.read(from, to))[0]!, channel.slice(from, to));
    }
    stream.close();
  });

  test('a wave takes less room than plain samples', () => {
    expect(encodeFlac([wave(50_000, 16)], 16).length).toBeLessThan(50_000);
  });

  test('frame numbers of several bytes', async () => {
    const channel = new Int32Array(4096 * 2100).fill(7);
    const found = (await decoded(encodeFlac([channel], 8), 8, 1, 4096 * 2099 - 3))[0]!;
    expect(found.length).toBe(4099);
    expect(found.every(value => value === 7)).toBe(true);
  });
});

describe('damage', () => {
  const channel = wave(9000, 16);
  const bytes = encodeFlac([channel], 16);

  test('cut anywhere, a stream is refused; between frames where it does not say how long it is, it is shorter', async () => {
    const ends = new Set<number>();
    for (let at = metadataLength(bytes)!; at < bytes.length; ) {
      ends.add(at);
      at = frameAt(bytes, at, true)!.to;
    }
    expect(ends.size).toBe(3);
    const cuts = Array.from({ length: 60 }, (_, i) => Math.floor((i * bytes.length) / 60));
    for (const cut of [...cuts, ...ends]) {
      await expect(decoded(bytes.subarray(0, cut), 16, 1), `${cut} bytes`).rejects.toMatchObject({
        code: ends.has(cut) ? 'truncated' : 'syntax',
        file: 'r.dat',
        byte: expect.any(Number),
      });
    }
    const untold = bytes.slice();
    untold.fill(0, 22, 26); // the number of samples: unknown
    for (const [i, end] of [...ends].entries()) {
      expect((await decoded(untold.subarray(0, end), 16, 1))[0]!.length).toBe(4096 * i);
    }
  });

  test('a changed byte is found, in a window too', async () => {
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
    for (let at = 50; at < bytes.length; at += 61) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x10;
      await expect(decoded(damaged, 16, 1), `byte ${at}`).rejects.toThrow(WfdbError);
      const window = decoded(damaged, 16, 1, 8500, 8600);
      await expect(window, `byte ${at}`).rejects.toThrow(WfdbError);
    }
    quiet.mockRestore();
  });

  test('a frame left out or doubled is found', async () => {
    const first = frameAt(bytes, metadataLength(bytes)!, false)!;
    const second = frameAt(bytes, first.to, false)!;
    const without = Uint8Array.of(...bytes.subarray(0, first.to), ...bytes.subarray(second.to));
    await expect(decoded(without, 16, 1)).rejects.toMatchObject({ code: 'syntax', byte: first.to });
    const doubled = Uint8Array.of(...bytes.subarray(0, first.to), ...bytes.subarray(first.from));
    await expect(decoded(doubled, 16, 1)).rejects.toMatchObject({ code: 'syntax' });
  });

  test('another width or number of channels than the header says is refused', async () => {
    await expect(decoded(bytes, 24, 1)).rejects.toMatchObject({
      code: 'inconsistent',
      expected: '24 bits a sample',
    });
    await expect(decoded(bytes, 16, 2)).rejects.toMatchObject({
      code: 'inconsistent',
      expected: '2 channels',
    });
  });

  test('what is no FLAC is refused', async () => {
    for (const text of ['', 'f', 'fLaC', 'RIFF....', `fLaC${'\0'.repeat(100)}`]) {
      await expect(decoded(new TextEncoder().encode(text), 16, 1)).rejects.toMatchObject({ code: 'syntax' });
    }
    expect(frameHeaderAt(new Uint8Array(20).fill(0xff), 0)).toBeUndefined();
  });
});
