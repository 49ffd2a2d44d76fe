/** Delineation against cardiologists' marks, on the records that its models were not fitted to. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { delineate } from '../../src/beat/delineate/delineate.ts';
import { delineateLeads } from '../../src/beat/delineate/delineate-leads.ts';
import * as models from '../../src/beat/delineate/wave-models.ts';
import { detectQrsMultiLead } from '../../src/beat/detect/detect-qrs.ts';
import {
  emptyTally,
  fiducials,
  scoreFiducial,
  tallyDelineation,
} from '../../src/beat/score/compare-delineation.ts';
import { markedWaves } from '../../src/beat/score/marked-waves.ts';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { builtScript } from '../build-once.ts';
import { onRecordings } from './recordings.ts';

onRecordings('ludb')('ludb 101–200, each lead by itself, from the marked R peaks', () => {
  test('boundaries have the stated sensitivity, predictivity and deviation from the marks', async () => {
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
      ['pOnset', 0.92, 0.96, 16],
      ['pOffset', 0.92, 0.96, 13],
      ['tPeak', 0.97, 0.98, 20],
      ['tOffset', 0.97, 0.98, 24],
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
  // Each lead by itself has deviations of 15.1 and 11.8 ms.
  test('boundaries of P have the stated deviation from the marks', async () => {
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
      ['pOnset', 15],
      ['pOffset', 13],
    ] as const) {
      const { sensitivity, positivePredictivity, sdMs, meanMs } = scoreFiducial(tally[border]);
      expect(sensitivity).toBeGreaterThan(0.93);
      expect(positivePredictivity).toBeGreaterThan(0.96);
      expect(sdMs).toBeLessThan(deviation);
      expect(Math.abs(meanMs!)).toBeLessThan(3.1);
    }
  });
});

onRecordings('ludb')('ludb 1–100', () => {
  // Numbers from the exponential function may differ in their last digits from machine to machine.
  test('fit-delineation makes the models that are in use', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'models-'));
    const file = join(folder, 'wave-models.ts');
    const words = [await builtScript('fit-delineation.ts'), '--test', '101-102', '--out', file];
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const made = readFileSync(file, 'utf8');
    rmSync(folder, { recursive: true });
    const near = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(3)) : v)));
    for (const [name, model] of Object.entries(models)) {
      const text = new RegExp(`export const ${name}: \\w+ = ([^;]+);`).exec(made)![1]!;
      expect(near(JSON.parse(text)), name).toEqual(near(model));
    }
  });
});
