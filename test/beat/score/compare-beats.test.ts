/** Each rule of the beat-by-beat comparison on a case made by hand, at 1000 Hz: samples are milliseconds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beatClass } from '../../../src/beat/score/beat-classes.ts';
import { compareBeats, type LabelledSample, pairLabels } from '../../../src/beat/score/compare-beats.ts';
import { InputError } from '../../../src/input-error.ts';

const beats = (text: string): LabelledSample[] =>
  text
    .split(' ')
    .filter(word => word !== '')
    .map(word => {
      const [, symbol, sample, subtype] = /^(.)(\d+)(?::(-?\d+))?$/.exec(word)!;
      return { symbol: symbol!, sample: Number(sample), subtype: Number(subtype ?? 0) };
    });

const whole = { startSeconds: 0 };
const compare = (reference: string, found: string, options: Parameters<typeof compareBeats>[3] = whole) => {
  const result = compareBeats(beats(reference), beats(found), 1000, options);
  const pairs: string[] = [];
  result.counts.forEach((row, r) => {
    row.forEach((count, t) => {
      if (count > 0) pairs.push(`${pairLabels[r]}${pairLabels[t]!.toLowerCase()}${count}`);
    });
  });
  return { ...result, pairs: pairs.join(' ') };
};

describe('pairing', () => {
  test('beats within the window are paired, the window included', () => {
    expect(compare('N1000 N2000', 'N1150 N1850').pairs).toBe('Nn2');
    expect(compare('N1000 N2000', 'N1151 N1849').pairs).toBe('No2 On2');
  });

  test('the window can be set', () => {
    expect(compare('N1000', 'N1060', { startSeconds: 0, windowSeconds: 0.05 }).pairs).toBe('No1 On1');
  });

  test('the window holds whole samples: 150 ms at 250 Hz are 37', () => {
    const at = (sample: number) =>
      compareBeats(beats('N1000'), beats(`N${sample}`), 250, whole).referenceSamples.length;
    expect([at(1037), at(1038)]).toEqual([1, 0]);
  });

  test('of two test beats near a reference beat the nearer is its pair, the other extra', () => {
    const { pairs, extra } = compare('N1000', 'N920 N1010');
    expect(pairs).toBe('Nn1 On1');
    expect([...extra]).toEqual([920]);
  });

  test('of two reference beats near a test beat the nearer is its pair, the other missed', () => {
    const { pairs, missed } = compare('N920 N1010', 'N1000');
    expect(pairs).toBe('Nn1 No1');
    expect([...missed]).toEqual([920]);
  });

  test('a test beat as near to the next reference beat is left to neither when that has a better match', () => {
    // The example with which the rule was amended in 2002, here in ms at a window of 37.
    const { pairs } = compare('N96 N160', 'N128 N185', { startSeconds: 0, windowSeconds: 0.037 });
    expect(pairs).toBe('Nn2');
  });

  test('the amendment holds with the roles reversed', () => {
    const { pairs } = compare('N128 N185', 'N96 N160', { startSeconds: 0, windowSeconds: 0.037 });
    expect(pairs).toBe('Nn2');
  });

  test('an empty list against a list of beats', () => {
    expect(compare('N1000 V2000', '').pairs).toBe('No1 Vo1');
    expect(compare('', 'N1000 V2000').pairs).toBe('On1 Ov1');
    expect(compare('', '').pairs).toBe('');
  });

  test('marks that are no beats are passed over', () => {
    expect(compare('+100 N1000 |1040 ~1500 !1700', 'N1000 "1200').pairs).toBe('Nn1');
  });
});

describe('the start', () => {
  const options = { startSeconds: 5 };
  test('by default five minutes are left out', () => {
    expect(compare('N1000 N299999 N300000', 'N1000 N300000', {}).pairs).toBe('Nn1');
  });
  test('a test beat before the start is the match of the first reference beat after it', () => {
    expect(compare('N5050', 'N4950', options).pairs).toBe('Nn1');
  });
  test('but not when the one after it is nearer', () => {
    expect(compare('N5050', 'N4950 N5060', options).pairs).toBe('Nn1');
  });
  test('a test beat after the start that belongs to a reference beat before it is not counted', () => {
    expect(compare('N4990 N5800', 'N5010 N5800', options).pairs).toBe('Nn1');
  });
  test('a test beat after the start beyond the window counts as extra', () => {
    expect(compare('N4990 N5800', 'N5200 N5800', options).pairs).toBe('Nn1 On1');
  });
});

describe('flutter and shutdown', () => {
  test('between [ and ] of the reference nothing counts', () => {
    expect(compare('N1000 [1500 !1700 N2000 !2300 ]3000 N4000', 'N1000 N1800 N2000 N4000').pairs).toBe('Nn2');
  });
  test('flutter without an end lasts to the end', () => {
    expect(compare('N1000 [1500', 'N1000 N9000').pairs).toBe('Nn1');
  });
  test('beats that the test list has in its own flutter do not count as found', () => {
    expect(compare('N1000 N2000', 'N1000 [1500 N2000 ]2500').pairs).toBe('Nn1 No1');
  });
  test('reference beats in the test list’s shutdown are paired with X', () => {
    expect(compare('N1000 N2000 N3000', 'N1000 ~1500:48 ~2500:0 N3000').pairs).toBe('Nn2 Nx1');
  });
  test('test beats in the reference’s shutdown are paired with X', () => {
    expect(compare('N1000 ~1500:48 ~2500:1 N3000', 'N1000 V2000 N3000').pairs).toBe('Nn2 Xv1');
  });
  test('noise on one signal only is no shutdown', () => {
    expect(compare('N1000 ~1500:16 ~2500:0 N3000', 'N1000 N2000 N3000').pairs).toBe('Nn2 On1');
  });
  test('a subtype of both bits written as a signed byte is a shutdown', () => {
    expect(compare('N1000 ~1500:-16 ~2500:0 N3000', 'N1000 N2000 N3000').pairs).toBe('Nn2 Xn1');
  });
  test('a single mark shuts down from the beat before to the next annotation, less a window each', () => {
    const reference = 'N1000 ~1600:48 N3000';
    expect(compare(reference, 'N1000 N1160 N3000').pairs).toBe('Nn2 Xn1');
    expect(compare(reference, 'N1000 N2851 N3000').pairs).toBe('Nn2 On1');
  });
});

describe('classes', () => {
  test('every symbol of a beat has its class in both maps', () => {
    const classes = (map: 'ec57' | 'machineLearning') =>
      [...'NLRBAaJSejnVErFQ/f?'].map(symbol => beatClass(symbol, map)).join('');
    expect(classes('ec57')).toBe('NNNNSSSSSSSVVVFQQQQ');
    expect(classes('machineLearning')).toBe('NNNNSSSSNNSVVVFQQQQ');
  });
  test('marks of noise, rhythm and flutter have none', () => {
    for (const symbol of '~|+!"[]') expect(beatClass(symbol, 'ec57')).toBeUndefined();
  });
  test('pairs are counted by class, in the map asked for', () => {
    const [reference, found] = ['N1000 j2000 V3000 F4000 /5000', 'N1000 A2000 V3000 V4000 N5000'] as const;
    expect(compare(reference, found).pairs).toBe('Nn1 Ss1 Vv1 Fv1 Qn1');
    expect(compare(reference, found, { startSeconds: 0, classMap: 'machineLearning' }).pairs).toBe(
      'Nn1 Ns1 Vv1 Fv1 Qn1',
    );
  });
});

test('every beat is counted once, and a list against itself is all pairs', () => {
  const list = fc
    .uniqueArray(fc.integer({ min: 0, max: 20_000 }), { maxLength: 40 })
    .map(samples => samples.sort((a, b) => a - b).map(sample => ({ sample, symbol: 'N' })));
  fc.assert(
    fc.property(list, list, (reference, found) => {
      const { referenceSamples, testSamples, missed, extra } = compareBeats(reference, found, 1000, whole);
      const byTime = (a: number, b: number): number => a - b;
      expect([...referenceSamples, ...missed].sort(byTime)).toEqual(reference.map(b => b.sample));
      expect([...testSamples, ...extra].sort(byTime)).toEqual(found.map(b => b.sample));
      referenceSamples.forEach((sample, i) => {
        expect(Math.abs(sample - testSamples[i]!)).toBeLessThanOrEqual(150);
      });
      expect(compareBeats(found, found, 1000, whole).testSamples.length).toBe(found.length);
    }),
    { seed: 57, numRuns: 300 },
  );
});

test('invalid arguments are named in the error', () => {
  const order = 'reference annotation 1 at sample 5 comes after one at 10';
  expect(() => compare('N10 N5', '')).toThrow(new InputError(order));
  // Also among annotations that are passed over: in flutter, and at the end of a shutdown.
  expect(() => compare('N10 [20 N40 N30 ]50', '')).toThrow('annotation 3 at sample 30 comes after one at 40');
  expect(() => compare('N10 [20 N40 ]30', '')).toThrow('annotation 3 at sample 30 comes after one at 40');
  expect(() => compare('', 'N10 ~20:48 ~15:0')).toThrow(
    'test annotation 2 at sample 15 comes after one at 20',
  );
  expect(() => compareBeats([{ sample: Number.NaN, symbol: 'N' }], [], 360)).toThrow(RangeError);
  expect(() => compareBeats([], [], 0)).toThrow(RangeError);
  expect(() => compareBeats([], [], 360, { startSeconds: -1 })).toThrow(RangeError);
  expect(() => compareBeats([], [], 360, { windowSeconds: Number.NaN })).toThrow(RangeError);
});
