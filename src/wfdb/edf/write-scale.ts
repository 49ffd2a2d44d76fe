/** Quantisation of a recording for EDF: the length of data records, and 16-bit values of each signal. */
import { InputError } from '../../input-error.ts';
import { toAscii } from '../ascii.ts';
import type { RecordToWrite } from '../write.ts';

type SignalToScale = RecordToWrite['signals'][number];

/** A signal quantised to 16 bits. */
export interface ScaledSignal {
  readonly label: string;
  readonly dimension: string;
  /** Physical minimum and maximum, as written in the header. */
  readonly physical: readonly [string, string];
  readonly digital: readonly [number, number];
  readonly samplesPerRecord: number;
  /** Number of samples in the recording. */
  readonly length: number;
  /** Whether data record `index` has a sample that is not NaN. */
  hasSamples(index: number): boolean;
  /**
   * Writes the samples of data record `index` at byte `at` and returns the offset after them. Throws `RangeError` for a
   * NaN.
   */
  put(index: number, bytes: Uint8Array, at: number): number;
}

const least = -32768;
const most = 32767;
/** Maximum size of a data record in the specification, bytes. */
const mostRecordBytes = 61_440;
const longestSeconds = 30;

/** Formats a number in at most eight characters, rounded as needed. */
export function fieldNumber(value: number): string {
  if (String(value).length <= 8 && !String(value).includes('e')) return String(value);
  for (let digits = 6; digits >= 0; digits--) {
    const text = value
      .toFixed(digits)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
    if (text.length <= 8) return text;
  }
  throw new InputError(`EDF cannot hold the number ${value} in eight characters`);
}

const isExact = (value: number): boolean =>
  Math.abs(Number(fieldNumber(value)) - value) <= 1e-12 * Math.abs(value);

/**
 * Chooses the length of a data record in frames and seconds: about one second, exactly representable in eight
 * characters, and if possible an integer fraction of the recording. If no duration up to 30 s is exact, the duration
 * between 0.5 and 2 s with the smallest relative error: 10⁻¹⁰ at 499.31 Hz.
 */
export function chooseRecord(recording: RecordToWrite): { frames: number; seconds: number } {
  const { samplingFrequency, signals } = recording;
  const perFrame = signals.reduce((sum, signal) => sum + rateOf(signal, samplingFrequency), 0);
  const first = signals[0]!;
  const length = (first.adc ?? first.physical)!.length / rateOf(first, samplingFrequency);
  const roomy = Math.max(1, Math.floor(mostRecordBytes / (2 * perFrame)));
  const longest = Math.min(roomy, Math.ceil(longestSeconds * samplingFrequency));
  let best: { frames: number; seconds: number } | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let frames = 1; frames <= longest; frames++) {
    const seconds = frames / samplingFrequency;
    if (!isExact(seconds)) continue;
    // Dividing the recording evenly outweighs a data record up to ten times longer or shorter.
    const cost = Math.abs(Math.log(seconds)) + (length % frames === 0 ? 0 : Math.log(10));
    if (cost < bestCost) [best, bestCost] = [{ frames, seconds }, cost];
  }
  if (best !== undefined) return best;
  return nearestRecord(samplingFrequency, roomy);
}

/** Frames whose duration differs least from the value of its field, relative to it. */
function nearestRecord(samplingFrequency: number, mostFrames: number): { frames: number; seconds: number } {
  const last = Math.max(1, Math.min(mostFrames, Math.floor(2 * samplingFrequency)));
  let best = { frames: last, seconds: Number(fieldNumber(last / samplingFrequency)) };
  let bestError = Number.POSITIVE_INFINITY;
  for (let frames = Math.min(last, Math.ceil(samplingFrequency / 2)); frames <= last; frames++) {
    const seconds = Number(fieldNumber(frames / samplingFrequency));
    const error = Math.abs((seconds * samplingFrequency) / frames - 1);
    if (error < bestError) [best, bestError] = [{ frames, seconds }, error];
  }
  return best;
}

