/** Signal files in FLAC format, decoded sequentially; each signal is one channel. */

import { signalFormats } from '../formats.ts';
import type { Column, FrameReader, SignalSamples } from '../frame-columns.ts';
import type { Source } from '../source.ts';
import type { Report } from '../warnings.ts';
import { openFlacStream } from './decode.ts';

/** Reads frames of a FLAC file of at most 8 signals with equal numbers of samples per frame. */
export function flacReader(
  source: Source,
  file: string,
  columns: readonly Column[],
  report: Report,
): FrameReader {
  const { line, width } = columns[0]!;
  const { bits, invalid } = signalFormats.get(line.format)!;
  const expected = { byteOffset: line.byteOffset, bits, channels: columns.length };
  const stream = openFlacStream(source, file, expected, report);
  return {
    close: stream.close,
    async fetch(from, to, wanted) {
      const channels = await stream.read(from * width, to === undefined ? undefined : to * width);
      const frames = Math.floor(channels[0]!.length / width);
      return {
        frames,
        end: stream.end(),
        announced: stream.announced() === 0 ? undefined : stream.announced() / width,
        columns: channels.map((samples, i) =>
          wanted[i] ? scaled(samples.subarray(0, frames * width), columns[i]!.scale, invalid!) : undefined,
        ),
      };
    },
  };
}

function scaled(samples: Int32Array, scale: Float64Array, invalid: number): SignalSamples {
  const baseline = scale[0]!;
  const gain = scale[1]!;
  const physical = new Float64Array(samples.length);
  let sum = 0;
  for (let i = 0; i < samples.length; i++) {
    const v = samples[i]!;
    sum = (sum + v) | 0;
    physical[i] = v === invalid ? Number.NaN : (v - baseline) / gain;
  }
  return { physical, sum };
}
