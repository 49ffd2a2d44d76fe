/** Rate conversion of signals with several samples per frame: to the frame rate, to the highest rate, or unchanged. */

import { invalidCode, toAdc } from './adc.ts';
import type { SignalSamples } from './frame-columns.ts';
import type { SignalHeader } from './header.ts';

/** Samples per frame after conversion: 1, the same higher number for all, or unchanged (`own`). */
export type SampleRate = number | 'own';

/** Samples per frame of a signal after conversion to `rate`. */
export const samplesPerFrameAt = (line: SignalHeader, rate: SampleRate): number =>
  rate === 'own' ? line.samplesPerFrame : rate;

/**
 * Converts the first `frames` frames of a signal to a rate: down to one sample per frame by the truncated mean of the
 * ADC values, invalid if any of them is; up by repeating samples. Both as in the low- and high-resolution modes of the
 * WFDB library 10.5 (later versions round the mean).
 */
export function resample(
  samples: SignalSamples,
  line: SignalHeader,
  frames: number,
  rate: SampleRate,
): SignalSamples {
  const width = line.samplesPerFrame;
  const target = samplesPerFrameAt(line, rate);
  const own = samples.physical.subarray(0, frames * width);
  if (target === width) return { ...samples, physical: own };
  const physical = target === 1 ? average(own, line, frames) : repeat(own, width, target, frames);
  return { ...samples, physical };
}

function average(own: Float64Array, line: SignalHeader, frames: number): Float64Array {
  const { samplesPerFrame: width, adcGain, baseline, format } = line;
  const invalid = invalidCode(format);
  const adc = toAdc(own, adcGain, baseline, invalid);
  const physical = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    let isValid = true;
    for (let i = frame * width; i < (frame + 1) * width; i++) {
      sum += adc[i]!;
      if (adc[i] === invalid) isValid = false;
    }
    physical[frame] = isValid ? (Math.trunc(sum / width) - baseline) / adcGain : Number.NaN;
  }
  return physical;
}

function repeat(own: Float64Array, width: number, target: number, frames: number): Float64Array {
  const physical = new Float64Array(frames * target);
  for (let i = 0; i < physical.length; i++) physical[i] = own[Math.floor((i * width) / target)]!;
  return physical;
}
