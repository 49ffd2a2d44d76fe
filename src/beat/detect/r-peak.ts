/**
 * Location of the R peak among the deflections of a QRS complex in the original signal.
 *
 * In a lead with R and S waves, or two peaks of a notched wave, of similar size the largest deflection would alternate
 * between them, and RR intervals would contain the distance between them. Therefore one deflection, of a fixed sign and
 * position in the complex, is chosen for the usual beats of a lead. A beat of their shape is aligned with that shape and
 * located by the deflection at that position. One of another shape is located by a deflection of the same sign if that has
 * most of the size of its largest, otherwise by one of its own; each such shape has its own deflection.
 */
import { learnShape } from './beat-alignment.ts';
import type { Deflection } from './deflections.ts';
import {
  bestMatch,
  certainCorrelation,
  type Fiducial,
  isPlain,
  locate,
  type UnlocatedBeat,
  type UsualBeats,
  usualShare,
} from './fiducial.ts';
import { type Choice, chosenAmong } from './fiducial-choice.ts';

/** Weight of a new beat in the running means of position and shape. */
const learningWeight = 0.1;
/** Number of further shapes that are remembered. */
const mostShapes = 4;
/**
 * After each so many beats, the deflection is reconsidered if half of them are not plain. That does not depend on which of
 * them are, so that beats near the limit do not change all later choices.
 */
const consideredBeats = 8;

/** The state of one lead: the deflections chosen for its beats. */
export interface LeadFiducials extends UsualBeats {
  readonly others: Fiducial[];
  readonly latest: UnlocatedBeat[];
  sinceChoice: number;
}

/** The state of a lead before any beat. */
export const createLeadFiducials = (): LeadFiducials => ({
  usual: undefined,
  shape: undefined,
  others: [],
  latest: [],
  sinceChoice: 0,
});

/** Chooses the usual shape and deflection from the given beats, if none is chosen yet. */
export function chooseFiducial(lead: LeadFiducials, beats: readonly UnlocatedBeat[]): void {
  if (lead.usual === undefined && beats.length > 0) adopt(lead, chosenAmong(beats, lead));
}

/**
 * The R peak of a beat and, when the usual deflection changes at this beat, the sample that the previous one would have
 * given.
 */
export interface Mark {
  readonly sample: number;
  readonly before: number | undefined;
}

/** Locates the R peak of a beat and updates the state. */
export function markBeat(lead: LeadFiducials, beat: UnlocatedBeat): Mark {
  lead.latest.push(beat);
  if (lead.latest.length > consideredBeats) lead.latest.shift();
  chooseFiducial(lead, [beat]);
  lead.sinceChoice = (lead.sinceChoice + 1) % consideredBeats;
  const before = lead.sinceChoice === 0 && isDoubtful(lead) ? reconsider(lead, beat) : undefined;
  const sample = markUsual(lead, beat) ?? markOther(lead, beat.deflections).sample;
  return { sample, before: before === sample ? undefined : before };
}

/** Whether the usual deflection may not be clear: at least half of the latest beats are not plain. */
function isDoubtful({ usual, latest }: LeadFiducials): boolean {
  let plain = 0;
  for (const { deflections } of latest) if (isPlain(usual!, deflections)) plain++;
  return 2 * plain <= latest.length;
}

/** Chooses anew from the latest beats; if the deflection changes, returns the sample that the previous one gives. */
function reconsider(lead: LeadFiducials, beat: UnlocatedBeat): number | undefined {
  const before = (locate(lead, beat)?.point ?? bestMatch(lead.usual!, beat.deflections))?.sample;
  const choice = chosenAmong(lead.latest, lead);
  adopt(lead, choice);
  return choice.isChanged ? before : undefined;
}

function adopt(lead: LeadFiducials, { usual, shape }: Choice): void {
  lead.usual = usual;
  lead.shape = shape;
}

/** Locates a beat by the usual deflection and learns from it; undefined where that is too small. */
function markUsual(lead: LeadFiducials, beat: UnlocatedBeat): number | undefined {
  const located = locate(lead, beat);
  if (located === undefined) return undefined;
  const { point, alignment } = located;
  if (alignment === undefined) {
    // In a beat of another shape, the position after the envelope's maximum may be another.
    const isUsual = lead.shape === undefined || isPlain(lead.usual!, beat.deflections);
    if (isUsual) learnPlace(lead.usual!, point.place);
  } else if (lead.shape !== undefined && alignment.correlation >= certainCorrelation) {
    learnPlace(lead.usual!, point.place - alignment.delay);
    const { samplingFrequency } = beat;
    learnShape(lead.shape, beat.bins, alignment, { weight: learningWeight, samplingFrequency });
  }
  return point.sample;
}

function markOther(lead: LeadFiducials, beat: readonly Deflection[]): Deflection {
  for (const shape of lead.others) {
    const match = bestMatch(shape, beat);
    if (match === undefined || match.share < usualShare) continue;
    learnPlace(shape, match.place);
    return match;
  }
  const largest = beat.reduce((a, b) => (b.share > a.share ? b : a));
  lead.others.unshift({ sign: largest.sign, place: largest.place });
  if (lead.others.length > mostShapes) lead.others.pop();
  return largest;
}

function learnPlace(fiducial: Fiducial, place: number): void {
  fiducial.place += learningWeight * (place - fiducial.place);
}
