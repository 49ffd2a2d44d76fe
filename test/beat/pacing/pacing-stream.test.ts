import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPacingSpikes, leadsWithoutPacing } from '../../../src/beat/pacing/pacing.ts';
import { createPacingRemoval } from '../../../src/beat/pacing/pacing-stream.ts';
import { createRandom } from '../../../src/random.ts';

/** The leads as they leave the removal when they arrive in pieces of these lengths, cyclically. */
function removedInPieces(
  leads: readonly Float64Array[],
  samplingFrequency: number,
  lengths: readonly number[],
): number[][] {
  const sent: number[][] = leads.map(() => []);
  const removal = createPacingRemoval(samplingFrequency, leads.length, pieces => {
    for (const [lead, piece] of pieces.entries()) for (const value of piece) sent[lead]!.push(value);
  });
  const total = leads[0]!.length;
  for (let from = 0, k = 0; from < total; k++) {
    const to = Math.min(total, from + lengths[k % lengths.length]!);
    removal.push(leads.map(lead => lead.subarray(from, to)));
    from = to;
  }
  removal.finish();
  return sent;
}

interface Paced {
  readonly frequency: number;
  readonly seconds: number;
  /** Interval between stimuli, s, their height, mV, and the part of it that decays with 20 ms. */
  readonly interval: number;
  readonly height: number;
  readonly tail: number;
  readonly seed: number;
  /** Time of invalid samples, as a fraction of the length. */
  readonly lost: number;
}

/** Two leads of stimuli, each with a wide complex after it, and noise; the second is half as high. */
function pacedLeads({ frequency, seconds, interval, height, tail, seed, lost }: Paced): Float64Array[] {
  const random = createRandom(seed);
  const lead = new Float64Array(Math.round(frequency * seconds));
  for (let i = 0; i < lead.length; i++) lead[i] = 0.005 * random.normal();
  for (let time = interval * random.uniform(); time < seconds; time += interval) {
    const at = Math.floor(time * frequency);
    const to = Math.min(lead.length, at + frequency);
    for (let i = at; i < to; i++) {
      const after = (i - at) / frequency;
      const stimulus = i === at ? height : tail * height * Math.exp(-after / 0.02);
      lead[i]! += stimulus + Math.exp(-(((after - 0.13) / 0.04) ** 2));
    }
  }
  const second = lead.map(value => value / 2);
  lead.fill(Number.NaN, Math.floor(lost * lead.length), Math.floor(lost * lead.length) + 5);
  return [lead, second];
}

const paced: fc.Arbitrary<Paced> = fc.record({
  frequency: fc.constantFrom(250, 360, 500),
  seconds: fc.double({ min: 0.01, max: 14, noNaN: true }),
  interval: fc.double({ min: 0.35, max: 2, noNaN: true }),
  height: fc.constantFrom(-15, -2, 1, 5, 30),
  tail: fc.constantFrom(0, -0.1, 0.05, 0.3),
  seed: fc.nat(1e6),
  lost: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** The largest difference of valid samples; infinite where only one is valid. */
function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < one.length; i++) {
    if (Number.isNaN(one[i]!) && Number.isNaN(other[i]!)) continue;
    const difference = Math.abs(one[i]! - other[i]!);
    largest = Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return largest;
}

describe('pacing spikes in leads that arrive in pieces', () => {
  it('are removed as from the whole leads, however these are divided', () => {
    let spikes = 0;
    const lengths = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(paced, lengths, (of, pieces) => {
        const leads = pacedLeads(of);
        spikes += findPacingSpikes(leads[0]!, of.frequency).length;
        const inPieces = removedInPieces(leads, of.frequency, pieces);
        for (const [lead, whole] of leadsWithoutPacing(leads, of.frequency).entries()) {
          expect(largestDifference(inPieces[lead]!, whole)).toBeLessThan(1e-9);
        }
      }),
      { seed: 7, numRuns: 100 },
    );
    expect(spikes).toBeGreaterThan(300);
  });

  it('are passed on at sampling frequencies at which none are found', () => {
    const lead = Float64Array.from({ length: 500 }, (_, i) => (i === 200 ? 5 : 0));
    expect(removedInPieces([lead], 200, [7])).toEqual([Array.from(lead)]);
  });
});
