import { describe, expect, test } from 'vitest';
import { gaussianSum } from '../../src/synth/gaussian.ts';
import { type Lead, project, standardLead, twelveLeads, type Vector } from '../../src/synth/leads.ts';
import { normalBeat } from '../../src/synth/morphology.ts';

const vectorOf = (name: string): Vector => standardLead(name).vector;

describe('the twelve leads of one dipole', () => {
  test('are in the usual order', () => {
    expect(twelveLeads.map(lead => lead.name).join(' ')).toBe('I II III aVR aVL aVF V1 V2 V3 V4 V5 V6');
  });

  // Dower, Machado & Osborne 1980 print the limb leads too, in thousandths.
  test.each<[string, Vector]>([
    ['III', [-397, 1301, -191]],
    ['aVR', [-434, -415, 37]],
    ['aVL', [515, -768, 125]],
    ['aVF', [-81, 1184, -162]],
  ])('%s follows from I and II as the paper has it', (name, published) => {
    vectorOf(name).forEach((value, axis) => {
      expect(Math.abs(1000 * value - published[axis]!)).toBeLessThan(1.1);
    });
  });

  test('Einthoven and Goldberger hold for any dipole', () => {
    const dipole: Vector = [0.7, -1.3, 0.4];
    const see = (name: string): number => project(standardLead(name), dipole);
    expect(see('I') + see('III')).toBeCloseTo(see('II'), 14);
    expect(see('aVR') + see('aVL') + see('aVF')).toBeCloseTo(0, 14);
  });

  test('a normal beat grows its R and loses its S across the chest', () => {
    const qrs = normalBeat.filter(wave => wave.part === 'QRS');
    const peaks = (lead: Lead): { r: number; s: number } => {
      const waves = qrs.map(w => ({ amplitude: project(lead, w.dipole), center: w.center, width: w.width }));
      const samples = Array.from({ length: 400 }, (_, n) => gaussianSum(waves, (n - 200) / 2000, 0));
      return { r: Math.max(...samples), s: -Math.min(...samples) };
    };
    const chest = ['V1', 'V2', 'V3', 'V4', 'V5', 'V6'].map(name => peaks(standardLead(name)));
    expect(chest[0]!.r).toBeLessThan(chest[0]!.s);
    expect(chest[4]!.r).toBeGreaterThan(3 * chest[4]!.s);
    for (const k of [1, 2, 3, 4]) expect(chest[k]!.r).toBeGreaterThan(chest[k - 1]!.r);
  });

  test('an unknown name is refused with the known ones', () => {
    expect(() => standardLead('V9')).toThrow(/V9.*V6/);
    expect(() => standardLead('toString')).toThrow(RangeError);
  });
});
