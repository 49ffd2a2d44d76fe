import { expect, test } from 'vitest';
import { type DelineatedBeat, delineate } from '../../../src/beat/delineate/delineate.ts';
import { delineateLeads } from '../../../src/beat/delineate/delineate-leads.ts';
import { median } from '../../../src/statistics.ts';
import { beatAt, sampled } from '../gaussian-waves.ts';

const fs = 500;
const at = Array.from({ length: 8 }, (_, k) => 0.9 + 0.85 * k);
const peaks = at.map(t => Math.round(t * fs));
/** A lead whose P is this wide and this late, s. */
const lead = (size: number, width: number, late = 0): Float64Array =>
  sampled(
    at.flatMap(t => {
      const [p, ...others] = beatAt(t, size);
      return [{ ...p!, width, centre: p!.centre + late }, ...others];
    }),
    8 * fs,
    fs,
  );

const p = (beats: readonly DelineatedBeat[]) => beats.map(beat => beat.p!);

test('leads that agree are delineated as each by itself', () => {
  const leads = [1, -0.6, 0.3, 2].map(size => lead(size, 0.02));
  expect(delineateLeads(leads, fs, peaks)).toEqual(leads.map(voltage => delineate(voltage, fs, peaks)));
});

test('a border of P moves three tenths of the way to the median of the leads, all else stays', () => {
  const leads = [lead(1, 0.016), lead(-0.7, 0.018), lead(0.8, 0.021), lead(1, 0.026), lead(1.2, 0.024)];
  const alone = leads.map(voltage => delineate(voltage, fs, peaks));
  const together = delineateLeads(leads, fs, peaks);
  for (const [k] of at.entries()) {
    const onset = median(alone.map(beats => p(beats)[k]!.onset));
    const offset = median(alone.map(beats => p(beats)[k]!.offset));
    for (const [j, beats] of together.entries()) {
      const own = p(alone[j]!)[k]!;
      expect(Math.abs(p(beats)[k]!.onset - (0.7 * own.onset + 0.3 * onset))).toBeLessThanOrEqual(0.5);
      expect(Math.abs(p(beats)[k]!.offset - (0.7 * own.offset + 0.3 * offset))).toBeLessThanOrEqual(0.5);
      expect(p(beats)[k]!.peak).toBe(own.peak);
      expect(beats[k]!.qrs).toEqual(alone[j]![k]!.qrs);
      expect(beats[k]!.t).toEqual(alone[j]![k]!.t);
    }
  }
  // The narrowest and the widest come nearer to each other.
  const width = (beats: readonly DelineatedBeat[]): number => p(beats)[3]!.offset - p(beats)[3]!.onset;
  expect(width(together[3]!) - width(together[0]!)).toBeLessThan(width(alone[3]!) - width(alone[0]!));
});

test('two leads make no vote, and an absent P stays absent', () => {
  const two = [lead(1, 0.016), lead(1, 0.026)];
  expect(delineateLeads(two, fs, peaks)).toEqual(two.map(voltage => delineate(voltage, fs, peaks)));
  const flat = new Float64Array(8 * fs);
  expect(
    delineateLeads([...two, lead(1, 0.02), flat], fs, peaks)[3]!.every(beat => beat.p === undefined),
  ).toBe(true);
  expect(delineateLeads([], fs, peaks)).toEqual([]);
});
