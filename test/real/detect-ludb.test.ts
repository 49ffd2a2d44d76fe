/** QRS detection on single leads, against cardiologists' marks, on the records that the detector was tuned on. */
import { expect, test } from 'vitest';
import { detectQrs } from '../../src/beat/detect/detect-qrs.ts';
import { markedWaves } from '../../src/beat/score/marked-waves.ts';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { onRecordings } from './recordings.ts';

onRecordings('ludb')('ludb 1–100, each lead by itself', () => {
  test('sensitivity of 99.84 % and positive predictivity of 99.42 % between the first and the last marked complex', async () => {
    const totals = { hits: 0, missed: 0, extra: 0 };
    for (let record = 1; record <= 100; record++) {
      const name = `ludb/data/${record}`;
      const { signals, samplingFrequency } = await readRecord(fileSource(), name);
      for (const { name: lead, physical } of signals) {
        const marks = markedWaves(await readAnnotations(fileSource(), name, lead))
          .filter(({ kind }) => kind === 'QRS')
          .map(({ peak }) => peak);
        const window = 0.15 * samplingFrequency;
        const found = [...detectQrs(physical, samplingFrequency)].filter(
          sample => sample > marks[0]! - window && sample < marks.at(-1)! + window,
        );
        const hits = marks.filter(mark => found.some(sample => Math.abs(sample - mark) <= window)).length;
        totals.hits += hits;
        totals.missed += marks.length - hits;
        totals.extra += Math.max(0, found.length - hits);
      }
    }
    const { hits, missed, extra } = totals;
    expect(hits + missed).toBeGreaterThan(10_000);
    expect(hits / (hits + missed)).toBeGreaterThan(0.9984);
    expect(hits / (hits + extra)).toBeGreaterThan(0.9942);
  });
});
