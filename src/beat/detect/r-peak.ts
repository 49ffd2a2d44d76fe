/**
 * Location of the R peak among the deflections of a QRS complex in the original signal.
 *
 * In a lead whose R and S waves are of similar size the largest deflection would alternate between them, and RR
 * intervals would contain the distance between them. Therefore one deflection, of a fixed sign and position in the
 * complex, is chosen for the usual beats of a lead, and kept as long as it has at least half the size of the largest. A
 * beat in which it is smaller has another shape; each such shape has its own deflection.
 */
import type { Deflection } from './deflections.ts';

/** Smallest size of the chosen deflection in a usual beat, relative to its largest. */
const usualShare = 0.8;
/** Deflections of the same sign are alternatives when the smaller is at least this fraction of the larger. */
const rivalShare = 0.9;
/** Standard deviation of a deflection's position, s: at this distance its weight is e^−½. */
const placeSeconds = 0.02;
/** Weight of a new beat in the running mean of the position. */
const placeWeight = 0.1;
/** Number of further shapes that are remembered. */
const mostShapes = 4;
/**
 * The deflection is chosen from this many of the latest beats, and changed when another one fits them better by this
 * factor.
 */
const consideredBeats = 8;
const changeRatio = 1.5;

/**
 * The deflection that locates the beats of one shape: its sign, and its mean position after the envelope's maximum, s.
 */
export interface Fiducial {
  readonly sign: number;
  place: number;
}

/** The state of one lead: the deflections chosen for its beats. */
export interface LeadFiducials {
  usual: Fiducial | undefined;
  readonly others: Fiducial[];
  /** The deflections of the latest beats. */
  readonly latest: (readonly Deflection[])[];
  sinceElection: number;
}

/** The state of a lead before any beat. */
export const createLeadFiducials = (): LeadFiducials => ({
  usual: undefined,
  others: [],
  latest: [],
  sinceElection: 0,
});

/** Chooses the usual deflection from the given beats, if none is chosen yet. */
export function chooseFiducial(lead: LeadFiducials, beats: readonly (readonly Deflection[])[]): void {
  lead.usual ??= bestFiducial(beats);
}

/**
 * The R peak of a beat and, when the usual deflection changes at this beat, the sample that the previous one would have
 * given.
 */
export interface Mark {
  readonly sample: number;
  readonly before: number | undefined;
}

/**
 * Locates the R peak of a beat and updates the state. The usual deflection changes when another one has been larger by
 * half over the last eight beats.
 */
export function markBeat(lead: LeadFiducials, beat: readonly Deflection[]): Mark {
  lead.latest.push(beat);
  if (lead.latest.length > consideredBeats) lead.latest.shift();
  lead.usual ??= bestFiducial([beat])!;
  const left = ++lead.sinceElection >= consideredBeats ? updateFiducial(lead) : undefined;
  const usual = bestMatch(lead.usual, beat);
  const { sample } =
    usual !== undefined && usual.share >= usualShare ? learnPlace(lead.usual, usual) : markOther(lead, beat);
  return { sample, before: left && (bestMatch(left, beat)?.sample ?? sample) };
}

/** Changes the usual deflection where another fits the latest beats much better; returns the previous one. */
function updateFiducial(lead: LeadFiducials): Fiducial | undefined {
  lead.sinceElection = 0;
  const before = lead.usual!;
  const least = changeRatio * support(before, lead.latest);
  // No support exceeds the number of beats.
  if (least >= lead.latest.length) return undefined;
  const best = bestFiducial(lead.latest)!;
  if (!(support(best, lead.latest) > least)) return undefined;
  lead.usual = best;
  return before;
}

function markOther(lead: LeadFiducials, beat: readonly Deflection[]): Deflection {
  for (const shape of lead.others) {
    const match = bestMatch(shape, beat);
    if (match !== undefined && match.share >= usualShare) return learnPlace(shape, match);
  }
  const largest = beat.reduce((a, b) => (b.share > a.share ? b : a));
  lead.others.unshift({ sign: largest.sign, place: largest.place });
  if (lead.others.length > mostShapes) lead.others.pop();
  return largest;
}

function learnPlace(shape: Fiducial, mark: Deflection): Deflection {
  shape.place += placeWeight * (mark.place - shape.place);
  return mark;
}

const closeness = (fiducial: Fiducial, { share, place }: Deflection): number =>
  share * Math.exp(-0.5 * ((place - fiducial.place) / placeSeconds) ** 2);

/** Of the deflections with the fiducial's sign and a sufficient size, the one nearest to its expected position. */
function bestMatch(fiducial: Fiducial, beat: readonly Deflection[]): Deflection | undefined {
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

/** How well a fiducial fits the beats. */
function support(fiducial: Fiducial, beats: readonly (readonly Deflection[])[]): number {
  let sum = 0;
  for (const beat of beats) {
    const match = bestMatch(fiducial, beat);
    if (match !== undefined) sum += closeness(fiducial, match) ** 2;
  }
  return sum;
}

/** The deflection of any of the beats that fits all of them best. */
function bestFiducial(beats: readonly (readonly Deflection[])[]): Fiducial | undefined {
  let best: Fiducial | undefined;
  let most = 0;
  for (const beat of beats) {
    for (const { sign, place, share } of beat) {
      if (share < usualShare) continue;
      const fiducial = { sign, place };
      const value = support(fiducial, beats);
      if (value > most) {
        most = value;
        best = fiducial;
      }
    }
  }
  return best;
}
