/** The statistics from a table of counts whose every cell is a different number, worked out by hand. */
import { expect, test } from 'vitest';
import {
  averageOf,
  classStatistics,
  detectionStatistics,
  intervalErrorsMs,
  sumCounts,
  timeErrorsMs,
} from '../../../src/beat/score/beat-statistics.ts';
import { compareBeats } from '../../../src/beat/score/compare-beats.ts';

//               n     s    v    f   q   o   x
const counts = [
  [/* N */ 1000, 20, 30, 4, 5, 60, 7],
  [/* S */ 8, 90, 10, 1, 2, 13, 4],
  [/* V */ 15, 6, 170, 18, 3, 9, 2],
  [/* F */ 21, 2, 11, 24, 1, 3, 1],
  [/* Q */ 5, 3, 2, 1, 7, 2, 1],
  [/* O */ 50, 12, 14, 1, 2, 0, 0],
  [/* X */ 6, 1, 2, 1, 1, 0, 0],
];

test('detection: every beat paired with a beat is found, whatever its class', () => {
  const truePositives = 1059 + 111 + 212 + 59 + 18;
  const falseNegatives = 67 + 17 + 11 + 4 + 3;
  const falsePositives = 79 + 11;
  expect(detectionStatistics(counts)).toEqual({
    truePositives,
    falseNegatives,
    falsePositives,
    sensitivity: truePositives / (truePositives + falseNegatives),
    positivePredictivity: truePositives / (truePositives + falsePositives),
  });
});

test('ventricular beats: fusion and unclassifiable beats called V are not held against it', () => {
  const { sensitivity, positivePredictivity, falsePositiveRate, falsePositives, trueNegatives } =
    classStatistics(counts, 'V');
  expect(sensitivity).toBeCloseTo(170 / (170 + 15 + 6 + 18 + 3 + 9 + 2), 15);
  expect(falsePositives).toBe(30 + 10 + 14 + 2);
  expect(positivePredictivity).toBeCloseTo(170 / (170 + 56), 15);
  expect(trueNegatives).toBe(1029 + 101 + 48 + 16 + 65 + 9);
  expect(falsePositiveRate).toBeCloseTo(56 / (56 + 1268), 15);
});

test('supraventricular beats: unclassifiable beats called S are not held against it', () => {
  const { sensitivity, falsePositives, trueNegatives, falsePositiveRate } = classStatistics(counts, 'S');
  expect(sensitivity).toBeCloseTo(90 / (90 + 8 + 10 + 1 + 2 + 13 + 4), 15);
  expect(falsePositives).toBe(20 + 6 + 2 + 12 + 1);
  expect(trueNegatives).toBe(1039 + 206 + 57 + 15 + 67 + 10);
  expect(falsePositiveRate).toBeCloseTo(41 / (41 + 1394), 15);
});

test('gross adds counts up, average takes the mean of what there is', () => {
  expect(sumCounts([counts, counts])[2]![2]).toBe(340);
  expect(averageOf([0.5, undefined, 1])).toBe(0.75);
  expect(averageOf([undefined])).toBeUndefined();
});

test('nothing to divide by is undefined, not 0 or 1', () => {
  const { sensitivity, positivePredictivity } = detectionStatistics(sumCounts([]));
  expect([sensitivity, positivePredictivity]).toEqual([undefined, undefined]);
});

test('errors of time and of intervals, in ms; an interval over a missed or an extra beat does not count', () => {
  const list = (...samples: number[]) => samples.map(sample => ({ sample, symbol: 'N' }));
  const comparison = compareBeats(list(100, 300, 500, 700, 900), list(101, 300, 702, 800, 897), 250, {
    startSeconds: 0,
  });
  expect([...timeErrorsMs(comparison, 250)]).toEqual([4, 0, 8, -12]);
  expect([...intervalErrorsMs(comparison, 250)]).toEqual([-4]);
});

test.each([
  [
    'flutter of the reference',
    [
      ['[', 250, 0],
      [']', 290, 0],
    ],
    [],
  ],
  [
    'a shutdown of the reference',
    [
      ['~', 250, 48],
      ['~', 290, 0],
    ],
    [],
  ],
  [
    'a shutdown of the test',
    [],
    [
      ['~', 250, 48],
      ['~', 290, 0],
    ],
  ],
] as const)('an interval across %s does not count', (_, inReference, inTest) => {
  const list = (marks: readonly (readonly [string, number, number])[], ...samples: number[]) =>
    [
      ...samples.map(sample => ({ sample, symbol: 'N', subtype: 0 })),
      ...marks.map(([symbol, sample, subtype]) => ({ symbol, sample, subtype })),
    ].sort((a, b) => a.sample - b.sample);
  const comparison = compareBeats(
    list(inReference, 100, 200, 300, 400),
    list(inTest, 100, 201, 304, 409),
    1000,
    {
      startSeconds: 0,
    },
  );
  expect([...intervalErrorsMs(comparison, 1000)]).toEqual([1, 5]);
});
