/** Signal files of format 8, which store differences between samples and therefore must be read from the start. */
import type { Column, FrameReader, SignalSamples } from './frame-columns.ts';
import type { Source } from './source.ts';

/** Number of bytes read at a time when skipping to a window. */
const chunkBytes = 1 << 20;

/** Reads frames of a difference file; consecutive windows continue where the last one ended. */
export function differenceReader(
  source: Source,
  file: string,
  columns: readonly Column[],
  perFrame: number,
): FrameReader {
  const { byteOffset } = columns[0]!.line;
  const chunkFrames = Math.max(1, Math.floor(chunkBytes / perFrame));
  // Values of the last frame before `place`.
  let place = 0;
  let values = columns.map(column => column.line.initialValue);
  const read = (from: number, to: number | undefined): Promise<Uint8Array> =>
    source.read(
      file,
      byteOffset + from * perFrame,
      to === undefined ? undefined : byteOffset + to * perFrame,
    );
  return {
    close() {},
    async fetch(from, to, wanted) {
      if (from < place) {
        place = 0;
        values = columns.map(column => column.line.initialValue);
      }
      while (place < from) {
        const end = Math.min(from, place + chunkFrames);
        const bytes = await read(place, end);
        const frames = Math.floor(bytes.length / perFrame);
        values = columns.map((column, i) => (values[i]! + sumOfSteps(bytes, column, perFrame, frames)) | 0);
        place += frames;
        if (place < end) {
          const fileEnd = byteOffset + (place - frames) * perFrame + bytes.length;
          return { frames: 0, end: fileEnd, columns: columns.map(() => undefined) };
        }
      }
      const bytes = await read(from, to);
      const frames = Math.floor(bytes.length / perFrame);
      const found = columns.map((column, i) =>
        wanted[i] ? integrate(bytes, column, perFrame, frames, values[i]!) : undefined,
      );
      return { frames, end: byteOffset + from * perFrame + bytes.length, columns: found };
    },
  };
}

function sumOfSteps(bytes: Uint8Array, { offset, width }: Column, perFrame: number, frames: number): number {
  let sum = 0;
  for (let i = 0, b = offset; i < frames; i++, b = (b + perFrame) | 0) {
    for (let j = 0; j < width; j++) sum = (sum + ((bytes[b + j]! << 24) >> 24)) | 0;
  }
  return sum;
}

/** Running sum from `value` on, scaled. */
function integrate(
  bytes: Uint8Array,
  column: Column,
  perFrame: number,
  frames: number,
  value: number,
): SignalSamples {
  const { offset, width, scale } = column;
  const baseline = scale[0]!;
  const gain = scale[1]!;
  const physical = new Float64Array(frames * width);
  const [steps, first, stride] =
    width === 1 ? [bytes, offset, perFrame] : [together(bytes, column, perFrame, frames), 0, 1];
  let sum = 0;
  let v = value;
  for (let i = 0, b = first; i < physical.length; i++, b = (b + stride) | 0) {
    v = (v + ((steps[b]! << 24) >> 24)) | 0;
    sum = (sum + v) | 0;
    physical[i] = (v - baseline) / gain;
  }
  return { physical, sum };
}

/** Collects the bytes of one signal from all frames. */
function together(
  bytes: Uint8Array,
  { offset, width }: Column,
  perFrame: number,
  frames: number,
): Uint8Array {
  const own = new Uint8Array(frames * width);
  for (let frame = 0; frame < frames; frame++) {
    const from = frame * perFrame + offset;
    own.set(bytes.subarray(from, from + width), frame * width);
  }
  return own;
}
