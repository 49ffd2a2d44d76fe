import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { relativeToRecord, summarizeLeads } from '../../../src/beat/slopes/lead-summary.ts';
import { measureSlopes } from '../../../src/beat/slopes/measure-slopes.ts';
import { beatAt, sampled } from '../gaussian-waves.ts';

const at = [0.7, 1.5, 2.3];
const lead = (size: number) => {
  const voltage = sampled(
    at.flatMap(t => beatAt(t, size)),
    1500,
    500,
  );
  return measureSlopes(
    voltage,
    500,
    at.map(t => Math.round(t * 500)),
  ).beats;
};

describe('summarizeLeads', () => {
  test('names the leads with the steepest strokes, and shares what does not depend on size', () => {
    const leads = [lead(0.4), lead(-1.5), lead(1)];
    for (const [k, beat] of summarizeLeads(leads).entries()) {
      expect(beat.leads).toBe(3);
      expect(beat.steepestUpstroke).toEqual({ lead: 1, slope: leads[1]![k]!.upstroke!.slope });
      expect(beat.steepestDownstroke).toEqual({ lead: 1, slope: leads[1]![k]!.downstroke!.slope });
      const one = leads[2]![k]!;
      expect(beat.meanSlopePerAmplitude).toBeCloseTo(
        Math.max(one.upstroke!.slopePerAmplitude!, one.downstroke!.slopePerAmplitude!),
        8,
      );
      expect(beat.qrsOnset).toBe(one.qrsOnset);
      expect(beat.qrsOffset).toBe(one.qrsOffset);
    }
  });

  test('a lead with outlying boundaries does not move those of the beat', () => {
    const good = lead(1);
    const astray = good.map(beat => ({
      ...beat,
      qrsOnset: beat.qrsOnset! - 40,
      qrsOffset: beat.qrsOffset! + 60,
    }));
    const [beat] = summarizeLeads([good, astray, lead(0.7)]);
    expect(beat!.qrsOnset).toBe(good[0]!.qrsOnset);
    expect(beat!.qrsOffset).toBe(good[0]!.qrsOffset);
  });

  test('a flat lead is left out, and flat leads alone measure nothing', () => {
    const [some] = summarizeLeads([lead(0), lead(1)]);
    expect(some).toMatchObject({ leads: 1, steepestUpstroke: { lead: 1 } });
    const [none] = summarizeLeads([lead(0)]);
    expect(none).toEqual({
      leads: 0,
      qrsOnset: undefined,
      qrsOffset: undefined,
      steepestUpstroke: undefined,
      steepestDownstroke: undefined,
      meanSlopePerAmplitude: undefined,
    });
    expect(summarizeLeads([])).toEqual([]);
    expect(() => summarizeLeads([lead(1), lead(1).slice(1)])).toThrow('lead 1 has 2 beats, lead 0 has 3');
  });
});

describe('relativeToRecord', () => {
  test('is 1 for the usual beat, whatever the gain', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 50 }),
        (values, gain) => {
          const relative = relativeToRecord(values);
          const scaled = relativeToRecord(values.map(v => v * gain));
          for (const [k, v] of relative.entries()) expect(scaled[k]).toBeCloseTo(v!, 10);
          if (values.length % 2 === 1) expect(relative).toContain(1);
        },
      ),
      { seed: 13, numRuns: 50 },
    );
  });

  test('the reference can be one kind of beat; what is missing stays missing', () => {
    expect(relativeToRecord([90, 30, 110, undefined], k => k !== 1)).toEqual([0.9, 0.3, 1.1, undefined]);
    expect(relativeToRecord([5, undefined], () => false)).toEqual([undefined, undefined]);
    expect(relativeToRecord([])).toEqual([]);
  });
});
