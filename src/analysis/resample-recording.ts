/**
 * Resamples a recording and its annotations to another sampling frequency.
 *
 * Sample k of the result lies k / `samplingFrequency` seconds after the first sample of the recording. Signals with
 * several samples per frame are resampled to the same frequency. The low-pass filter is that of `resampler`
 * (Oppenheim & Schafer, Discrete-Time Signal Processing, ch. 4), accurate within 2·10⁻⁴ up to 0.4 times the lower of
 * the two frequencies.
 */
import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { resampler } from '../signal/resample.ts';
import { wholeRatio } from '../signal/whole-ratio.ts';
import { invalidCode, toAdc } from '../wfdb/adc.ts';
import type { Annotation } from '../wfdb/annotations/annotation-file.ts';
import type { Header } from '../wfdb/header.ts';
import type { Recording, Signal } from '../wfdb/record.ts';

/** ADC value of an invalid sample in signals without a WFDB format. */
const invalidAdc = -(2 ** 31);

/**
 * Resamples a recording to `samplingFrequency` (Hz), at any ratio. Every signal then has one sample per frame, up to
 * the time of the last sample that all signals have. Units, gains and baselines are kept; `adc` holds the values
 * rounded to ADC units, from which the initial values and checksums of the header are computed. Samples within 16
 * samples (at the lower frequency) of an invalid sample are invalid. `start` is rounded half up. A `counterFrequency`
 * equal to the sampling frequency is changed with it.
 *
 * Throws `InputError` for a frequency that is not positive, and for signals shorter than 17 samples at the lower
 * frequency.
 *
 * @example
 * const recording = await readRecord(source, 'synth/s01');
 * const faster = resampleRecording(recording, 500);
 * [recording.samplingFrequency, recording.length, faster.samplingFrequency, faster.length] // => [360, 64800, 500, 89999]
 */
export function resampleRecording(recording: Recording, samplingFrequency: number): Recording {
  requireSamplingFrequency(samplingFrequency);
  const resampled = recording.signals.map(signal => resampleSignal(signal, samplingFrequency));
  const length = resampled.reduce(
    (least, samples) => Math.min(least, samples.length),
    resampled.length > 0 ? Number.POSITIVE_INFINITY : outputLength(recording, samplingFrequency),
  );
  const signals = recording.signals.map((signal, k) =>
    signalWith(signal, resampled[k]!.subarray(0, length), samplingFrequency),
  );
  const start = movedSample(recording.start, recording.samplingFrequency, samplingFrequency);
  const header = recording.header && resampledHeader(recording.header, signals, samplingFrequency, length);
  return { ...recording, samplingFrequency, start, length, signals, ...(header && { header }) };
}

/**
 * Converts annotations, counted from the first sample of a recording, to a resampled recording: sample p becomes p ·
 * `to` / `from`, rounded half up in exact arithmetic. Annotations within the `length` samples of the recording are
 * not moved beyond its last sample by rounding; those beyond its end remain beyond it. Throws `InputError` for
 * frequencies that are not positive.
 *
 * @example
 * const marks = [{ sample: 77, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' }];
 * resampleAnnotations(marks, 360, 500, 64800)[0].sample // => 107
 */
export function resampleAnnotations<T extends Pick<Annotation, 'sample'>>(
  annotations: readonly T[],
  from: number,
  to: number,
  length: number,
): T[] {
  requireSamplingFrequency(from);
  requireSamplingFrequency(to);
  const last = outputLength({ length, samplingFrequency: from }, to) - 1;
  return annotations.map(mark => {
    const sample = movedSample(mark.sample, from, to);
    return { ...mark, sample: mark.sample < length ? Math.min(sample, Math.max(last, 0)) : sample };
  });
}

/** Number of output samples up to the time of the last input sample. */
const outputLength = (
  { length, samplingFrequency }: Pick<Recording, 'length' | 'samplingFrequency'>,
  to: number,
): number => (length === 0 ? 0 : Math.floor(((length - 1) * to) / samplingFrequency + 1e-6) + 1);

/**
 * Largest numerator and denominator of the exact ratio of two frequencies; beyond it floating-point arithmetic is
 * used.
 */
const mostInRatio = 1e9;

/** sample · to / from, rounded half up. */
function movedSample(sample: number, from: number, to: number): number {
  const ratio = wholeRatio(to, from, mostInRatio);
  if (ratio === undefined) return Math.floor((sample * to) / from + 0.5);
  const [up, down] = [BigInt(ratio.up), BigInt(ratio.down)];
  const numerator = 2n * BigInt(sample) * up + down;
  const quotient = numerator / (2n * down);
  // BigInt division truncates toward zero.
  return Number(numerator < 0n && quotient * 2n * down !== numerator ? quotient - 1n : quotient);
}

function resampleSignal(signal: Signal, samplingFrequency: number): Float64Array {
  if (signal.samplingFrequency === samplingFrequency) return signal.physical;
  try {
    const { physical } = signal;
    return resampler(physical.length, signal.samplingFrequency, samplingFrequency).apply(physical);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`signal ${signal.name}: ${error.message}`, { cause: error });
  }
}

/** A signal with the same scale but other samples, and a matching header line. */
function signalWith(signal: Signal, physical: Float64Array, samplingFrequency: number): Signal {
  const { name, units, adcGain, baseline, calibrated, unitsAssumed, header } = signal;
  const adc = toAdc(physical, adcGain, baseline, header ? invalidCode(header.format) : invalidAdc);
  const sum = adc.reduce((total, value) => (total + value) | 0, 0);
  const line = header && {
    ...header,
    samplesPerFrame: 1,
    skew: 0,
    initialValue: adc[0] ?? 0,
    checksum: (sum << 16) >> 16,
  };
  return {
    name,
    units,
    samplingFrequency,
    adcGain,
    baseline,
    calibrated,
    ...(unitsAssumed && { unitsAssumed }),
    physical,
    adc,
    ...(line && { header: line }),
  };
}

function resampledHeader(
  header: Header,
  signals: readonly Signal[],
  samplingFrequency: number,
  length: number,
): Header {
  const countsSamples = header.counterFrequency === header.samplingFrequency && header.baseCounter === 0;
  return {
    ...header,
    samplingFrequency,
    counterFrequency: countsSamples ? samplingFrequency : header.counterFrequency,
    length,
    signals: signals.flatMap(signal => (signal.header === undefined ? [] : [signal.header])),
    segments: undefined,
  };
}
