/** The latest samples of a lead. */

/** Ring buffer: sample i is at `values[i & mask]`, for i in [from, to). */
export interface SampleRing {
  readonly values: Float64Array;
  readonly mask: number;
  from: number;
  to: number;
}

/** A complete lead as a ring buffer that receives its own samples. */
export const wholeLeadRing = (lead: Float64Array): SampleRing => ({ values: lead, mask: -1, from: 0, to: 0 });

/** An empty ring buffer of at least `least` samples. */
export function createSampleRing(least: number): SampleRing {
  const length = 2 ** Math.ceil(Math.log2(least));
  return { values: new Float64Array(length), mask: length - 1, from: 0, to: 0 };
}

/** Adds the samples [from, to) of a piece; nothing is copied when it is the lead of `wholeLeadRing`. */
export function keep(ring: SampleRing, piece: Float64Array, from: number, to: number): void {
  const { values, mask } = ring;
  if (values === piece) {
    ring.to = to;
    return;
  }
  const start = ring.to & mask;
  const turn = Math.min(to, from + values.length - start);
  values.set(piece.subarray(from, turn), start);
  if (turn < to) values.set(piece.subarray(turn, to), 0);
  ring.to += to - from;
  ring.from = Math.max(0, ring.to - values.length);
}

/** Highest minus lowest of every `step`-th sample from `from` to `to`, without invalid ones; −∞ without valid ones. */
export function validRange({ values, mask }: SampleRing, from: number, to: number, step = 1): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i += step) {
    const value = values[i & mask]!;
    if (value < lowest && value !== Number.NEGATIVE_INFINITY) lowest = value;
    if (value > highest && value !== Number.POSITIVE_INFINITY) highest = value;
  }
  return highest - lowest;
}
