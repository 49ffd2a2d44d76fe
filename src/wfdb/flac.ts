/**
 * FLAC signal files (formats 508, 516 and 524: 8, 16 and 24 bits), decoded by @wasm-audio-decoders/flac. Each signal of
 * the file is one channel. The sampling rate in the stream says nothing: the header's counts.
 */
import { type FLACDecodedAudio, FLACDecoder } from '@wasm-audio-decoders/flac';
import { WfdbError } from './errors.ts';
import { checkUnbacked } from './limits.ts';
import type { Source } from './source.ts';

/** A FLAC stream that is read from its start on and keeps its place. */
export interface FlacStream {
  /**
   * Samples `[from, to)` of each channel, to the stream's end when `to` is undefined; fewer where the stream ends.
   * Throws `WfdbError` with code `syntax` for bytes that are no FLAC stream, `inconsistent` for one of another width
   * or number of channels.
   */
  read(from: number, to: number | undefined): Promise<readonly Int32Array[]>;
  close(): void;
}

/** Bytes read and decoded at a time. */
const chunkBytes = 1 << 18;
const longestFrameHeader = 32;

interface Block {
  readonly start: number;
  readonly channels: readonly Float32Array[];
}

/** Opens the FLAC stream that starts at `byteOffset` of a file. */
export function openFlacStream(
  source: Source,
  file: string,
  expected: { readonly byteOffset: number; readonly bits: number; readonly channels: number },
): FlacStream {
  const { byteOffset, bits, channels } = expected;
  // The decoder scales samples by this, and gives them in single precision: exact up to 24 bits.
  const full = 2 ** (bits - 1) - 1;
  let decoder: FLACDecoder | undefined;
  let byte = byteOffset;
  let atEnd = false;
  let blocks: Block[] = [];
  let decoded = 0;

  const fail = (code: 'syntax' | 'inconsistent', what: string, found: string): never => {
    throw new WfdbError({ code, file, byte, expected: what, found });
  };

  async function restart(): Promise<void> {
    decoder?.free();
    decoder = new FLACDecoder();
    await decoder.ready;
    byte = byteOffset;
    atEnd = false;
    blocks = [];
    decoded = 0;
  }

  async function decodeChunk(): Promise<void> {
    const bytes = await source.read(file, byte, byte + chunkBytes);
    if (byte === byteOffset && !isFlac(bytes)) fail('syntax', "a FLAC stream ('fLaC')", 'something else');
    byte += bytes.length;
    atEnd = bytes.length === 0;
    if (!atEnd) return keep(await decoder!.decode(bytes));
    // The decoder gives out a frame once it sees the next one's header. Zeros after the last frame, which leave its
    // check as it is, make it see that none follows.
    keep(await decoder!.decode(new Uint8Array(longestFrameHeader)));
    keep(await decoder!.flush());
  }

  function keep({ channelData, samplesDecoded, bitDepth, errors }: FLACDecodedAudio): void {
    const error = errors[0];
    if (error !== undefined) fail('syntax', 'a FLAC frame', error.message);
    if (samplesDecoded === 0) return;
    if (bitDepth !== bits) fail('inconsistent', `${bits} bits a sample`, `${bitDepth}`);
    if (channelData.length !== channels) {
      fail('inconsistent', `${channels} channels`, `${channelData.length}`);
    }
    blocks.push({ start: decoded, channels: channelData });
    decoded += samplesDecoded;
  }

  return {
    close() {
      decoder?.free();
      decoder = undefined;
    },
    async read(from, to = Number.POSITIVE_INFINITY) {
      if (decoder === undefined || from < (blocks[0]?.start ?? decoded)) await restart();
      while (decoded < to && !atEnd) {
        await decodeChunk();
        while (blocks.length > 0 && endOf(blocks[0]!) <= from) blocks.shift();
        checkUnbacked(file, (decoded - (blocks[0]?.start ?? decoded)) * channels);
      }
      const end = Math.min(to, decoded);
      const found = Array.from({ length: channels }, () => new Int32Array(Math.max(0, end - from)));
      for (const block of blocks) {
        const first = Math.max(from, block.start);
        const last = Math.min(end, endOf(block));
        for (const [c, samples] of block.channels.entries()) {
          const out = found[c]!;
          for (let i = first; i < last; i++) out[i - from] = Math.round(samples[i - block.start]! * full);
        }
      }
      return found;
    },
  };
}

const endOf = (block: Block): number => block.start + block.channels[0]!.length;

const isFlac = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x66 && bytes[1] === 0x4c && bytes[2] === 0x61 && bytes[3] === 0x43;
