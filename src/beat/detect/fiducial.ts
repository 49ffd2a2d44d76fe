/** The deflection that locates the beats of a lead, and where it is in a beat. */
import { type Alignment, align, type BeatBins, type BeatShape } from './beat-alignment.ts';
import { type Deflection, largestOf } from './deflections.ts';
import type { SampleRing } from './sample-ring.ts';

/** Smallest size of the deflection in a beat of another shape, relative to its largest. */
export const usualShare = 0.8;
/** Deflections of the same sign are alternatives when the smaller is at least this fraction of the larger. */
const rivalShare = 0.9;
/** Standard deviation of its position in a beat of the usual shape, s, and the farthest position there. */
const alignedSeconds = 0.008;
const farthestSeconds = 0.012;
/** The largest deflection, if the only one of its sign, is the usual one at most this far from its position, s. */
const plainSeconds = 0.006;
/** Without a deflection there, as on a plateau, the extreme within this time of the position locates the beat, s. */
const extremeSeconds = 0.008;
/** Smallest size of such a position on a plateau, relative to the deflection there, else to the largest one. */
const plateauShare = 0.9;
/** Smallest size of such an extreme, relative to the largest deflection. */
const leastShare = 0.3;
/**
 * Beats of the usual shape correlate with it at least so much, and are at most so many times as large or small as it; only
 * what has more than the second correlation is learned from, and can be located without a deflection.
 */
const leastCorrelation = 0.75;
export const certainCorrelation = 0.9;
const mostSize = 1.5;

/** A beat to be located: its deflections and its bins, and the ring that holds the lead around sample `centre`. */
export interface UnlocatedBeat {
  readonly deflections: readonly Deflection[];
  readonly bins: BeatBins;
  readonly ring: SampleRing;
  readonly centre: number;
  readonly samplingFrequency: number;
}

/** The deflection that locates the beats of one shape: its sign, and its mean position, s. */
export interface Fiducial {
  readonly sign: number;
  place: number;
}

/** How the usual beats of a lead are located. */
export interface UsualBeats {
  /** Its position is after the maximum of the envelope of a beat that is not delayed with respect to `shape`. */
  usual: Fiducial | undefined;
  /** Their shape; undefined where too few are alike. */
  shape: BeatShape | undefined;
}

/** A point of a beat, with its size relative to the largest deflection. */
export type Point = Omit<Deflection, 'sign'>;

/** The point of a beat that the usual deflection gives, and the beat's alignment if it has the usual shape. */
export interface Located {
  readonly point: Point;
  readonly alignment: Alignment | undefined;
}

/** Locates a beat by the usual deflection; undefined where that is too small. */
export function locate({ usual, shape }: UsualBeats, beat: UnlocatedBeat): Located | undefined {
  if (usual === undefined) return undefined;
  if (isPlain(usual, beat.deflections)) return { point: largestOf(beat.deflections)!, alignment: undefined };
  const alignment = alignmentWith(shape, beat);
  const aligned = alignment && alignedPoint(usual, beat, alignment);
  if (aligned !== undefined) return { point: aligned, alignment };
  const match = bestMatch(usual, beat.deflections);
  return match !== undefined && match.share >= usualShare
    ? { point: match, alignment: undefined }
    : undefined;
}

/** Whether the usual deflection is the largest and the only one of its sign, so that a beat need not be aligned. */
export function isPlain({ sign, place }: Fiducial, deflections: readonly Deflection[]): boolean {
  let largest: Deflection | undefined;
  for (const deflection of deflections) {
    if (deflection.sign !== sign) continue;
    if (largest !== undefined) return false;
    largest = deflection;
  }
  return largest !== undefined && largest.share === 1 && Math.abs(largest.place - place) <= plainSeconds;
}

/** The alignment of a beat with a shape; undefined when it has another one. */
export function alignmentWith(shape: BeatShape | undefined, beat: UnlocatedBeat): Alignment | undefined {
  const alignment = shape && align(shape, beat.bins, beat.samplingFrequency);
  if (alignment === undefined || alignment.correlation < leastCorrelation) return undefined;
  return alignment.size > mostSize || alignment.size < 1 / mostSize ? undefined : alignment;
}

/** The deflection at the position of the usual one in a beat of the usual shape. */
export function alignedDeflection(
  { sign, place }: Fiducial,
  beat: UnlocatedBeat,
  { delay }: Alignment,
): Deflection | undefined {
  let best: Deflection | undefined;
  let most = 0;
  for (const deflection of beat.deflections) {
    const distance = deflection.place - place - delay;
    if (deflection.sign !== sign || Math.abs(distance) > farthestSeconds) continue;
    const weight = deflection.share * Math.exp(-0.5 * (distance / alignedSeconds) ** 2);
    if (weight <= most) continue;
    most = weight;
    best = deflection;
  }
  return best;
}

/** The point of a beat of the usual shape that corresponds to the usual deflection; undefined where it is small. */
function alignedPoint(usual: Fiducial, beat: UnlocatedBeat, alignment: Alignment): Point | undefined {
  const deflection = alignedDeflection(usual, beat, alignment);
  if (alignment.correlation < certainCorrelation) return deflection;
  const { sign } = usual;
  const expected = pointAt(sign, beat, beat.centre + secondsToSample(usual.place + alignment.delay, beat));
  // On a plateau noise decides which of its samples is the extremum.
  const isNear = deflection !== undefined && Math.abs(deflection.place - expected.place) <= plainSeconds;
  if (isNear || (deflection?.share ?? 1) * plateauShare > expected.share)
    return deflection ?? extremeNear(sign, beat, expected);
  return expected;
}

/** The extreme near a point; undefined where it is small, or at the end of the range as towards another deflection. */
function extremeNear(sign: number, beat: UnlocatedBeat, { sample }: Point): Point | undefined {
  const { values, mask } = beat.ring;
  const reach = secondsToSample(extremeSeconds, beat);
  let extreme = sample;
  for (let i = sample - reach; i <= sample + reach; i++)
    if (sign * values[i & mask]! > sign * values[extreme & mask]!) extreme = i;
  if (Math.abs(extreme - sample) === reach) return undefined;
  const point = pointAt(sign, beat, extreme);
  return point.share >= leastShare ? point : undefined;
}

/** A sample of a beat as a point of a deflection of the given sign. */
function pointAt(sign: number, beat: UnlocatedBeat, sample: number): Point {
  const { bins, deflections, centre, samplingFrequency } = beat;
  const { values, mask } = beat.ring;
  const level = values[centre & mask]! + bins.reduce((sum, value) => sum + value, 0) / bins.length;
  const size = Math.abs(values[largestOf(deflections)!.sample & mask]! - level);
  const share = (sign * (values[sample & mask]! - level)) / size;
  return { sample, share, place: (sample - centre) / samplingFrequency };
}

const secondsToSample = (seconds: number, { samplingFrequency }: UnlocatedBeat): number =>
  Math.round(seconds * samplingFrequency);

/** Of the deflections with the fiducial's sign and a sufficient size, the one nearest to its expected position. */
export function bestMatch(fiducial: Fiducial, beat: readonly Deflection[]): Deflection | undefined {
  let largest = 0;
  for (const { sign, share } of beat) if (sign === fiducial.sign && share > largest) largest = share;
  let best: Deflection | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (const deflection of beat) {
    const distance = Math.abs(deflection.place - fiducial.place);
    if (deflection.sign !== fiducial.sign || deflection.share < rivalShare * largest) continue;
    if (distance < nearest) {
      nearest = distance;
      best = deflection;
    }
  }
  return best;
}
