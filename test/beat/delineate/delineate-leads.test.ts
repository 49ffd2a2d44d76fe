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
/** All boundaries of a beat. */
const boundaries = ({ p, qrs, t }: DelineatedBeat): number[] => [
  p!.onset,
  p!.offset,
  qrs.onset!,
  qrs.offset!,
  t!.onset,
  t!.offset,
];

test('leads that agree are delineated as each by itself', () => {
  const leads = [1, -0.6, 0.3, 2].map(size => lead(size, 0.02));
  expect(delineateLeads(leads, fs, peaks)).toEqual(leads.map(voltage => delineate(voltage, fs, peaks)));
});

test('a boundary moves three tenths of the way to the median of the leads, peaks stay', () => {
  const leads = [lead(1, 0.016), lead(-0.7, 0.018), lead(0.8, 0.021), lead(1, 0.026), lead(1.2, 0.024)];
  const alone = leads.map(voltage => delineate(voltage, fs, peaks));
  const together = delineateLeads(leads, fs, peaks);
  for (const [k] of at.entries()) {
    const own = alone.map(beats => boundaries(beats[k]!));
    const moved = together.map(beats => boundaries(beats[k]!));
    for (const [i] of own[0]!.entries()) {
      const usual = median(own.map(of => of[i]!));
      for (const [j, of] of moved.entries()) {
        // Rounded to a sample.
        expect(Math.abs(of[i]! - (0.7 * own[j]![i]! + 0.3 * usual))).toBeLessThan(0.5 + 1e-6);
      }
    }
    for (const [j, beats] of together.entries()) {
      expect(p(beats)[k]!.peak).toBe(p(alone[j]!)[k]!.peak);
      expect(beats[k]!.t!.peak).toBe(alone[j]![k]!.t!.peak);
    }
  }
  // The narrowest and the widest come nearer to each other.
  const width = (beats: readonly DelineatedBeat[]): number => p(beats)[3]!.offset - p(beats)[3]!.onset;
  expect(width(together[3]!) - width(together[0]!)).toBeLessThan(width(alone[3]!) - width(alone[0]!));
});

test('two leads are not combined, and an absent P stays absent', () => {
  const two = [lead(1, 0.016), lead(1, 0.026)];
  expect(delineateLeads(two, fs, peaks)).toEqual(two.map(voltage => delineate(voltage, fs, peaks)));
  const flat = new Float64Array(8 * fs);
  expect(
    delineateLeads([...two, lead(1, 0.02), flat], fs, peaks)[3]!.every(beat => beat.p === undefined),
  ).toBe(true);
  expect(delineateLeads([], fs, peaks)).toEqual([]);
});