/** Samples per frame. */
function rateOf({ name, samplingFrequency }: SignalToScale, framesPerSecond: number): number {
  const exact = (samplingFrequency ?? framesPerSecond) / framesPerSecond;
  const rate = Math.round(exact);
  if (rate >= 1 && Math.abs(exact - rate) <= 1e-6) return rate;
  throw new InputError(`signal '${name}': ${samplingFrequency} Hz is no multiple of ${framesPerSecond} Hz`);
}

/** Quantises a signal to 16 bits, keeping its ADC values if the header can represent their scale. */
export function scaleSignal(
  signal: SignalToScale,
  framesPerSecond: number,
  framesPerRecord: number,
): ScaledSignal {
  const { adc, adcGain = 200, baseline = 0 } = signal;
  const values = signal.physical ?? Float64Array.from(adc!, value => (value - baseline) / adcGain);
  const samplesPerRecord = framesPerRecord * rateOf(signal, framesPerSecond);
  const { physical, toDigital } = rangeOf(signal, values);
  const label = toAscii(signal.name.trim())
    .replace(/[^ -~]/g, '?')
    .slice(0, 16);
  return {
    label,
    dimension: signal.units,
    physical,
    digital: [least, most],
    samplesPerRecord,
    length: values.length,
    hasSamples(index) {
      const part = values.subarray(index * samplesPerRecord, (index + 1) * samplesPerRecord);
      return part.some(value => !Number.isNaN(value));
    },
    put(index, bytes, at) {
      for (let i = index * samplesPerRecord, end = i + samplesPerRecord, byte = at; i < end; i++, byte += 2) {
        const digital = toDigital(Math.min(i, values.length - 1));
        if (Number.isNaN(digital))
          throw new InputError(`signal '${label}', sample ${i}: EDF cannot hold an invalid sample`);
        bytes[byte] = digital;
        bytes[byte + 1] = digital >> 8;
      }
      return at + 2 * samplesPerRecord;
    },
  };
}

interface Range {
  readonly physical: readonly [string, string];
  /** The digital value of a sample, NaN for an invalid one. */
  readonly toDigital: (sample: number) => number;
}

function rangeOf({ name, adc, adcGain, baseline = 0 }: SignalToScale, values: Float64Array): Range {
  if (adc !== undefined && adcGain !== undefined && adcGain !== 0) {
    const ends = [least, most].map(digital => (digital - baseline) / adcGain) as [number, number];
    const fits = adc.every((value, i) => (value >= least && value <= most) || Number.isNaN(values[i]!));
    if (fits && ends.every(end => Math.abs(end) < 1e7 && isExact(end))) {
      const physical = [fieldNumber(ends[0]), fieldNumber(ends[1])] as const;
      return { physical, toDigital: i => (Number.isNaN(values[i]!) ? Number.NaN : adc[i]!) };
    }
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const [i, value] of values.entries()) {
    if (Math.abs(value) === Number.POSITIVE_INFINITY)
      throw new InputError(`signal '${name}', sample ${i} is ${value}`);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) [low, high] = [-1, 1];
  const [bottom, top] = outward(low, high);
  const scale = (most - least) / (Number(top) - Number(bottom));
  return {
    physical: [bottom, top],
    toDigital: i => {
      const digital = Math.round((values[i]! - Number(bottom)) * scale) + least;
      return Number.isNaN(digital) ? digital : Math.min(most, Math.max(least, digital));
    },
  };
}

/**
 * A range, in eight characters per limit, that includes the given one; for a flat signal it is widened by a thousandth
 * of its value.
 */
function outward(low: number, high: number): [string, string] {
  const room = low === high ? Math.max(1e-3, Math.abs(low) * 1e-3) : 0;
  return [bound(low - room, Math.floor), bound(high + room, Math.ceil)];
}

/** Rounds a value up or down to as many decimals as fit into eight characters. */
function bound(value: number, round: (value: number) => number): string {
  for (let digits = 6; digits >= 0; digits--) {
    const text = (round(value * 10 ** digits) / 10 ** digits).toFixed(digits);
    if (text.length <= 8) return text;
  }
  throw new InputError(`EDF cannot hold the number ${value} in eight characters`);
}
