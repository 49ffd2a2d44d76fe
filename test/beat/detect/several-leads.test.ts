/** Detection on several leads at once, some of them noise or flat. */
import { describe, expect, test } from 'vitest';
import { detectQrs, detectQrsMultiLead } from '../../../src/beat/detect/detect-qrs.ts';
import { createRandom } from '../../../src/random.ts';
import { median } from '../../../src/statistics.ts';
import { ecg, errorsOf, truth, voltage } from './synthetic-ecg.ts';

describe('several leads', () => {
  const leads = ecg.leads.map(lead => lead.voltage);

  test('find all beats, marked on the first', () => {
    const together = detectQrsMultiLead(leads, 360);
    expect(errorsOf(truth, together, 360)).toBe(0);
    expect(detectQrsMultiLead([voltage], 360)).toEqual(detectQrs(voltage, 360));
  });

  test('whatever the gains and polarities', () => {
    const scaled = [leads[0]!, leads[1]!.map(value => -40 * value)];
    expect(detectQrsMultiLead(scaled, 360)).toEqual(detectQrsMultiLead(leads, 360));
  });

  test('a disconnected, flat or noisy lead changes at most one beat', () => {
    const random = createRandom(2);
    const noise = voltage.map(() => random.normal());
    for (const dead of [new Float64Array(voltage.length), voltage.map(() => Number.NaN), noise]) {
      expect(errorsOf(truth, detectQrsMultiLead([voltage, dead], 360), 360)).toBeLessThanOrEqual(1);
      expect(errorsOf(truth, detectQrsMultiLead([dead, voltage], 360), 360)).toBeLessThanOrEqual(1);
    }
  });

  test('a lead that is disconnected and drifts back changes at most two beats', () => {
    const [first, second] = leads.map(lead => lead.slice());
    const [from, to] = [360 * 20, 360 * 45];
    for (let i = from; i < to; i++) first![i] = 5 * Math.exp(-(i - from) / (360 * 8));
    expect(errorsOf(truth, detectQrsMultiLead([first!, second!], 360), 360)).toBeLessThanOrEqual(2);
  });

  test.each([
    ['nothing else', new Float64Array(voltage.length)],
    ['the ECG', leads[1]!],
  ])('a lead with three jumps a second and %s changes few beats', (_, underneath) => {
    const errors = Array.from({ length: 24 }, (_, seed) => {
      const random = createRandom(seed);
      let level = 0;
      const jumping = underneath.map(value => {
        if (random.uniform() < 3 / 360) level = 4 * random.normal();
        return value + level;
      });
      return errorsOf(truth, detectQrsMultiLead([voltage, jumping], 360), 360);
    });
    expect(Math.max(...errors)).toBeLessThanOrEqual(6);
    expect(median(errors)).toBeLessThanOrEqual(2);
  });

  test('the beats of one lead while the other is off', () => {
    const [first, second] = leads.map(lead => lead.slice());
    first!.fill(Number.NaN, 360 * 10, 360 * 25);
    second!.fill(Number.NaN, 360 * 35, 360 * 50);
    expect(errorsOf(truth, detectQrsMultiLead([first!, second!], 360), 360)).toBeLessThanOrEqual(2);
  });
});
