/** A candidate beat, and the state of the search for candidates. */
import {
  createEnvelopeValues,
  type EnvelopeBand,
  type EnvelopeValues,
  envelopeFrequency,
  envelopeGroup,
} from '../../signal/envelope-bands.ts';
import { changedSeconds, createLastSeconds, type LastSeconds, startSeconds } from './last-seconds.ts';

/** The usual levels of a new sequence, by channel. */
export interface Levels {
  readonly height: Float64Array;
  readonly rest: Float64Array;
}

/**
 * A candidate. Heights are natural logarithms of envelope values, by channel: the lower band of every lead, then the
 * upper band of every lead; −690 stands for 0.
 */
export interface Candidate {
  /** Time from the first sample, s. */
  time: number;
  /** The largest envelope value near the candidate. */
  readonly height: Float64Array;
  /**
   * The second largest of the envelope's maxima over the last seconds: the height of a beat even at a slow rate. In a pause
   * it falls no further below `rememberedHeight` than the usual heights do.
   */
  readonly topHeight: Float64Array;
  /** The largest median height of a second so far, slowly forgotten: that of the complexes before a pause. */
  readonly rememberedHeight: Float64Array;
  /** Levels from the median height of a second, and from the top height. */
  readonly usual: Levels;
  readonly highest: Levels;
  /** By lead: from 0 where noise obscures the upper band to 1 where it is clear. */
  readonly clearness: Float64Array;
  /** By lead: the weight of the upper band, from how well it separates beats from noise. */
  readonly upperShare: Float64Array;
}

/** A change of gain: by channel its natural logarithm, 0 where there is none, and the mean log-height before and after it. */
export interface GainChange {
  readonly shift: Float64Array;
  readonly middle: Float64Array;
}

/** Values whose candidates are found again after a change of gain: the latest seconds, and that in which it was. */
export const changedValues = (changedSeconds + 1) * envelopeFrequency;
/** Values kept before the next one, enough around such a candidate; zero before the first value. */
const keptValues = changedValues + 2 * envelopeGroup;

/** Memory for the envelope values of a lead, enough while the usual levels are learned. */
export const createFinderValues = (mostValues: number): EnvelopeValues =>
  createEnvelopeValues(keptValues + (startSeconds + 1) * envelopeFrequency + mostValues, keptValues);

export const groupsPerSecond = envelopeFrequency / envelopeGroup;
/** The state of the search for candidates. */
export interface FinderState {
  readonly leads: number;
  /** Twice the number of leads. */
  readonly channels: number;
  readonly onCandidate: (candidate: Candidate) => void;
  readonly onSecond: (time: number) => void;
  readonly onForeseen: (candidate: Candidate) => void;
  readonly onGainChange: (change: GainChange, since: number) => void;
  /** The one of these that gets the candidates now. */
  passOn: (candidate: Candidate) => void;
  /** The latest envelope values: by lead, and by channel. */
  readonly values: readonly EnvelopeValues[];
  readonly recent: readonly EnvelopeBand[];
  /** What the maxima are searched in: the lower band of a single lead, or the sum of several in units of their usual heights. */
  readonly combined: Float64Array;
  /** The candidate passed to the callback, reused for the next. */
  readonly candidate: Candidate;
  /** The reciprocal of the usual height. */
  readonly weights: Float64Array;
  /** By channel: the highest value of the current second. */
  readonly highest: Float64Array;
  /** By channel: the highest value of the latest group, and of the group before it. */
  readonly groupHighest: Float64Array;
  readonly earlierHighest: Float64Array;
  /** By channel, over the last seconds: the highest value, the noise level, and the usual maximum of a group. */
  readonly heights: readonly LastSeconds[];
  readonly rests: readonly LastSeconds[];
  readonly groupHeights: readonly LastSeconds[];
  /** Scratch memory, the first two by channel. */
  readonly rest: Float64Array;
  readonly full: Uint8Array;
  readonly sorted: Float64Array;
  isLearning: boolean;
  /** The number of last seconds over which the usual levels are estimated. */
  window: number;
  /** Number of envelope values so far, and the index of the next one in `recent`. */
  position: number;
  next: number;
  /** By channel: the number of seconds with a signal. */
  readonly seconds: Float64Array;
}

/** The state before the first value. */
export function createFinderState(
  values: readonly EnvelopeValues[],
  callbacks: Pick<FinderState, 'onCandidate' | 'onSecond' | 'onForeseen' | 'onGainChange'>,
): FinderState {
  const leads = values.length;
  const channels = 2 * leads;
  const lastSeconds = (): LastSeconds[] => Array.from({ length: channels }, createLastSeconds);
  const topHeight = new Float64Array(channels);
  return {
    leads,
    channels,
    ...callbacks,
    passOn: callbacks.onCandidate,
    values,
    recent: [...values.map(({ lower }) => lower), ...values.map(({ upper }) => upper)],
    combined: leads === 1 ? values[0]!.lower.values : new Float64Array(values[0]!.lower.values.length),
    candidate: {
      time: 0,
      height: new Float64Array(channels),
      topHeight,
      rememberedHeight: new Float64Array(channels).fill(Number.NEGATIVE_INFINITY),
      usual: { height: new Float64Array(channels), rest: new Float64Array(channels) },
      highest: { height: topHeight, rest: new Float64Array(channels) },
      clearness: new Float64Array(leads),
      upperShare: new Float64Array(leads),
    },
    weights: new Float64Array(leads),
    highest: new Float64Array(channels),
    groupHighest: new Float64Array(channels),
    earlierHighest: new Float64Array(channels),
    heights: lastSeconds(),
    rests: lastSeconds(),
    groupHeights: lastSeconds(),
    rest: new Float64Array(channels),
    full: new Uint8Array(channels),
    sorted: new Float64Array(groupsPerSecond),
    isLearning: true,
    window: startSeconds,
    position: 0,
    next: keptValues,
    seconds: new Float64Array(channels),
  };
}

/** Goes back to the first value. */
export function rewind(state: FinderState): void {
  state.position = 0;
  state.next = keptValues;
  state.seconds.fill(0);
}

/** Forgets the values before those around the next one, so that there is space for others. */
export function forgetValues(state: FinderState): void {
  const from = state.next - keptValues;
  for (const { values, lows, highs } of state.recent) {
    values.copyWithin(0, from);
    lows.copyWithin(0, from / envelopeGroup);
    highs.copyWithin(0, from / envelopeGroup);
  }
  if (state.leads > 1) state.combined.copyWithin(0, from);
  for (const values of state.values) values.filled -= from;
  state.next = keptValues;
}
