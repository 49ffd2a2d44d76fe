/** Compact text encoding of sample series for an HTML file: base64 of 16-bit integers or 32-bit floats. */

/** One series of samples, ready for JSON. */
export interface EncodedSamples {
  readonly encoding: 'int16' | 'float32';
  readonly length: number;
  /** Physical units of one integer step; 1 for `float32`. */
  readonly step: number;
  /** Little-endian sample bytes. */
  readonly base64: string;
}

const NO_SAMPLE = -32768;
const LARGEST = 32767;

/** Largest integer step relative to the mean magnitude; a series with larger peaks is stored as floats. */
const COARSEST_STEP = 0.01;

/** The value, or `null` for NaN and ±∞, which neither JSON nor uPlot accepts. */
export const finiteOrNull = (value: number | null): number | null => (Number.isFinite(value) ? value : null);

/**
 * Encodes samples for the page. 16-bit integers are used where their step (largest magnitude / 32767) is at most
 * 1 % of the mean magnitude, so that no sample is off by more than 0.5 % of it; otherwise 32-bit floats. Samples
 * that are not finite come back as NaN.
 *
 *     decodeSamples(encodeSamples(Float64Array.of(0, 0.5, -1)))  // => [0, 0.5, -1] within 2e-5
 */
export function encodeSamples(values: Float64Array): EncodedSamples {
  let peak = 0;
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    peak = Math.max(peak, Math.abs(value));
    sum += Math.abs(value);
    count++;
  }
  const step = peak / LARGEST;
  if (step === 0 || step <= (COARSEST_STEP * sum) / count) {
    const bytes = new DataView(new ArrayBuffer(2 * values.length));
    for (let i = 0; i < values.length; i++) {
      const code = step === 0 ? 0 : Math.round(values[i]! / step);
      bytes.setInt16(2 * i, Number.isFinite(values[i]!) ? code : NO_SAMPLE, true);
    }
    return { encoding: 'int16', length: values.length, step, base64: base64Of(new Uint8Array(bytes.buffer)) };
  }
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) bytes.setFloat32(4 * i, values[i]!, true);
  return {
    encoding: 'float32',
    length: values.length,
    step: 1,
    base64: base64Of(new Uint8Array(bytes.buffer)),
  };
}

/** The inverse of `encodeSamples`; NaN for samples that were not finite. */
export function decodeSamples(samples: EncodedSamples): Float64Array {
  const bytes = new DataView(bytesOf(samples.base64).buffer);
  const values = new Float64Array(samples.length);
  for (let i = 0; i < values.length; i++) {
    if (samples.encoding === 'int16') {
      const code = bytes.getInt16(2 * i, true);
      values[i] = code === NO_SAMPLE ? Number.NaN : code * samples.step;
    } else {
      const value = bytes.getFloat32(4 * i, true);
      values[i] = Number.isFinite(value) ? value : Number.NaN;
    }
  }
  return values;
}

/** Encodes bytes as base64. */
export function base64Of(bytes: Uint8Array): string {
  let text = '';
  // One call per chunk: spreading a whole record into arguments would overflow the stack.
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** Decodes base64 to bytes. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
