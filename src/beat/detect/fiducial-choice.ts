/** The choice of the shape and of the deflection that locate the usual beats of a lead. */
import { type Alignment, type BeatShape, learnShape, relativeVoltage, shapeOf } from './beat-alignment.ts';
import type { Deflection } from './deflections.ts';
import {
  alignedDeflection,
  alignmentWith,
  bestMatch,
  type Fiducial,
  type UnlocatedBeat,
  type UsualBeats,
  usualShare,
} from './fiducial.ts';

/** The deflection is changed when another one fits the beats better by this factor. */
const changeRatio = 1.5;
/** Standard deviation of a deflection's position among beats that are not aligned, s. */
const placeSeconds = 0.02;

/** The chosen shape and deflection, and whether it is another deflection than the present one. */
export interface Choice extends UsualBeats {
  readonly isChanged: boolean;
}

/** A beat of the usual shape. */
interface AlikeBeat {
  readonly beat: UnlocatedBeat;
  readonly alignment: Alignment;
}

/**
 * The shape that most of the beats have, if there is one, and the deflection that fits them best; the present ones unless
 * fewer than a quarter of the beats have that shape, or another deflection is much larger.
 */
export function chosenAmong(beats: readonly UnlocatedBeat[], present: UsualBeats): Choice {
  const alike = alikeBeats(present.shape, beats);
  if (4 * alike.length >= beats.length && alike.length > 0) {
    const usual = bestAligned(alike, present.usual);
    return { shape: present.shape, usual, isChanged: usual !== present.usual };
  }
  const found = commonShape(beats);
  if (found === undefined) {
    const all = beats.map(({ deflections }) => deflections);
    const usual = bestFiducial(all, of => support(of, all), present.usual);
    return { shape: undefined, usual, isChanged: usual !== present.usual };
  }
  const carried = inShape(present, found.alike);
  const usual = bestAligned(found.alike, carried);
  return { shape: found.shape, usual, isChanged: usual !== carried };
}

const alikeBeats = (shape: BeatShape | undefined, beats: readonly UnlocatedBeat[]): AlikeBeat[] =>
  beats.flatMap(beat => {
    const alignment = alignmentWith(shape, beat);
    return alignment === undefined ? [] : [{ beat, alignment }];
  });

/** The mean of the beats like one of them, of which there are most; undefined where they are fewer than half or one. */
function commonShape(
  beats: readonly UnlocatedBeat[],
): { readonly shape: BeatShape; readonly alike: readonly AlikeBeat[] } | undefined {
  let best: { readonly shape: BeatShape; readonly alike: readonly AlikeBeat[] } | undefined;
  for (const { bins, samplingFrequency } of beats) {
    const shape = shapeOf(bins, samplingFrequency);
    const alike = alikeBeats(shape, beats);
    if (alike.length > (best?.alike.length ?? 0)) best = { shape, alike };
  }
  if (best === undefined || best.alike.length < 2 || 2 * best.alike.length < beats.length) return undefined;
  for (const [k, { beat, alignment }] of best.alike.entries()) {
    const { bins, samplingFrequency } = beat;
    learnShape(best.shape, bins, alignment, { weight: 1 / (k + 2), samplingFrequency });
  }
  return best;
}

/** The present deflection at its position in another shape, which the last of the beats that have it shows. */
function inShape({ usual, shape }: UsualBeats, alike: readonly AlikeBeat[]): Fiducial | undefined {
  if (usual === undefined) return undefined;
  for (const { beat, alignment } of alike.toReversed()) {
    const previous = alignmentWith(shape, beat);
    const found = previous ? alignedDeflection(usual, beat, previous) : bestMatch(usual, beat.deflections);
    if (found !== undefined) return { sign: usual.sign, place: found.place - alignment.delay };
  }
  return undefined;
}

/** The deflection that is largest in aligned beats. */
function bestAligned(beats: readonly AlikeBeat[], previous: Fiducial | undefined): Fiducial | undefined {
  const undelayed = beats.map(({ beat, alignment }) =>
    beat.deflections.map(deflection => ({ ...deflection, place: deflection.place - alignment.delay })),
  );
  const power = (fiducial: Fiducial): number => {
    let sum = 0;
    for (const { beat, alignment } of beats) {
      sum += sizeIn(fiducial, beat, alignment) ** 2;
    }
    return sum;
  };
  return bestFiducial(undelayed, power, previous);
}

/** The size of a fiducial in an aligned beat relative to its largest deflection; 0 where it is of the other sign. */
function sizeIn(fiducial: Fiducial, beat: UnlocatedBeat, alignment: Alignment): number {
  const deflection = alignedDeflection(fiducial, beat, alignment);
  if (deflection !== undefined) return deflection.share;
  const { bins, samplingFrequency } = beat;
  const time = fiducial.place + alignment.delay;
  const size = fiducial.sign * relativeVoltage(bins, time, samplingFrequency);
  return size > 0 ? size : 0;
}

/** How well a fiducial fits beats that are not aligned. */
function support(fiducial: Fiducial, beats: readonly (readonly Deflection[])[]): number {
  let sum = 0;
  for (const beat of beats) {
    const match = bestMatch(fiducial, beat);
    if (match === undefined) continue;
    const closeness = Math.exp(-0.5 * ((match.place - fiducial.place) / placeSeconds) ** 2);
    sum += (match.share * closeness) ** 2;
  }
  return sum;
}

/** The deflection of any of the beats that fits them best; the previous one unless another fits much better. */
function bestFiducial(
  beats: readonly (readonly Deflection[])[],
  fitness: (fiducial: Fiducial) => number,
  previous: Fiducial | undefined,
): Fiducial | undefined {
  let best = previous;
  let most = previous === undefined ? 0 : changeRatio * fitness(previous);
  // No deflection can fit better than one that is the largest of every beat.
  if (most >= beats.length) return best;
  for (const beat of beats) {
    for (const { sign, place, share } of beat) {
      if (share < usualShare) continue;
      const fiducial = { sign, place };
      const here = fitness(fiducial);
      if (here > most) {
        most = here;
        best = fiducial;
      }
    }
  }
  return best;
}
