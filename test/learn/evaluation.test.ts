/** Decisions in their context: of the whole record, or of what is known of it. */
import { describe, expect, test } from 'vitest';
import { full } from '../../src/diff/tensor.ts';
import type { Decision } from '../../src/learn/decision.ts';
import { adjustedProbabilities } from '../../src/learn/evaluation.ts';
import { createRandom } from '../../src/random.ts';

const decision: Decision = {
  rhythmGate: { from: 'S', to: 'N', exponent: 1 },
  operatingPoint: { class: 'S', share: 0.05, strength: 20 },
};

/** Two records of 200 beats, one a second; `late` is p(S) of the second half of each. */
function rows(late: number) {
  const random = createRandom(7);
  const probabilities = full([400, 2], 0);
  for (let row = 0; row < 400; row++) {
    const p = row % 200 < 100 ? 0.02 + 0.02 * random.uniform() : late;
    probabilities.data.set([1 - p, p], 2 * row);
  }
  return {
    probabilities,
    data: {
      classes: ['N', 'S'],
      features: [{ name: 'number', unit: '' }],
      x: full([400, 1], 0),
      groups: Array.from({ length: 400 }, (_, row) => (row < 200 ? 'db/1' : 'db/2')),
      times: Float64Array.from({ length: 400 }, (_, row) => row % 200),
    },
  };
}

describe('adjustedProbabilities', () => {
  const adjusted = (late: number, context: 'record' | 'past') => {
    const { probabilities, data } = rows(late);
    return adjustedProbabilities(probabilities, decision, data, context).data;
  };

  test('in the context of the past do not depend on later blocks, in that of the record they do', () => {
    // Beats before 90 s are in blocks that end there.
    expect(adjusted(0.9, 'past').subarray(0, 180)).toEqual(adjusted(0.05, 'past').subarray(0, 180));
    expect(adjusted(0.9, 'record')[1]!).toBeGreaterThan(adjusted(0.05, 'record')[1]! + 0.05);
  });

  test('in the last block of each record both contexts agree', () => {
    const [past, record] = [adjusted(0.6, 'past'), adjusted(0.6, 'record')];
    for (const row of [199, 399]) expect(past[2 * row + 1]!).toBeCloseTo(record[2 * row + 1]!, 12);
  });

  test('the context of the past needs beat times', () => {
    const { probabilities, data } = rows(0.5);
    const { times: _, ...without } = data;
    expect(() => adjustedProbabilities(probabilities, decision, without, 'past')).toThrow(/needs times/);
  });
});
