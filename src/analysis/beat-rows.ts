/**
 * The inputs of a lead's beats and the probability of fibrillation around each: from the whole lead, or as a monitor would
 * have them, from the past.
 */
import { createBeatInputs, type InputName } from '../beat/beat-inputs.ts';
import { beatFeatures } from '../beat/features/beat-features.ts';
import { wholeLead } from '../beat/lead-part.ts';
import { fibrillationOf } from '../beat/rhythm-estimate/fibrillation.ts';
import { rhythmFeatures } from '../beat/rhythm-estimate/rhythm-features.ts';
import { full, type Tensor } from '../diff/tensor.ts';
import { blockSeconds, type Protocol, pastSeconds } from '../learn/protocol.ts';
import type { LeadBeats } from './lead-beats.ts';

export interface BeatRows {
  /** `[beats, inputs]`; NaN where the window contains invalid samples. */
  readonly x: Tensor;
  /** Probability of atrial fibrillation or flutter at each beat; NaN if unknown. */
  readonly fibrillation: Float64Array;
}

type Beats = Pick<LeadBeats, 'voltage' | 'samplingFrequency' | 'rPeaks'>;

/** Signal around the beats of a block that their windows and R peaks need, s. */
const marginSeconds = 1;

/** The rows of all beats in the given context. Throws `RangeError` for fewer than two beats. */
export const beatRows = (
  beats: Beats,
  inputs: readonly InputName[],
  context: Protocol['context'],
): BeatRows => (context === 'record' ? rowsOfWhole(beats, inputs) : rowsOfPast(beats, inputs));

function rowsOfWhole({ voltage, samplingFrequency, rPeaks }: Beats, inputs: readonly InputName[]): BeatRows {
  const features = beatFeatures(voltage, samplingFrequency, rPeaks);
  const rhythm = rhythmFeatures(voltage, rPeaks, features);
  const gathered = createBeatInputs(inputs, features, rhythm, rPeaks);
  gathered.add(wholeLead(voltage));
  return { x: gathered.x, fibrillation: fibrillationOf(rhythm) };
}

/** Block by block, each with the five minutes before it and one beat after it, whose RR interval its last beat needs. */
function rowsOfPast(beats: Beats, inputs: readonly InputName[]): BeatRows {
  const { voltage, samplingFrequency, rPeaks } = beats;
  const x = full([rPeaks.length, inputs.length], Number.NaN);
  const fibrillation = new Float64Array(rPeaks.length).fill(Number.NaN);
  const blockOf = (beat: number): number => Math.floor(rPeaks[beat]! / samplingFrequency / blockSeconds);
  for (let first = 0; first < rPeaks.length; ) {
    let end = first + 1;
    while (end < rPeaks.length && blockOf(end) === blockOf(first)) end++;
    const earliest = rPeaks[first]! - pastSeconds * samplingFrequency;
    const from = Math.min(
      rPeaks.findIndex(sample => sample >= earliest),
      Math.max(0, first - 1),
    );
    const to = Math.min(end + 1, rPeaks.length);
    const margin = Math.round(marginSeconds * samplingFrequency);
    const start = Math.max(0, rPeaks[from]! - margin);
    const past = rowsOfWhole(
      {
        voltage: voltage.subarray(start, rPeaks[to - 1]! + margin),
        samplingFrequency,
        rPeaks: rPeaks.slice(from, to).map(sample => sample - start),
      },
      inputs,
    );
    x.data.set(
      past.x.data.subarray((first - from) * inputs.length, (end - from) * inputs.length),
      first * inputs.length,
    );
    fibrillation.set(past.fibrillation.subarray(first - from, end - from), first);
    first = end;
  }
  return { x, fibrillation };
}
