/**
 * Location of the R peak among the deflections of a QRS complex in the original signal.
 *
 * In a lead whose R and S waves are of similar size the largest deflection would alternate between them, and RR
 * intervals would contain the distance between them. Therefore one deflection, of a fixed sign and position in the
 * complex, is chosen for the usual beats of a lead, and kept as long as it has at least half the size of the largest. A
 * beat in which it is smaller has another shape; each such shape has its own deflection.
 */

// Search range on either side of the envelope's maximum, s.
const searchSeconds = 0.07;
const levelSeconds = 0.1;
/** Samples needed on either side of the envelope's maximum, s. */
export const rPeakReach = levelSeconds;
/**
 * A deflection that falls to half within this time on both sides is a pacing spike or an artefact, s; below 200 Hz this
 * cannot be told.
 */
const spikeSeconds = 0.003;
/** A jump between samples by this fraction of the range within so many s is not part of a complex. */
const spikeJump = 0.7;
const jumpSeconds = 0.012;
/** The jump counts if that range is at least this fraction of the deflection. */
const spikeRange = 0.3;
const spikeFrequency = 200;
/** Smallest size of an alternative deflection, relative to the beat's largest. */
const leastShare = 0.3;
/** Smallest return of the signal between two deflections of one sign, relative to the largest; else they are one. */
const leastReturn = 0.05;
/** Smallest size of the chosen deflection in a usual beat, relative to its largest. */
const usualShare = 0.8;
/** Deflections of one sign are alternatives when the smaller is at least this fraction of the larger. */
const rivalShare = 0.9;
/** Standard deviation of a deflection's position, s: at this distance its weight is e^−½. */
const placeSeconds = 0.02;
/** Weight of a new beat in the running mean of the position. */
const placeWeight = 0.1;
/** Number of further shapes that are remembered. */
const mostShapes = 4;
/**
 * The deflection is chosen by so many of the latest beats, and changed when another one is this much better for them.
 */
const consideredBeats = 8;
const changeRatio = 1.5;

/** Ring buffer of the latest samples of a lead: sample i is at `values[i & mask]`, for i in [from, to). */
export interface SampleRing {
  readonly values: Float64Array;
  readonly mask: number;
  from: number;
  to: number;
}

/** A local extremum within a complex. */
export interface Deflection {
  readonly sample: number;
  /** 1 up, −1 down. */
  readonly sign: number;
  /** Its size relative to the largest of the complex. */
  readonly share: number;
  /** Time relative to the maximum of the envelope, s. */
  readonly place: number;
}

/**
 * The local extrema within 70 ms of sample `centre`, in order of time. Sizes are relative to the mean voltage around,
 * so that slow drift or a raised ST segment does not matter; a point on a monotonic slope is no extremum. Invalid
 * samples (NaN, infinite) are skipped. Empty for a wave cut off by the end of the signal, whose peak lies elsewhere.
 */
export function deflections(ring: SampleRing, centre: number, samplingFrequency: number): Deflection[] {
  const { values, mask } = ring;
  const level = meanAround(ring, centre, Math.round(levelSeconds * samplingFrequency));
  const reach = Math.round(searchSeconds * samplingFrequency);
  const end = Math.min(ring.to - 1, centre + reach + 1);
  const found: { sample: number; size: number }[] = [];
  let largest = 0;
  for (let i = Math.max(ring.from + 1, centre - reach); i < end; i++) {
    const deflection = values[i & mask]! - level;
    const size = Math.abs(deflection);
    if (!(size > leastShare * largest && size < Number.POSITIVE_INFINITY)) continue;
    const sign = Math.sign(deflection);
    const before = (values[(i - 1) & mask]! - level) * sign;
    const after = (values[(i + 1) & mask]! - level) * sign;
    if (before > size || after > size) continue;
    found.push({ sample: i, size: deflection });
    largest = Math.max(largest, size);
  }
  const waves = found.filter(({ sample, size }) => !isSpike(ring, sample, level, size, samplingFrequency));
  const kept = waves.length > 0 ? waves : found;
  const whole = kept.filter(
    (one, k) => !isPartOf(ring, one, kept[k - 1], largest) && !isPartOf(ring, one, kept[k + 1], largest),
  );
  return inShares(whole, centre, samplingFrequency);
}

interface Extremum {
  readonly sample: number;
  /** From the level, signed. */
  readonly size: number;
}

/** Whether an extremum is part of its larger neighbour: of one sign, and the signal hardly comes back between them. */
function isPartOf(
  { values, mask }: SampleRing,
  { sample, size }: Extremum,
  neighbour: Extremum | undefined,
  largest: number,
): boolean {
  if (neighbour === undefined) return false;
  const sign = Math.sign(size);
  const isLess =
    Math.abs(neighbour.size) > Math.abs(size) || (neighbour.size === size && neighbour.sample < sample);
  if (Math.sign(neighbour.size) !== sign || !isLess) return false;
  const step = neighbour.sample < sample ? -1 : 1;
  for (let i = sample; i !== neighbour.sample; i += step) {
    if ((values[sample & mask]! - values[i & mask]!) * sign > leastReturn * largest) return false;
  }
  return true;
}

function inShares(
  found: readonly { readonly sample: number; readonly size: number }[],
  centre: number,
  samplingFrequency: number,
): Deflection[] {
  const largest = found.reduce((most, { size }) => Math.max(most, Math.abs(size)), 0);
  return found
    .filter(({ size }) => Math.abs(size) >= leastShare * largest)
    .map(({ sample, size }) => ({
      sample,
      sign: Math.sign(size),
      share: Math.abs(size) / largest,
      place: (sample - centre) / samplingFrequency,
    }));
}

/**
 * Whether the signal falls to half the deflection on both sides within fewer samples than any cardiac wave takes, or
 * jumps to or from the extremum.
 */
function isSpike(
  ring: SampleRing,
  at: number,
  level: number,
  deflection: number,
  samplingFrequency: number,
): boolean {
  const flank = Math.max(1, Math.round(spikeSeconds * samplingFrequency));
  const around = Math.round(jumpSeconds * samplingFrequency);
  if (samplingFrequency < spikeFrequency) return false;
  const { values, mask } = ring;
  const before = (values[(at - flank) & mask]! - level) / deflection;
  const after = (values[(at + flank) & mask]! - level) / deflection;
  if (before < 0.5 && after < 0.5) return true;
  let jump = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = Math.max(ring.from + 1, at - around); i <= Math.min(ring.to - 1, at + around); i++) {
    const value = values[i & mask]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    const step = Math.abs(value - values[(i - 1) & mask]!);
    if (step > jump) jump = step;
  }
  // On a plateau the noise alone jumps through the whole range, which is small.
  const range = highest - lowest;
  return jump > spikeJump * range && range > spikeRange * Math.abs(deflection);
}

function meanAround(ring: SampleRing, centre: number, reach: number): number {
  let sum = 0;
  let count = 0;
  for (let i = Math.max(ring.from, centre - reach); i < Math.min(ring.to, centre + reach + 1); i++) {
    const value = ring.values[i & ring.mask]!;
    if (value - value === 0) {
      sum += value;
      count++;
    }
  }
  return sum / count;
}

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
 * The R peak of a beat; with the sample that would have been chosen before, where the usual deflection changes at this
 * beat.
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
  const best = bestFiducial(lead.latest)!;
  if (!(support(best, lead.latest) > changeRatio * support(before, lead.latest))) return undefined;
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
