/**
 * The part of ∂p/∂V that runs through the record's typical beat. `explainBeat` holds the typical beat fixed; here it
 * moves with the voltage of every beat that it is the median of, the explained one and its neighbours included.
 */
import { describeInputsAgainst } from '../beat/beat-inputs.ts';
import { windowOf } from '../beat/features/beat-features.ts';
import { cutWindows } from '../beat/features/beat-window.ts';
import { typicalBeatOf } from '../beat/features/typical-beat.ts';
import { vjp } from '../diff/grad.ts';
import { slice } from '../diff/slice.ts';
import { full, type Tensor } from '../diff/tensor.ts';
import { noContext } from '../learn/decision.ts';
import { beatProbabilities, kinkedOutputs } from '../learn/explain.ts';
import type { Classifier } from '../learn/model/classifier.ts';
import { type BeatExplanation, type ClassifiedBeats, requireExplainable } from './classify.ts';
import type { LeadBeats } from './lead-beats.ts';

/** The derivative of a class probability through the record's typical beat. */
export interface TypicalBeatGradient {
  /** Indices of the beats that the typical beat is the median of. */
  readonly beats: Int32Array;
  /** ∂p/∂V for each sample of the lead, 1/mV: 0 outside the windows of `beats`. */
  readonly leadGradient: Float64Array;
  /** The part of `leadGradient` in the window of the explained beat: to be added to its `voltageGradient`. */
  readonly voltageGradient: Float64Array;
  /**
   * The share of `voltageGradient` that is due to the explained beat's own place among `beats`, the rest being due to
   * neighbours whose windows overlap its own. All 0 if it is not one of them.
   */
  readonly ownGradient: Float64Array;
  /**
   * Features that are not differentiable in the typical beat or the voltage here. A median of quantised samples mostly
   * ties: one of several subgradients is then given.
   */
  readonly kinks: readonly string[];
}

/**
 * The derivative of the explained probability through the record's typical beat, exact where no median ties. The
 * typical beat is the median, sample by sample, of the slopes and voltages of beats that are not premature, and of each
 * of their descriptors; the derivative of a median is that of the element that it selects. Held fixed are the places of
 * the beats, which of them are premature, and the rhythm. Throws `InputError` as `explainBeat` does.
 *
 * @example
 * const classified = classifyBeats(model, beats);
 * const explanation = explainBeat(model, beats, classified, 104);
 * const { voltageGradient } = typicalBeatGradient(model, beats, classified, explanation, 104);
 * explanation.voltageGradient.map((g, k) => g + voltageGradient[k]!).length // => 311
 */
export function typicalBeatGradient(
  model: Classifier,
  lead: Pick<LeadBeats, 'record' | 'voltage' | 'rPeaks' | 'symbols'>,
  classified: ClassifiedBeats,
  { target, windowStart }: Pick<BeatExplanation, 'target' | 'windowStart'>,
  beat: number,
): TypicalBeatGradient {
  requireExplainable(lead, classified, beat);
  const { features, rhythm, contexts } = classified;
  const { window, aligned, typicalBeats: beats } = features;
  const { voltage } = lead;
  const own = windowOf(voltage, features, beat);
  const places = Int32Array.from(beats, other => aligned[other]!);
  const windows = cutWindows(voltage, places, window);
  const against = describeInputsAgainst(model.features, features, rhythm, beat);
  const describe = (others: Tensor, explained: Tensor): Tensor =>
    against(explained, typicalBeatOf(others, window));
  const index = model.classes.indexOf(target);
  const probability = (others: Tensor): Tensor =>
    slice(
      beatProbabilities(model, describe(others, own), contexts?.[beat] ?? noContext),
      [0, index],
      [1, index + 1],
    );
  const ofWindows = vjp(probability, windows).pullback(full([1, 1], 1))[0]!.data;

  const { length, rIndex } = window;
  const leadGradient = new Float64Array(voltage.length);
  for (const [row, place] of places.entries()) {
    for (let k = 0; k < length; k++) {
      // As in `cutWindows`, the first or last sample stands for those beyond the ends.
      const sample = Math.min(Math.max(place - rIndex + k, 0), voltage.length - 1);
      leadGradient[sample]! += ofWindows[row * length + k]!;
    }
  }
  const ownRow = beats.indexOf(beat);
  return {
    beats,
    leadGradient,
    voltageGradient: leadGradient.slice(windowStart, windowStart + length),
    ownGradient:
      ownRow < 0 ? new Float64Array(length) : ofWindows.slice(ownRow * length, (ownRow + 1) * length),
    kinks: kinkedOutputs(describe, windows, own).map(k => model.features[k]!.name),
  };
}
