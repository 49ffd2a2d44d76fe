/**
 * The typical beat of a lead for the bootstrap: the mean of the half of the beats that are nearest to the median beat.
 * A sample-by-sample median takes each sample from another beat; where beats differ in size it is jagged, which would
 * falsify curvature and with it the errors of times. A mean of whole beats is not.
 */
import { beatMatcher, type MedianBeat, medianBeat, medianBeatPlaces } from '../median-beat.ts';

/** Largest shift of a beat during alignment, ms. */
const shiftMs = 20;

/**
 * The typical beat; arguments and result as for `medianBeat`, with pacing spikes already removed. Voltages are relative
 * to the mean of the beat. Undefined when no beat is complete.
 */
export function typicalBeat(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: readonly number[],
  reach: Parameters<typeof medianBeat>[3],
): MedianBeat | undefined {
  const template = medianBeat(voltage, samplingFrequency, rPeaks, reach);
  if (template === undefined) return undefined;
  const most = Math.round((shiftMs * samplingFrequency) / 1000);
  const { length } = template.voltage;
  const match = beatMatcher(template.voltage);
  const wanted = levelled(template.voltage);
  const beats = medianBeatPlaces(rPeaks.length).flatMap(k => {
    const start = rPeaks[k]! - template.rPeak;
    const matched = match(voltage, start, most);
    if (matched === undefined) return [];
    const from = start + matched.shift;
    const beat = levelled(voltage.slice(from, from + length));
    return [{ beat, distance: beat.reduce((sum, v, i) => sum + (v - wanted[i]!) ** 2, 0) }];
  });
  const nearest = beats.sort((a, b) => a.distance - b.distance).slice(0, Math.ceil(beats.length / 2));
  if (nearest.length === 0) return template;
  const mean = new Float64Array(length);
  for (const { beat } of nearest) for (let i = 0; i < length; i++) mean[i]! += beat[i]! / nearest.length;
  return { voltage: mean, rPeak: template.rPeak, beats: template.beats };
}

/** The voltages minus their mean. */
function levelled(voltage: Float64Array): Float64Array {
  const level = voltage.reduce((sum, v) => sum + v, 0) / voltage.length;
  return voltage.map(v => v - level);
}
