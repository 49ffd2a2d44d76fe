/** Delineation against cardiologists' marks, on the records that its models were not fitted to. */
import { expect, test } from 'vitest';
import {
  emptyTally,
  fiducials,
  scoreFiducial,
  tallyDelineation,
} from '../../src/beat/compare-delineation.ts';
import { delineate } from '../../src/beat/delineate.ts';
import { delineateLeads } from '../../src/beat/delineate-leads.ts';
import { detectQrsMultiLead } from '../../src/beat/detect.ts';
import { markedWaves } from '../../src/beat/marked-waves.ts';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { onRecordings } from './recordings.ts';

onRecordings('ludb')('ludb 101–200, each lead by itself, from the marked R peaks', () => {
  test('borders are found as often and as near to the marks as we say', async () => {
    const tally = emptyTally();
    for (let record = 101; record <= 200; record++) {
      const name = `ludb/data/${record}`;
      const { signals, samplingFrequency } = await readRecord(fileSource(), name);
      for (const { name: lead, physical } of signals) {
        const marked = markedWaves(await readAnnotations(fileSource(), name, lead));
        const rPeaks = marked.filter(({ kind }) => kind === 'QRS').map(({ peak }) => peak);
        tallyDelineation(tally, marked, delineate(physical, samplingFrequency, rPeaks), samplingFrequency);
      }
    }
    const scores = Object.fromEntries(fiducials.map(name => [name, scoreFiducial(tally[name])]));
    for (const [name, sensitivity, positivePredictivity, deviation] of [
      ['qrsOnset', 0.99, 0.99, 10],
      ['qrsOffset', 0.99, 0.99, 12],
      ['pOnset', 0.92, 0.88, 18],
      ['pOffset', 0.92, 0.88, 14],
      ['tPeak', 0.95, 0.98, 20],
      ['tOffset', 0.95, 0.98, 25],
    ] as const) {
      const score = scores[name]!;
      expect(score.n).toBeGreaterThan(8000);
      expect(score.sensitivity).toBeGreaterThan(sensitivity);
      expect(score.positivePredictivity).toBeGreaterThan(positivePredictivity);
      expect(Math.abs(score.meanMs!)).toBeLessThan(4);
      expect(score.sdMs).toBeLessThan(deviation);
    }
  });
});

onRecordings('ludb')('ludb 101–200, the leads of a record together, from detected beats', () => {
  // Each lead by itself has deviations of 17.4 and 12.9 ms.
  test('the borders of P are as near to the marks as we say', async () => {
    const tally = emptyTally();
    for (let record = 101; record <= 200; record++) {
      const name = `ludb/data/${record}`;
      const { signals, samplingFrequency } = await readRecord(fileSource(), name);
      const leads = signals.map(({ physical }) => physical);
      const rPeaks = detectQrsMultiLead(leads, samplingFrequency);
      const voted = delineateLeads(leads, samplingFrequency, rPeaks);
      for (const [k, { name: lead }] of signals.entries()) {
        const marked = markedWaves(await readAnnotations(fileSource(), name, lead));
        tallyDelineation(tally, marked, voted[k]!, samplingFrequency);
      }
    }
    for (const [border, deviation] of [
      ['pOnset', 16.6],
      ['pOffset', 13.2],
    ] as const) {
      const { sensitivity, sdMs, meanMs } = scoreFiducial(tally[border]);
      expect(sensitivity).toBeGreaterThan(0.93);
      expect(sdMs).toBeLessThan(deviation);
      expect(Math.abs(meanMs!)).toBeLessThan(3);
    }
  });
});
