/** Signals with several samples a frame: brought to the frame rate, to the fastest signal's, or left at their own. */

import { invalidCode, toAdc } from './adc.ts';
import type { SignalSamples } from './frame-columns.ts';
import type { SignalHeader } from './header.ts';

/**
 * The samples a frame that signals are given with: 1, the same higher number for all, or as many as each has
 * (`own`).
 */
export type SampleRate = number | 'own';

/** Samples a frame of a signal once brought to `rate`. */
export const samplesPerFrameAt = (line: SignalHeader, rate: SampleRate): number =>
  rate === 'own' ? line.samplesPerFrame : rate;

/**
 * Brings the first `frames` frames of a signal to a rate. Down to one sample a frame by the mean of the ADC values,
 * its fraction cut off, invalid if any of them is; up by repeating samples. Both as the WFDB library 10.5 does in its
 * low- and high-resolution modes (later versions round the mean).
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
