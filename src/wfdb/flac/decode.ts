/**
 * FLAC signal files (formats 508, 516 and 524: 8, 16 and 24 bits). Each signal of the file is one channel. Frames
 * are located and checked here and decoded by @wasm-audio-decoders/flac (libFLAC). The sampling rate stored in the
 * stream is ignored in favour of that in the header.
 */
import type { FLACDecodedAudio, FLACDecoder } from '@wasm-audio-decoders/flac';
import { checkExpansion } from '../allocation-limit.ts';
import { WfdbError } from '../errors.ts';
import type { Source } from '../source.ts';
import { type Report, reportError } from '../warnings.ts';
import { announcedSamples, frameAt, metadataLength } from './frames.ts';

/** A FLAC stream, decoded sequentially; consecutive reads continue where the last one ended. */
export interface FlacStream {
  /**
   * Samples `[from, to)` of each channel, to the end of the stream if `to` is undefined; fewer if the stream ends
   * before. Reports bytes that are not FLAC frames (`syntax`) and fewer samples than the stream announces (`truncated`);
   * the samples decoded so far are then returned. Throws `WfdbError` with code `inconsistent` if the sample width or
   * number of channels differs from the header.
   */
  read(from: number, to: number | undefined): Promise<readonly Int32Array[]>;
  /** Byte of the file at which reading stopped. */
  end(): number;
  /** Number of samples per channel according to the stream, once reading has started; 0 if unknown. */
  announced(): number;
  close(): void;
}

/** Bytes read at a time. */
const chunkBytes = 1 << 18;
/** Upper limit on the size of a frame or of the metadata (pictures, for example). */
const longestFrame = 1 << 25;

/** Which stream is read, and what the header expects of it. */
interface StreamPlace {
  readonly source: Source;
  readonly file: string;
  readonly byteOffset: number;
  readonly bits: number;
  readonly channels: number;
}

interface Block {
  readonly start: number;
  readonly channels: readonly Float32Array[];
}

/** Decoding state of a stream. */
interface StreamState extends StreamPlace {
  readonly decoder: FLACDecoder;
  /** File position of `pending`. */
  byte: number;
  /** Bytes read but not yet decoded. */
  pending: Uint8Array;
  isPastMetadata: boolean;
  /** Number of samples per channel according to the stream; 0 if unknown. */
  announced: number;
  isAtEnd: boolean;
  /** Number of frames decoded. */
  frames: number;
  /** Number of samples per channel decoded. */
  samples: number;
  /** Decoded blocks that may still be requested. */
  blocks: Block[];
}

/** Opens the FLAC stream that starts at `byteOffset` of a file. */
export function openFlacStream(
  source: Source,
  file: string,
  expected: { readonly byteOffset: number; readonly bits: number; readonly channels: number },
  report: Report,
): FlacStream {
  const place: StreamPlace = { source, file, ...expected };
  let state: StreamState | undefined;
  const close = (): void => {
    state?.decoder.free();
    state = undefined;
  };
  return {
    announced: () => state?.announced ?? 0,
    end: () => (state === undefined ? place.byteOffset : state.byte + state.pending.length),
    close,
    async read(from, to = Number.POSITIVE_INFINITY) {
      const isBehind = state !== undefined && from < (state.blocks[0]?.start ?? state.samples);
      if (isBehind) close();
      state ??= await startDecoding(place);
      while (state.samples < to && !state.isAtEnd) {
        try {
          await advance(state);
        } catch (error) {
          const lost = { count: state.pending.length, what: 'bytes of FLAC that could not be decoded' };
          reportError(report, error, ['syntax', 'truncated'], lost);
          state.isAtEnd = true;
        }
        while (state.blocks.length > 0 && endOf(state.blocks[0]!) <= from) state.blocks.shift();
        checkExpansion(file, (state.samples - (state.blocks[0]?.start ?? state.samples)) * place.channels);
      }
      return samplesOf(state, from, Math.min(to, state.samples));
    },
  };
}

