/** How much a filter reduces the slopes of a recording: each beat is measured before and after filtering. */
import { measureSlopes } from '../beat/slopes/measure-slopes.ts';
import { median } from '../statistics.ts';
import { leadPieces } from './leads.ts';
import type { OpenRecording } from './opened-recording.ts';
import { bandOf, describeFilter, filterVoltage, joined, type VoltageFilter } from './voltage-filter.ts';

/** Fraction by which a filter reduces the steepest upstroke and downstroke of a lead: the median over its beats. */
export interface SlopeLoss {
  readonly upstroke: number;
  readonly downstroke: number;
}

/** Smallest loss that a note reports. */
const leastLoss = 0.02;
/** Length of the part of the recording that is measured, s. */
const partSeconds = 60;

/**
 * The loss in one lead. `voltage` is in mV before the filter, at `samplingFrequency` in Hz, and `rPeaks` are its beats.
 * Noise makes a beat steeper, and a filter reduces that too. Undefined if no beat has both slopes.
 *
 * @example slopeLossOf(voltage, samplingFrequency, rPeaks, { highCutHz: 40 }).upstroke // => 0.1…
 */
export function slopeLossOf(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  filter: VoltageFilter,
): SlopeLoss | undefined {
  const before = measureSlopes(voltage, samplingFrequency, rPeaks).beats;
  const filtered = filterVoltage(voltage, samplingFrequency, filter);
  const after = measureSlopes(filtered, samplingFrequency, rPeaks).beats;
  const losses = (stroke: 'upstroke' | 'downstroke'): number[] =>
    before.flatMap((beat, k) => {
      const [raw, smooth] = [beat[stroke], after[k]![stroke]];
      return raw === undefined || smooth === undefined ? [] : [1 - smooth.slope / raw.slope];
    });
  const [upstroke, downstroke] = [losses('upstroke'), losses('downstroke')];
  if (upstroke.length === 0 || downstroke.length === 0) return undefined;
  return { upstroke: median(upstroke), downstroke: median(downstroke) };
}

/**
 * Notes on measuring slopes from filtered voltage: how much the filter reduces those of this recording, in the lead
 * where it is most, if by 2 % or more. `recording` is the one before the filter, of which the first minute is read;
 * `rPeaks` are sample indices from the start of its window.
 *
 * @example
 * const recording = await openRecording(source, 'synth/s01');
 * const { rPeaks } = await beatsOf(recording, ['MLII'], 'detector');
 * (await filterNotes(recording, ['MLII'], rPeaks, { highCutHz: 40 })).length // => 1
 */
export async function filterNotes(
  recording: OpenRecording,
  leads: readonly string[],
  rPeaks: Int32Array,
  filter: VoltageFilter,
): Promise<string[]> {
  const { samplingFrequency } = recording;
  const voltages = await firstPart(recording, leads);
  let worst: { readonly lead: string; readonly loss: SlopeLoss } | undefined;
  for (const [k, lead] of leads.entries()) {
    const voltage = voltages[k]!;
    const beats = rPeaks.filter(rPeak => rPeak < voltage.length);
    const loss = slopeLossOf(voltage, samplingFrequency, beats, filter);
    if (loss !== undefined && (worst === undefined || largest(loss) > largest(worst.loss)))
      worst = { lead, loss };
  }
  if (worst === undefined || largest(worst.loss) < leastLoss) return [];
  const percent = (loss: number): string => `${Math.max(0, 100 * loss).toFixed(0)} %`;
  const place = leads.length > 1 ? `${worst.lead}, where it is most` : worst.lead;
  return [
    `filtered (${describeFilter(bandOf(filter))}): upstrokes are ${percent(worst.loss.upstroke)} and downstrokes ${percent(worst.loss.downstroke)} less steep than without the filter (median over the beats of the first minute, ${place}); for slopes leave the band open from 0.5 Hz or less to 150 Hz or more`,
  ];
}

const largest = ({ upstroke, downstroke }: SlopeLoss): number => Math.max(upstroke, downstroke);

/** The voltages of the start of the recording, mV, one array per lead. */
async function firstPart(recording: OpenRecording, leads: readonly string[]): Promise<Float64Array[]> {
  const wanted = Math.round(partSeconds * recording.samplingFrequency);
  const parts: Float64Array[][] = leads.map(() => []);
  let length = 0;
  for await (const piece of leadPieces(recording, leads)) {
    for (const [k, voltage] of piece.entries()) parts[k]!.push(voltage.slice(0, wanted - length));
    length += piece[0]!.length;
    if (length >= wanted) break;
  }
  return parts.map(joined);
}
