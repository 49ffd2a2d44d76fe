/**
 * FLAC signal files (formats 508, 516 and 524: 8, 16 and 24 bits). Each signal of the file is one channel. The frames
 * are found here, each with its check, and decoded by @wasm-audio-decoders/flac (libFLAC). The sampling rate in the
 * stream says nothing: the header's counts.
 */
import { type FLACDecodedAudio, FLACDecoder } from '@wasm-audio-decoders/flac';
import { checkExpansion } from '../allocation-limit.ts';
import { WfdbError } from '../errors.ts';
import type { Source } from '../source.ts';
import { type Report, reportError } from '../warnings.ts';
import { announcedSamples, frameAt, metadataLength } from './frames.ts';

/** A FLAC stream that is read from its start on and keeps its place. */
export interface FlacStream {
  /**
   * Samples `[from, to)` of each channel, to the stream's end when `to` is undefined; fewer where the stream ends.
   * Reports bytes that are no FLAC frames (`syntax`) and fewer samples than the stream announces (`truncated`): what was
   * decoded up to there is all there is. Throws `WfdbError` with code `inconsistent` for another width or number of
   * channels than expected.
   */
  read(from: number, to: number | undefined): Promise<readonly Int32Array[]>;
  /** Byte of the file at which reading stopped. */
  end(): number;
  /** Samples of each channel that the stream says it has, once reading has begun; 0 where it does not say. */
  announced(): number;
  close(): void;
}

/** Bytes read at a time. */
const chunkBytes = 1 << 18;
/** No frame and no metadata (pictures, say) are longer. */
const longestFrame = 1 << 25;

interface Block {
  readonly start: number;
  readonly channels: readonly Float32Array[];
}

/** Where a stream is read. */
interface Place {
  readonly decoder: FLACDecoder;
  /** File position of `pending`, bytes read but not decoded. */
  byte: number;
  pending: Uint8Array;
  isPastMetadata: boolean;
  /** Samples of each channel in the whole stream, 0 where it does not say. */
  announced: number;
  isAtEnd: boolean;
  /** Frames and samples decoded. */
  frames: number;
  samples: number;
  /** What was decoded and may still be asked for. */
  blocks: Block[];
}

/** Opens the FLAC stream that starts at `byteOffset` of a file. */
export function openFlacStream(
  source: Source,
  file: string,
  expected: { readonly byteOffset: number; readonly bits: number; readonly channels: number },
  report: Report,
): FlacStream {
  const { byteOffset, bits, channels } = expected;
  // The decoder scales samples by this, and gives them in single precision: exact up to 24 bits.
  const full = 2 ** (bits - 1) - 1;
  let place: Place | undefined;

  async function start(): Promise<Place> {
    place?.decoder.free();
    place = undefined;
    const decoder = new FLACDecoder();
    await decoder.ready;
    place = {
      decoder,
      byte: byteOffset,
      pending: new Uint8Array(0),
      isPastMetadata: false,
      announced: 0,
      isAtEnd: false,
      frames: 0,
      samples: 0,
      blocks: [],
    };
    return place;
  }

  function fail(
    code: 'syntax' | 'inconsistent' | 'truncated',
    byte: number,
    what: string,
    found: string,
  ): never {
    throw new WfdbError({ code, file, byte, expected: what, found });
  }

  /** Reads a chunk and decodes the frames that are whole. */
  async function advance(p: Place): Promise<void> {
    const end = p.byte + p.pending.length;
    const chunk = await source.read(file, end, end + chunkBytes);
    p.isAtEnd = chunk.length === 0;
    p.pending = joined(p.pending, chunk);
    if (!p.isPastMetadata) skipMetadata(p);
    if (p.isPastMetadata) await decodeFrames(p);
    if (p.isAtEnd && p.pending.length > 0) {
      fail(
        'syntax',
        p.byte,
        `FLAC frame ${p.frames}`,
        `${p.pending.length} bytes that are none, or not all of one`,
      );
    }
    if (p.isAtEnd && p.samples < p.announced) {
      fail('truncated', p.byte, `${p.announced} samples a channel`, `${p.samples}`);
    }
    if (p.pending.length > longestFrame) {
      fail('syntax', p.byte, 'a FLAC frame', `none in ${p.pending.length} bytes`);
    }
  }

  function skipMetadata(p: Place): void {
    const length = metadataLength(p.pending);
    if (length === null || (p.isAtEnd && p.pending.length === 0)) {
      fail('syntax', p.byte, "a FLAC stream ('fLaC')", 'something else');
    }
    if (length === undefined || length > p.pending.length) return;
    p.announced = announcedSamples(p.pending);
    p.byte += length;
    p.pending = p.pending.subarray(length);
    p.isPastMetadata = true;
  }

  async function decodeFrames(p: Place): Promise<void> {
    const frames: Uint8Array[] = [];
    let samples = 0;
    let at = 0;
    let stray: (() => never) | undefined;
    for (;;) {
      const frame = at < p.pending.length ? frameAt(p.pending, at, p.isAtEnd) : undefined;
      if (frame === undefined) break;
      const { number, isVariable, blockSize } = frame.header;
      const due = isVariable ? p.samples + samples : p.frames;
      if (number !== due) {
        stray = () => fail('syntax', p.byte, `FLAC frame ${due}`, `frame ${number}`);
        break;
      }
      frames.push(p.pending.subarray(frame.from, frame.to));
      samples += blockSize;
      p.frames++;
      at = frame.to;
    }
    if (frames.length > 0) keep(p, await p.decoder.decodeFrames(frames), samples);
    p.byte += at;
    p.pending = p.pending.subarray(at);
    stray?.();
  }

  function keep(p: Place, decoded: FLACDecodedAudio, samples: number): void {
    const { channelData, samplesDecoded, bitDepth, errors } = decoded;
    if (errors[0] !== undefined) fail('syntax', p.byte, 'FLAC frames', errors[0].message);
    if (bitDepth !== bits) fail('inconsistent', p.byte, `${bits} bits a sample`, `${bitDepth}`);
    if (channelData.length !== channels) {
      fail('inconsistent', p.byte, `${channels} channels`, `${channelData.length}`);
    }
    if (samplesDecoded !== samples) fail('syntax', p.byte, `${samples} samples`, `${samplesDecoded}`);
    p.blocks.push({ start: p.samples, channels: channelData });
    p.samples += samples;
  }

  return {
    announced: () => place?.announced ?? 0,
    end: () => (place === undefined ? byteOffset : place.byte + place.pending.length),
    close() {
      place?.decoder.free();
      place = undefined;
    },
    async read(from, to = Number.POSITIVE_INFINITY) {
      const isBehind = place !== undefined && from < (place.blocks[0]?.start ?? place.samples);
      const p = place === undefined || isBehind ? await start() : place;
      while (p.samples < to && !p.isAtEnd) {
        try {
          await advance(p);
        } catch (error) {
          const lost = { count: p.pending.length, what: 'bytes of FLAC that could not be decoded' };
          reportError(report, error, ['syntax', 'truncated'], lost);
          p.isAtEnd = true;
        }
        while (p.blocks.length > 0 && endOf(p.blocks[0]!) <= from) p.blocks.shift();
        checkExpansion(file, (p.samples - (p.blocks[0]?.start ?? p.samples)) * channels);
      }
      const end = Math.min(to, p.samples);
      const found = Array.from({ length: channels }, () => new Int32Array(Math.max(0, end - from)));
      for (const block of p.blocks) {
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

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
