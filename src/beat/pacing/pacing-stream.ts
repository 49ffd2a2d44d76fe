/**
 * Removal of pacing spikes from simultaneous leads that arrive in pieces. The output equals that of
 * `leadsWithoutPacing` for the whole leads, however they are divided, and lags the input by less than a second.
 */
import { leadsWithoutSpikes, lowestPacingFrequency, type PacingSpike, searchSpikes } from './pacing.ts';

/** Whether a spike begins at a sample depends on the signal within this time, s. */
const contextSeconds = 0.8;
/** A spike begins, and one in another lead is the same stimulus, within this time of the sample that reveals it, s. */
const onsetSeconds = 0.04;
/** Spikes are kept for this long: longer than their tails and the context, s. */
const keptSeconds = 2;
/** Samples are taken in blocks of at most this length, s. */
const blockSeconds = 1;
/** Blocks that the buffer holds beside the samples it needs. */
const heldBlocks = 4;

/** Longest time by which the output lags the input, s. */
export const pacingDelay = contextSeconds + onsetSeconds;

/** Leads that arrive in pieces and lose their pacing spikes. */
export interface PacingRemoval {
  /** Takes the next samples of each lead, of equal length. */
  push(pieces: readonly Float64Array[]): void;
  /** Ends the leads. */
  finish(): void;
}

/** The latest samples of the leads; indices count from the start of the buffers. */
interface RemovalState {
  readonly samplingFrequency: number;
  readonly buffers: readonly Float64Array[];
  /** By lead: the spikes found, and the sample from which to search on. */
  readonly spikes: PacingSpike[][];
  readonly searched: number[];
  /** Number of samples in the buffers, and how many of them were sent on. */
  filled: number;
  sent: number;
}

/**
 * Removes pacing spikes from `leads` leads. `onSamples` receives the next samples of each lead, in buffers that are
 * valid during the call. Below 240 Hz, where no spikes are found, the pieces are passed on at once.
 */
export function createPacingRemoval(
  samplingFrequency: number,
  leads: number,
  onSamples: (pieces: readonly Float64Array[]) => void,
): PacingRemoval {
  if (samplingFrequency < lowestPacingFrequency) return { push: onSamples, finish: () => undefined };
  const samples = (seconds: number): number => Math.ceil(seconds * samplingFrequency);
  const block = samples(blockSeconds);
  const context = samples(contextSeconds);
  const onset = samples(onsetSeconds);
  const kept = samples(keptSeconds);
  const capacity = kept + onset + context + heldBlocks * block;
  const state: RemovalState = {
    samplingFrequency,
    buffers: Array.from({ length: leads }, () => new Float64Array(capacity)),
    spikes: Array.from({ length: leads }, () => []),
    searched: new Array<number>(leads).fill(0),
    filled: 0,
    sent: 0,
  };
  const extent: BlockExtent = { block, context, onset, kept, capacity };
  return {
    push: pieces => push(state, extent, pieces, onSamples),
    finish() {
      search(state, state.filled);
      send(state, state.filled, onSamples);
    },
  };
}

/** The times above, and the capacity of the buffers, as numbers of samples. */
interface BlockExtent {
  readonly block: number;
  readonly context: number;
  readonly onset: number;
  readonly kept: number;
  readonly capacity: number;
}

/**
 * Takes samples block by block. It is a function of the module because a closure made for each record, and called once
 * for all of it, would be compiled again for each record.
 */
function push(
  state: RemovalState,
  { block, context, onset, kept, capacity }: BlockExtent,
  pieces: readonly Float64Array[],
  onSamples: (pieces: readonly Float64Array[]) => void,
): void {
  const count = pieces[0]!.length;
  for (let from = 0; from < count; from += block) {
    const to = Math.min(count, from + block);
    if (state.filled + to - from > capacity) forget(state, state.sent - kept);
    for (const [lead, buffer] of state.buffers.entries()) {
      buffer.set(pieces[lead]!.subarray(from, to), state.filled);
    }
    state.filled += to - from;
    search(state, state.filled - context);
    send(state, state.filled - context - onset, onSamples);
  }
}

/** Drops the first `count` samples of the buffers. */
function forget(state: RemovalState, count: number): void {
  for (const [lead, buffer] of state.buffers.entries()) {
    buffer.copyWithin(0, count, state.filled);
    state.searched[lead]! -= count;
    state.spikes[lead] = state.spikes[lead]!.filter(({ onset }) => onset >= count).map(spike => ({
      ...spike,
      sample: spike.sample - count,
      onset: spike.onset - count,
      end: spike.end - count,
    }));
  }
  state.filled -= count;
  state.sent -= count;
}

/** Finds the spikes that begin before sample `to`. */
function search(state: RemovalState, to: number): void {
  for (const [lead, buffer] of state.buffers.entries()) {
    const from = state.searched[lead]!;
    if (from >= to) continue;
    const known = buffer.subarray(0, state.filled);
    state.searched[lead] = searchSpikes(known, state.samplingFrequency, from, to, state.spikes[lead]!);
  }
}

/** Sends on the samples before `to`, without spikes. */
function send(state: RemovalState, to: number, onSamples: (pieces: readonly Float64Array[]) => void): void {
  const { buffers, filled, sent, spikes, samplingFrequency } = state;
  if (to <= sent) return;
  const known = buffers.map(buffer => buffer.subarray(0, filled));
  const clean = leadsWithoutSpikes(known, spikes, samplingFrequency);
  state.sent = to;
  onSamples(clean.map(lead => lead.subarray(sent, to)));
}
