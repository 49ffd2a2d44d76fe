/** The table of aims of the model card, of a report of three records counted by hand. */
import { expect, test } from 'vitest';
import type { ClassificationReport } from '../../src/analysis/evaluate-classification.ts';
import { aimRows, sF1IfFound } from '../../src/analysis/model-card-aims.ts';
import { protocols } from '../../src/learn/protocol.ts';

const classes = ['N', 'S', 'V', 'F', 'Q'];
/** Counts of a record with so many S beats found, S beats called N, and N beats called S. */
const record = (name: string, found: number, missed: number, falseS: number) => ({
  record: `mitdb/${name}`,
  ...{ beats: 100, accuracy: 0.9, shareOfErrors: 0.1, ece: 0.06, brier: 0.1 },
  confusion: [
    [50, falseS, 0, 0, 0],
    [missed, found, 0, 0, 0],
    ...Array.from({ length: 3 }, () => [0, 0, 0, 0, 0]),
  ],
});
const interval = (value: number) => ({ value, low: value - 0.05, high: value + 0.05 });
const report = {
  ...{ protocol: protocols.dechazal, classes, beats: 'annotations', model: 'mlp' },
  ...{ featureVersion: 2, trainingRows: 1, seeds: [], macro: {}, confusion: [] },
  intervals: {
    ...{ accuracy: interval(0.98), kappa: interval(0.8) },
    ...{ 'V F1': interval(0.96), 'S F1': interval(0.7) },
  },
  without: { 'mitdb/232': { 'S F1': interval(0.2) } },
  calibration: { bins: [], ece: 0.01, brier: 0.1, trustedS: { count: 10, share: 0.9 } },
  records: [record('232', 900, 10, 0), record('222', 1, 19, 4), record('202', 3, 7, 6)],
} as unknown as ClassificationReport;

test('what S F1 would be with the S beats of some records found leaves 232 out', () => {
  // F1 = 2·TP / (2·TP + FP + FN), of 30 S beats and 10 false calls.
  expect(sF1IfFound(report, [])).toBeCloseTo(8 / (8 + 10 + 26), 12);
  expect(sF1IfFound(report, ['222'])).toBeCloseTo(46 / (46 + 10 + 7), 12);
  expect(sF1IfFound(report, ['222', '202'])).toBeCloseTo(60 / (60 + 10), 12);
});

test('each aim has its figure with the interval, and a reason exactly where it is missed', () => {
  const rows = aimRows(report, []);
  expect(rows[0]).toEqual(['accuracy', '≥ 97.0 %', '98.0 [93.0, 103.0] %', 'yes', '']);
  const without232 = rows.find(([name]) => name === 'S F1 without record 232')!;
  expect(without232.slice(1, 4)).toEqual(['≥ 45.0 %', '20.0 [15.0, 25.0] %', 'no']);
  expect(without232[4]).toContain('it would be 73.0 %; all of 202 and 234 would give 43.1 %');
  const ece = rows.find(([name]) => name === 'expected calibration error in 222')!;
  expect(ece.slice(1, 4)).toEqual(['≤ 0.05', '0.060 (one record)', 'no']);
  expect(ece[4]).toContain('Of its 23 errors 19 are missed S beats');
  for (const [, , , reached, why] of rows) if (reached === 'yes') expect(why).toBe('');
  const ec57 = { ...report, protocol: { ...report.protocol, classMap: 'ec57' } } as ClassificationReport;
  expect(aimRows(ec57, []).every(row => row[4] === '')).toBe(true);
});
