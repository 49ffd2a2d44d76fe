/**
 * The QRS envelope: how much a lead moves at the pace of a QRS complex, as a slow positive signal of fixed rate.
 *
 * The voltage is first averaged over the sampling intervals of a 125 Hz working rate (exact for any ratio of rates),
 * so that all that follows is the same whatever the record was sampled at. Then: a short moving mean less a long one
 * (a band-pass around 10 Hz of two running sums, in the spirit of the moving averages of Elgendi 2013, PLoS ONE
 * 8:e73557), its absolute value, and the moving mean of that over the length of a QRS complex. Three running sums: no
 * multiplication by filter taps, the same cost at any window.
 *
 * An invalid sample (NaN, infinite) is bridged by the last valid value; after more than `bridgedSeconds` of them the
 * signal goes on from that value, so that a jump across a gap is not mistaken for a deflection. The signal before its
 * first sample is taken to be that sample.
 */

/** Hz. */
export const envelopeFrequency = 125;

// In working samples of 8 ms: odd, so that each mean has a centre. 24 ms passes the R wave, 88 ms is as long as a
// QRS complex and shorter than a T wave, 104 ms joins the parts of one complex.
const shortWindow = 3;
const longWindow = 11;
const joiningWindow = 13;
const bridgedSeconds = 0.04;

/** Working samples by which an envelope value comes later than the time it stands for. */
export const envelopeDelay = (longWindow - 1) / 2 + (joiningWindow - 1) / 2;

// Power of two, and at least the longest window plus one.
const ringLength = 32;
const ringMask = ringLength - 1;

export interface QrsEnvelope {
  /**
   * Takes samples `[from, to)` of `voltage` and writes the envelope values they complete to `out`, in the unit of the
   * voltage; returns how many. `out` must hold `envelopeLength(to - from)`.
   */
  push(voltage: Float64Array, from: number, to: number, out: Float64Array): number;
  /** The most values that `count` samples complete. */
  envelopeLength(count: number): number;
}

/**
 * An envelope fed piece by piece. Value k, from 0, stands for the time (k − `envelopeDelay` + ½)/125 s after the
 * first sample's interval began.
 *
 * @example
 * createQrsEnvelope(360).push(lead, 0, lead.length, out); // => about lead.length * 125 / 360
 */
export function createQrsEnvelope(samplingFrequency: number): QrsEnvelope {
  /** Sampling intervals of the input in one working sample. */
  const step = samplingFrequency / envelopeFrequency;
  const bridged = Math.round(bridgedSeconds * samplingFrequency);
  const recent = new Float64Array(ringLength);
  const deflections = new Float64Array(ringLength);
  const state = { base: 0, held: 0, invalidRun: Number.POSITIVE_INFINITY, sum: 0, needed: step, count: 0 };
  const sums = { short: 0, long: 0, joined: 0 };

  /** One working sample in, one envelope value out. */
  const advance = (value: number): number => {
    const k = state.count++;
    recent[k & ringMask] = value;
    if ((k & ringMask) === 0) renewSums(k);
    else {
      // The short mean is centred on the middle of the long one.
      const lag = (longWindow - shortWindow) / 2;
      sums.short += recent[(k - lag) & ringMask]! - recent[(k - lag - shortWindow) & ringMask]!;
      sums.long += value - recent[(k - longWindow) & ringMask]!;
    }
    const deflection = Math.abs(sums.short / shortWindow - sums.long / longWindow);
    deflections[k & ringMask] = deflection;
    sums.joined += deflection - deflections[(k - joiningWindow) & ringMask]!;
    return sums.joined / joiningWindow;
  };

  /** Sums from scratch once per ring, so that rounding errors do not pile up. */
  const renewSums = (k: number): void => {
    const sumOf = (ring: Float64Array, last: number, length: number): number => {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += ring[(last - i) & ringMask]!;
      return sum;
    };
    sums.short = sumOf(recent, k - (longWindow - shortWindow) / 2, shortWindow);
    sums.long = sumOf(recent, k, longWindow);
    sums.joined = sumOf(deflections, k - 1, joiningWindow);
  };

  return {
    envelopeLength: count => Math.ceil(count / step) + 1,
    push(voltage, from, to, out) {
      let { base, held, invalidRun, sum, needed } = state;
      let written = 0;
      for (let i = from; i < to; i++) {
        const raw = voltage[i]!;
        let value = raw - base;
        if (value - value !== 0) {
          value = held;
          invalidRun++;
        } else if (invalidRun > 0) {
          if (invalidRun > bridged) {
            base = raw - held;
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
        // This sample's interval ends one working sample or more.
        let rest = 1;
        while (needed <= rest) {
          out[written++] = advance((sum + value * needed) / step);
          rest -= needed;
          sum = 0;
          needed = step;
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
