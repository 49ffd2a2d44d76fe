/** Signal files with random access: for a window, only its bytes are read. */

import { bytesFor, samplesIn } from './formats.ts';
import type { Column, FrameReader, SignalSamples } from './frame-columns.ts';
import type { Packing } from './packings.ts';
import type { Source } from './source.ts';

/** Samples unpacked at a time: few enough to stay in the CPU cache. */
const blockSamples = 8192;

/** Reads frames of a file in one of the packed amplitude formats. */
export function amplitudeReader(
  source: Source,
  file: string,
  packing: Packing,
  columns: readonly Column[],
  perFrame: number,
): FrameReader {
  const { groupSamples, groupBytes } = packing;
  const { byteOffset } = columns[0]!.line;
  return {
    close() {},
    async fetch(from, to, wanted) {
      // The file is read from a group boundary on; `lead` samples of the first group come before the window.
      const lead = (from * perFrame) % groupSamples;
      const start = byteOffset + ((from * perFrame - lead) / groupSamples) * groupBytes;
      const end = to === undefined ? undefined : start + bytesFor(packing, lead + (to - from) * perFrame);
      const bytes = await source.read(file, start, end);
      const there = Math.max(0, Math.floor((samplesIn(packing, bytes.length) - lead) / perFrame));
      const frames = to === undefined ? there : Math.min(there, to - from);
      return {
        frames,
        end: start + bytes.length,
        columns: unpackColumns({ packing, columns, perFrame }, bytes, lead, frames, wanted),
      };
    },
  };
}

interface FrameLayout {
  readonly packing: Packing;
  readonly columns: readonly Column[];
  /** Samples per frame, of all columns. */
  readonly perFrame: number;
}

/** Unpacks block by block, so that the bytes stay in the cache while each signal is extracted. */
function unpackColumns(
  { packing, columns, perFrame }: FrameLayout,
  bytes: Uint8Array,
  lead: number,
  frames: number,
  wanted: readonly boolean[],
): readonly (SignalSamples | undefined)[] {
  const { groupSamples, groupBytes } = packing;
  // Each block starts `lead` samples after a group boundary, as the first does.
  const block = groupSamples * Math.max(1, Math.floor(blockSamples / (groupSamples * perFrame)));
  const found = columns.map((column, i) =>
    wanted[i] ? { physical: new Float64Array(frames * column.width), sum: 0 } : undefined,
  );
  const [a, b] = found;
  if (packing.unpackPair !== undefined && perFrame === 2 && a !== undefined && b !== undefined) {
    const scales = [columns[0]!.scale, columns[1]!.scale] as const;
    [a.sum, b.sum] = packing.unpackPair(bytes, scales, [a.physical, b.physical]);
    return found;
  }
  const strand = columns.some(column => column.width > 1)
    ? new Float64Array(Math.min(block, frames))
    : undefined;
  for (let frame = 0; frame < frames; frame += block) {
    const count = Math.min(block, frames - frame);
    const byte = ((frame * perFrame) / groupSamples) * groupBytes;
    const here = bytes.subarray(byte);
    for (let c = 0; c < columns.length; c++) {
      const into = found[c];
      if (into === undefined) continue;
      const { offset, width, scale } = columns[c]!;
      const first = lead + offset;
      if (width === 1) {
        const out = into.physical.subarray(frame, frame + count);
        into.sum = (into.sum + packing.unpack(here, first, perFrame, scale, out)) | 0;
        continue;
      }
      const out = strand!.subarray(0, count);
      for (let j = 0; j < width; j++) {
        into.sum = (into.sum + packing.unpack(here, first + j, perFrame, scale, out)) | 0;
        for (let k = 0, to = frame * width + j; k < count; k++, to += width) into.physical[to] = out[k]!;
      }
    }
  }
  return found;
}
