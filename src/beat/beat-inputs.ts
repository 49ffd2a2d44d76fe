/**
 * All that a model may take of a beat: its waveform, its features, and the rhythm around it. A model names the inputs
 * that it takes, in its own order.
 */
import { concat } from '../diff/concat.ts';
import { gather } from '../diff/gather.ts';
import { reshape } from '../diff/reshape.ts';
import { full, type Tensor, tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';
import {
  type BeatFeatures,
  beatFeatureNames,
  describeAgainst,
  typicalReference,
} from './features/beat-features.ts';
import { cutWindows } from './features/beat-window.ts';
import type { TypicalReference } from './features/typical-beat.ts';
import { createWaveformInputs, waveformNames } from './features/waveform-inputs.ts';
import { beatsOfPart, type PlacedPart } from './lead-part.ts';
import { rhythmFeatureNames } from './rhythm-estimate/rhythm-features.ts';

/** The name and unit of an input; the unit is empty for a dimensionless number. */
export interface InputName {
  readonly name: string;
  readonly unit: string;
}

/** The rhythm features as inputs. */
export const rhythmInputNames: readonly InputName[] = rhythmFeatureNames.map(name => ({ name, unit: '' }));

/** All inputs in order: waveform, features, rhythm features. */
export const beatInputNames: readonly InputName[] = [
  ...waveformNames,
  ...beatFeatureNames,
  ...rhythmInputNames,
];

const columnOf = new Map(beatInputNames.map(({ name }, k) => [name, k]));
const waveformEnd = waveformNames.length;
const featuresEnd = waveformEnd + beatFeatureNames.length;

/** Whether any of these inputs is of the waveform or the rhythm, which `beatFeatures` alone does not give. */
export const needsMoreThanFeatures = (inputs: readonly InputName[]): boolean =>
  inputs.some(({ name }) => !beatFeatureNames.some(feature => feature.name === name));

/** The columns of `beatInputNames` with these names, in their order. Throws `InputError` for an unknown name. */
function columnsOf(inputs: readonly InputName[]): number[] {
  return inputs.map(({ name }) => {
    const column = columnOf.get(name);
    if (column === undefined) throw new InputError(`there is no beat input '${name}'`);
    return column;
  });
}

/** Beats per batch, which bounds the memory in use. */
const batch = 256;

/** Gathers the inputs of a lead's beats part by part. */
export interface InputsInParts {
  /** Adds a part; parts need a margin of a second. */
  add(part: PlacedPart): void;
  /** `[beats, inputs]`; NaN where the window contains invalid samples. */
  readonly x: Tensor;
}

/**
 * The named inputs of beats with these features; `rhythm` are their `rhythmFeatures`. Throws `InputError` for an unknown
 * name.
 */
export function createBeatInputs(
  inputs: readonly InputName[],
  features: BeatFeatures,
  rhythm: Float64Array,
  rPeaks: ArrayLike<number>,
): InputsInParts {
  const columns = columnsOf(inputs);
  const width = columns.length;
  const x = full([rPeaks.length, width], Number.NaN);
  const waveform = createWaveformInputs(features.window);
  const typical = typicalReference(features);
  const byBeat = { features: features.x.data, rhythm };
  for (let beat = 0; beat < rPeaks.length; beat++) {
    columns.forEach((column, k) => {
      if (column >= waveformEnd) x.data[beat * width + k] = sideInput(byBeat, beat, column);
    });
  }
  return {
    x,
    add(part) {
      const beats = beatsOfPart(part, rPeaks);
      for (let first = beats.first; first < beats.last; first += batch) {
        const end = Math.min(first + batch, beats.last);
        const places = features.aligned.subarray(first, end).map(place => place - part.start);
        const { data } = waveform(cutWindows(part.voltage, places, features.window), typical);
        for (let beat = first; beat < end; beat++) {
          columns.forEach((column, k) => {
            if (column < waveformEnd) x.data[beat * width + k] = data[(beat - first) * waveformEnd + column]!;
          });
        }
      }
    },
  };
}

function sideInput(
  { features, rhythm }: { readonly features: Float64Array; readonly rhythm: Float64Array },
  beat: number,
  column: number,
): number {
  if (column < featuresEnd) return features[beat * beatFeatureNames.length + column - waveformEnd]!;
  return rhythm[beat * rhythmFeatureNames.length + column - featuresEnd]!;
}

/**
 * A function from the voltage of a beat's window, `[length]`, to the named inputs of that beat, `[inputs]`.
 * Differentiable in the voltage, with the rhythm, the RR intervals and the typical beat held fixed. Throws `InputError`
 * for an unknown name.
 */
export function describeInputs(
  inputs: readonly InputName[],
  features: BeatFeatures,
  rhythm: Float64Array,
  beat: number,
): (window: Tensor) => Tensor {
  const typical = typicalReference(features);
  const describe = describeInputsAgainst(inputs, features, rhythm, beat);
  return window => describe(window, typical);
}

/** As `describeInputs`, a function of the window and of the record's typical beat. Differentiable in both. */
export function describeInputsAgainst(
  inputs: readonly InputName[],
  features: BeatFeatures,
  rhythm: Float64Array,
  beat: number,
): (window: Tensor, typical: TypicalReference) => Tensor {
  const ofFeatures = describeAgainst(features, beat);
  if (!needsMoreThanFeatures(inputs) && inputs.every(({ name }, k) => name === beatFeatureNames[k]?.name)) {
    return ofFeatures;
  }
  const columns = columnsOf(inputs);
  const waveform = createWaveformInputs(features.window);
  const count = rhythmFeatureNames.length;
  const ofRhythm = tensor(rhythm.slice(beat * count, (beat + 1) * count));
  return (window, typical) => {
    const ofWaveform = reshape(waveform(reshape(window, [1, features.window.length]), typical), [
      waveformEnd,
    ]);
    return gather(concat([ofWaveform, ofFeatures(window, typical), ofRhythm], 0), columns);
  };
}