async function startDecoding(place: StreamPlace): Promise<StreamState> {
  // Loaded on demand: the decoder is large, and few recordings need it.
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac');
  const decoder = new FLACDecoder();
  await decoder.ready;
  return {
    ...place,
    decoder,
    byte: place.byteOffset,
    pending: new Uint8Array(0),
    isPastMetadata: false,
    announced: 0,
    isAtEnd: false,
    frames: 0,
    samples: 0,
    blocks: [],
  };
}

/** Throws a `WfdbError` at the byte that `state` has reached. */
function fail(
  { file, byte }: StreamState,
  code: 'syntax' | 'inconsistent' | 'truncated',
  expected: string,
  found: string,
): never {
  throw new WfdbError({ code, file, byte, expected, found });
}

/** Reads a chunk and decodes the complete frames in it. */
async function advance(state: StreamState): Promise<void> {
  const end = state.byte + state.pending.length;
  const chunk = await state.source.read(state.file, end, end + chunkBytes);
  state.isAtEnd = chunk.length === 0;
  state.pending = joined(state.pending, chunk);
  if (!state.isPastMetadata) skipMetadata(state);
  if (state.isPastMetadata) await decodeFrames(state);
  const { length } = state.pending;
  if (state.isAtEnd && length > 0) {
    fail(state, 'syntax', `FLAC frame ${state.frames}`, `${length} bytes of a malformed or incomplete frame`);
  }
  if (state.isAtEnd && state.samples < state.announced) {
    fail(state, 'truncated', `${state.announced} samples a channel`, `${state.samples}`);
  }
  if (length > longestFrame) fail(state, 'syntax', 'a FLAC frame', `none in ${length} bytes`);
}

function skipMetadata(state: StreamState): void {
  const length = metadataLength(state.pending);
  if (length === null || (state.isAtEnd && state.pending.length === 0)) {
    fail(state, 'syntax', "a FLAC stream ('fLaC')", 'something else');
  }
  if (length === undefined || length > state.pending.length) return;
  state.announced = announcedSamples(state.pending);
  state.byte += length;
  state.pending = state.pending.subarray(length);
  state.isPastMetadata = true;
}

async function decodeFrames(state: StreamState): Promise<void> {
  const frames: Uint8Array[] = [];
  let samples = 0;
  let at = 0;
  let wrongNumber: { readonly due: number; readonly number: number } | undefined;
  for (;;) {
    const frame = at < state.pending.length ? frameAt(state.pending, at, state.isAtEnd) : undefined;
    if (frame === undefined) break;
    const { number, isVariable, blockSize } = frame.header;
    const due = isVariable ? state.samples + samples : state.frames;
    if (number !== due) {
      wrongNumber = { due, number };
      break;
    }
    frames.push(state.pending.subarray(frame.from, frame.to));
    samples += blockSize;
    state.frames++;
    at = frame.to;
  }
  if (frames.length > 0) keep(state, await state.decoder.decodeFrames(frames), samples);
  state.byte += at;
  state.pending = state.pending.subarray(at);
  if (wrongNumber !== undefined) {
    fail(state, 'syntax', `FLAC frame ${wrongNumber.due}`, `frame ${wrongNumber.number}`);
  }
}

function keep(state: StreamState, decoded: FLACDecodedAudio, samples: number): void {
  const { channelData, samplesDecoded, bitDepth, errors } = decoded;
  const { bits, channels } = state;
  if (errors[0] !== undefined) fail(state, 'syntax', 'FLAC frames', errors[0].message);
  if (bitDepth !== bits) fail(state, 'inconsistent', `${bits} bits a sample`, `${bitDepth}`);
  if (channelData.length !== channels) {
    fail(state, 'inconsistent', `${channels} channels`, `${channelData.length}`);
  }
  if (samplesDecoded !== samples) fail(state, 'syntax', `${samples} samples`, `${samplesDecoded}`);
  state.blocks.push({ start: state.samples, channels: channelData });
  state.samples += samples;
}

/** Samples `[from, end)` of each channel, from the decoded blocks. */
function samplesOf({ blocks, bits, channels }: StreamState, from: number, end: number): Int32Array[] {
  // The decoder divides samples by this and returns single precision: exact up to 24 bits.
  const full = 2 ** (bits - 1) - 1;
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
}

const endOf = (block: Block): number => block.start + block.channels[0]!.length;

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
