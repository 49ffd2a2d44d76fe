/** Encodes the beats of a long recording as binary columns: as JSON objects, the beats of 24 h would take 25 MB. */
import { InputError } from '../../input-error.ts';
import { base64Of, bytesOf } from './encoded-samples.ts';
import type { MeasuredSlope, ReportBeat } from './report-data.ts';

/** Beats ready for JSON, as consecutive little-endian columns of `count` values each. */
export interface EncodedBeats {
  readonly count: number;
  /** Distinct texts used as symbol, class or predicted class; beats store an index into this list, or 255 if absent. */
  readonly texts: readonly string[];
  /**
   * Base64 of the columns: time of the beat (s, float64); for upstroke and downstroke the time relative to the beat
   * (s, float32) and the slope (mV/s, float32); the probability (float32); NaN if absent; and the indices of symbol,
   * class and predicted class (one byte each).
   */
  readonly base64: string;
}

const bytesPerBeat = 8 + 5 * 4 + 3;
const noText = 255;

/**
 * Encodes beats. Times are exact; slopes and probabilities have seven significant digits. Throws `InputError` if
 * there are more than 255 distinct texts.
 */
export function encodeBeats(beats: readonly ReportBeat[]): EncodedBeats {
  const count = beats.length;
  const view = new DataView(new ArrayBuffer(count * bytesPerBeat));
  const numbers = new Map<string, number>();
  const numberOf = (text: string | undefined): number => {
    if (text === undefined) return noText;
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text)!;
  };
  for (const [i, beat] of beats.entries()) {
    const { time, upstroke, downstroke, probability = Number.NaN } = beat;
    view.setFloat64(8 * i, time, true);
    const measured = [upstroke, downstroke].flatMap(slope =>
      slope === undefined ? [Number.NaN, Number.NaN] : [slope.time - time, slope.slope],
    );
    for (const [c, value] of [...measured, probability].entries()) {
      view.setFloat32(8 * count + 4 * (c * count + i), value, true);
    }
    for (const [c, text] of [beat.symbol, beat.class, beat.predicted].entries()) {
      view.setUint8(28 * count + c * count + i, numberOf(text));
    }
  }
  if (numbers.size > noText) throw new InputError(`${numbers.size} symbols and classes, at most ${noText}`);
  return { count, texts: [...numbers.keys()], base64: base64Of(new Uint8Array(view.buffer)) };
}

/** Decodes beats encoded by `encodeBeats`. */
export function decodeBeats({ count, texts, base64 }: EncodedBeats): ReportBeat[] {
  const view = new DataView(bytesOf(base64).buffer);
  return Array.from({ length: count }, (_, i) => {
    const time = view.getFloat64(8 * i, true);
    const [up, upSlope, down, downSlope, probability] = [0, 1, 2, 3, 4].map(c =>
      view.getFloat32(8 * count + 4 * (c * count + i), true),
    ) as [number, number, number, number, number];
    const [symbol, name, predicted] = [0, 1, 2].map(c => texts[view.getUint8(28 * count + c * count + i)]);
    const slope = (after: number, value: number): MeasuredSlope | undefined =>
      Number.isNaN(value) ? undefined : { time: time + after, slope: value };
    const [upstroke, downstroke] = [slope(up, upSlope), slope(down, downSlope)];
    return {
      time,
      symbol: symbol ?? '',
      ...(name !== undefined && { class: name }),
      ...(upstroke && { upstroke }),
      ...(downstroke && { downstroke }),
      ...(predicted !== undefined && { predicted }),
      ...(!Number.isNaN(probability) && { probability }),
    };
  });
}
