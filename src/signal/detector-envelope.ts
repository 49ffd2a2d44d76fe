/**
 * The QRS envelope: how much a lead moves at the pace of a QRS complex, as a slow positive signal of fixed rate.
 *
 * The voltage is first averaged over the sampling intervals of a 125 Hz working rate (exact for any ratio of rates),
 * so that all that follows is the same whatever the record was sampled at. Then: a short moving mean less a long one
 * (a band-pass around 10 Hz, in the spirit of the two moving averages of Elgendi 2013, PLoS ONE 8:e73557), its
 * absolute value, and the moving mean of that over the length of a QRS complex. Three running sums: no filter taps,
 * the same cost at any window.
 *
 * An invalid sample (NaN, infinite) is bridged by the last valid value; after more than 40 ms of them the signal goes
 * on from that value, so that a jump across a gap is not mistaken for a deflection. The signal before its first
 * sample is taken to be that sample.
 */

/** Hz. */
export const envelopeFrequency = 125;

/** Envelope values come in groups of this many, 0.2 s. */
export const envelopeGroup = 25;

// In working samples of 8 ms: odd, so that each mean has a centre. 24 ms passes the R wave, 88 ms is as long as a
// QRS complex and shorter than a T wave, 104 ms joins the parts of one complex.
const shortWindow = 3;
const longWindow = 11;
const joiningWindow = 13;
const bridgedSeconds = 0.04;
const rounding = 1e-12;

/** Working samples by which an envelope value comes later than the time it stands for. */
export const envelopeDelay = (longWindow - 1) / 2 + (joiningWindow - 1) / 2;

// How much of the past a group needs.
const history = Math.max(longWindow, joiningWindow);
/** The middle of the short mean is the middle of the long one. */
const shortLag = (longWindow - shortWindow) / 2;

export interface QrsEnvelope {
  /**
   * Takes samples `[from, to)` of `voltage` and writes the envelope values of each group they complete to `out`, in
   * the unit of the voltage; returns how many. `out` must hold `mostValues(to - from)`.
   */
  push(voltage: Float64Array, from: number, to: number, out: Float64Array): number;
  /** The most values that `count` samples can complete. */
  mostValues(count: number): number;
}

/**
 * An envelope fed piece by piece. Value k, from 0, stands for the time (k − `envelopeDelay` + ½)/125 s after the
 * interval of the first sample began.
 *
 * @example
 * createQrsEnvelope(360).push(lead, 0, lead.length, out); // => about lead.length * 125 / 360
 */
export function createQrsEnvelope(samplingFrequency: number): QrsEnvelope {
  /** Sampling intervals of the input in one working sample. */
  const step = samplingFrequency / envelopeFrequency;
  const bridged = Math.round(bridgedSeconds * samplingFrequency);
  const means = new Float64Array(history + envelopeGroup);
  const deflections = new Float64Array(history + envelopeGroup);
  let filled = history;
  const state = {
    // The valid value that counts as 0, the last one relative to it, and how many invalid ones came since.
    base: 0,
    held: 0,
    invalidRun: Number.POSITIVE_INFINITY,
    // The working sample under way: its sum so far, and the intervals it still needs.
    sum: 0,
    needed: step,
  };

  /** The envelope of a full group of means. */
  const finishGroup = (out: Float64Array, at: number): void => {
    // Sums from scratch for each group: rounding errors do not pile up.
    let short = 0;
    let long = 0;
    let joined = 0;
    for (let i = 1; i <= shortWindow; i++) short += means[history - shortLag - i]!;
    for (let i = 1; i <= longWindow; i++) long += means[history - i]!;
    for (let i = 1; i <= joiningWindow; i++) joined += deflections[history - i]!;
    for (let i = history; i < history + envelopeGroup; i++) {
      short += means[i - shortLag]! - means[i - shortLag - shortWindow]!;
      long += means[i]! - means[i - longWindow]!;
      const level = long / longWindow;
      const difference = Math.abs(short / shortWindow - level);
      // What rounding leaves of a straight line is nothing.
      const deflection = difference > rounding * Math.abs(level) ? difference : 0;
      deflections[i] = deflection;
      joined += deflection - deflections[i - joiningWindow]!;
      out[at + i - history] = joined / joiningWindow;
    }
    means.copyWithin(0, envelopeGroup);
    deflections.copyWithin(0, envelopeGroup);
  };

  return {
    mostValues: count => envelopeGroup * (Math.ceil(count / step / envelopeGroup) + 1),
    push(voltage, from, to, out) {
      let { base, held, invalidRun, sum, needed } = state;
      let written = 0;
      for (let i = from; i < to; i++) {
        let value = voltage[i]! - base;
        if (value - value !== 0) {
          invalidRun++;
          value = held;
        } else if (invalidRun > 0) {
          if (invalidRun > bridged) {
            base = voltage[i]! - held;
            value = held;
          }
          invalidRun = 0;
        }
        held = value;
        if (needed > 1) {
          sum += value;
          needed--;
          continue;
        }
        // This sample's interval ends one working sample, or more than one when the input is the slower.
        let rest = 1;
        while (needed <= rest) {
          means[filled++] = (sum + value * needed) / step;
          rest -= needed;
          sum = 0;
          needed = step;
          if (filled === means.length) {
            finishGroup(out, written);
            written += envelopeGroup;
            filled = history;
          }
        }
        sum = value * rest;
        needed -= rest;
      }
      state.base = base;
      state.held = held;
      state.invalidRun = invalidRun;
      state.sum = sum;
      state.needed = needed;
      return written;
    },
  };
}
