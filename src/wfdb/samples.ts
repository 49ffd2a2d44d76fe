/** Signal files: the interleaved samples of one or more signals, unpacked into one array per signal. */
import { WfdbError } from './errors.ts';
import { bytesFor, formatNamed, samplesIn } from './formats.ts';
import type { SignalHeader } from './header.ts';
import type { Source } from './source.ts';

/** One signal of a file and whether its samples are wanted. */
export interface FileSignal {
  readonly header: SignalHeader;
  readonly wanted: boolean;
}

/** The samples of one signal, and the sum of those read from the file modulo 2³². */
export interface FileSamples {
  readonly adc: Int32Array;
  readonly sum: number;
}

/** Samples unpacked at a time: few enough to stay in the processor's cache. */
const blockSamples = 4096;

/**
 * Reads frames `[from, to)` of the signals of one file, to its end when `to` is undefined. Answers one entry per
 * signal, undefined where it is not wanted. Skew is undone: a signal that was recorded k frames late is read from k
 * frames on, and what then lies beyond the file's end is invalid.
 *
 * Throws `WfdbError` with code `truncated` when the file ends before the window does.
 */
export async function readSignalFile(
  source: Source,
  file: string,
  signals: readonly FileSignal[],
  from: number,
  to: number | undefined,
): Promise<readonly (FileSamples | undefined)[]> {
  const { format: number, byteOffset } = signals[0]!.header;
  const format = formatNamed(number)!;
  const perFrame = signals.reduce((sum, { header }) => sum + header.samplesPerFrame, 0);
  const skews = signals.map(({ header }) => Math.round(header.skew / header.samplesPerFrame));

  // The file is read from a group boundary on; `lead` samples of the first group come before the window.
  const lead = (from * perFrame) % format.groupSamples;
  const start = byteOffset + ((from * perFrame - lead) / format.groupSamples) * format.groupBytes;
  const framesWanted = to === undefined ? Number.POSITIVE_INFINITY : to - from;
  const end =
    to === undefined
      ? undefined
      : start + bytesFor(format, lead + (framesWanted + Math.max(...skews)) * perFrame);
  const bytes = await source.read(file, start, end);
  const framesThere = Math.max(0, Math.floor((samplesIn(format, bytes.length) - lead) / perFrame));
  if (to !== undefined && framesThere < framesWanted) {
    throw new WfdbError({
      code: 'truncated',
      file,
      byte: start + bytes.length,
      expected: `${start + bytesFor(format, lead + framesWanted * perFrame)} bytes for ${to} samples a signal`,
      found: `the end of the file after ${from + framesThere} samples`,
    });
  }
  const frames = Math.min(framesWanted, framesThere);

  const tracks = signals.map(({ header, wanted }, i) => ({
    adc: wanted ? new Int32Array(frames * header.samplesPerFrame) : undefined,
    offset: signals.slice(0, i).reduce((sum, before) => sum + before.header.samplesPerFrame, 0),
    width: header.samplesPerFrame,
    skew: skews[i]!,
    sum: 0,
  }));
  for (const track of tracks) {
    if (track.skew > 0)
      track.adc?.fill(format.invalid ?? 0, Math.max(0, framesThere - track.skew) * track.width);
  }

  // Each block starts the same `lead` samples after a group boundary.
  const blockFrames =
    format.groupSamples * Math.max(1, Math.floor(blockSamples / (format.groupSamples * perFrame)));
  const scratch = new Int32Array(lead + Math.min(blockFrames, framesThere) * perFrame);
  for (let frame = 0; frame < framesThere; frame += blockFrames) {
    const count = Math.min(blockFrames, framesThere - frame);
    const byte = ((frame * perFrame) / format.groupSamples) * format.groupBytes;
    format.decode(bytes, byte, lead + count * perFrame, scratch);
    for (const track of tracks) {
      if (track.adc === undefined) continue;
      const summed = Math.max(0, Math.min(count, frames - frame));
      track.sum = (track.sum + sumTrack(scratch, lead + track.offset, perFrame, track.width, summed)) | 0;
      copyTrack(scratch, lead + track.offset, perFrame, track.width, count, track.adc, frame - track.skew);
    }
  }
  return tracks.map(({ adc, sum }) => (adc === undefined ? undefined : { adc, sum }));
}

function sumTrack(block: Int32Array, first: number, stride: number, width: number, count: number): number {
  let sum = 0;
  for (let i = 0, at = first; i < count; i++, at += stride) {
    for (let j = 0; j < width; j++) sum = (sum + block[at + j]!) | 0;
  }
  return sum;
}

/** Copies `count` frames to `out`, where the first one belongs at frame `frame`; what falls outside is dropped. */
function copyTrack(
  block: Int32Array,
  first: number,
  stride: number,
  width: number,
  count: number,
  out: Int32Array,
  frame: number,
): void {
  const begin = Math.max(0, -frame);
  const end = Math.min(count, out.length / width - frame);
  let to = (frame + begin) * width;
  for (let i = begin, at = first + begin * stride; i < end; i++, at += stride) {
    for (let j = 0; j < width; j++) out[to++] = block[at + j]!;
  }
}
