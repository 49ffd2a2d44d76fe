/** A candidate beat, and the state of the search for candidates. */
import { envelopeFrequency, envelopeGroup } from '../../signal/detector-envelope.ts';
import { createLastSeconds, type LastSeconds, startSeconds } from './last-seconds.ts';

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
  /** The second largest of the envelope's maxima over the last seconds: the height of a beat even at a slow rate. */
  readonly topHeight: Float64Array;
  /** Levels from the median height of a second, and from the top height. */
  readonly usual: Levels;
  readonly highest: Levels;
  /** By lead: from 0 where noise obscures the upper band to 1 where it is clear. */
  readonly clearness: Float64Array;
  /** By lead: the weight of the upper band, from how well it separates beats from noise. */
  readonly upperShare: Float64Array;
}

export const groupsPerSecond = envelopeFrequency / envelopeGroup;
const ringLength = 64;
export const ringMask = ringLength - 1;

/** The state of the search for candidates. */
export interface FinderState {
  readonly leads: number;
  /** Twice the number of leads. */
  readonly channels: number;
  readonly onCandidate: (candidate: Candidate) => void;
  readonly onSecond: (time: number) => void;
  readonly onForeseen: (candidate: Candidate) => void;
  /** The one of these that gets the candidates now. */
  passOn: (candidate: Candidate) => void;
  /** The latest envelope values, by channel, and the sum of the lower bands in units of their usual heights. */
  readonly recent: readonly Float64Array[];
  readonly combined: Float64Array;
  /** The candidate passed to the callback, reused for the next. */
  readonly candidate: Candidate;
  /** The reciprocal of the usual height. */
  readonly weights: Float64Array;
  /** For the current second: the highest value, and the lowest and highest of each group. */
  readonly highest: Float64Array;
  /** By channel: the highest value of the latest group, and of the group before it. */
  readonly groupHighest: Float64Array;
  readonly earlierHighest: Float64Array;
  readonly lows: readonly Float64Array[];
  readonly highs: readonly Float64Array[];
  /** By channel, over the last seconds: the highest value, the noise level, and the usual maximum of a group. */
  readonly heights: readonly LastSeconds[];
  readonly rests: readonly LastSeconds[];
  readonly groupHeights: readonly LastSeconds[];
  /** Scratch memory, the first two by channel. */
  readonly rest: Float64Array;
  readonly full: Uint8Array;
  readonly sorted: Float64Array;
  /** The first values, kept until the usual levels are known. */
  readonly learning: readonly Float64Array[];
  isLearning: boolean;
  /** The number of last seconds over which the usual levels are estimated. */
  window: number;
  /** Number of envelope values so far. */
  position: number;
  /** By channel: the number of seconds with a signal. */
  readonly seconds: Float64Array;
}

/** The state before the first value. */
export function createFinderState(
  leads: number,
  onCandidate: FinderState['onCandidate'],
  onSecond: FinderState['onSecond'],
  onForeseen: FinderState['onForeseen'],
): FinderState {
  const channels = 2 * leads;
  const perChannel = (length: number): Float64Array[] =>
    Array.from({ length: channels }, () => new Float64Array(length));
  const lastSeconds = (): LastSeconds[] => Array.from({ length: channels }, createLastSeconds);
  const topHeight = new Float64Array(channels);
  return {
    leads,
    channels,
    onCandidate,
    onSecond,
    onForeseen,
    passOn: onCandidate,
    recent: perChannel(ringLength),
    combined: new Float64Array(ringLength),
    candidate: {
      time: 0,
      height: new Float64Array(channels),
      topHeight,
      usual: { height: new Float64Array(channels), rest: new Float64Array(channels) },
      highest: { height: topHeight, rest: new Float64Array(channels) },
      clearness: new Float64Array(leads),
      upperShare: new Float64Array(leads),
    },
    weights: new Float64Array(leads),
    highest: new Float64Array(channels),
    groupHighest: new Float64Array(channels),
    earlierHighest: new Float64Array(channels),
    lows: perChannel(groupsPerSecond),
    highs: perChannel(groupsPerSecond),
    heights: lastSeconds(),
    rests: lastSeconds(),
    groupHeights: lastSeconds(),
    rest: new Float64Array(channels),
    full: new Uint8Array(channels),
    sorted: new Float64Array(groupsPerSecond),
    learning: perChannel(startSeconds * envelopeFrequency),
    isLearning: true,
    window: startSeconds,
    position: 0,
    seconds: new Float64Array(channels),
  };
}
