/** QRS onset and offset against cardiologists' marks, on the records that the models were not fitted to. */
import { expect, test } from 'vitest';
import { markedWaves } from '../../src/beat/marked-waves.ts';
import { qrsBounds } from '../../src/beat/qrs-bounds.ts';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { onRecordings } from './recordings.ts';

const spread = (errors: readonly number[]): { mean: number; deviation: number } => {
  const mean = errors.reduce((sum, e) => sum + e, 0) / errors.length;
  const variance = errors.reduce((sum, e) => sum + (e - mean) ** 2, 0) / errors.length;
  return { mean, deviation: Math.sqrt(variance) };
};

onRecordings('ludb')('ludb 101–200, each lead by itself', () => {
  test('onset and offset lie within 3 ms of the marks on average, with a deviation of at most 12 ms', async () => {
    const onsets: number[] = [];
    const offsets: number[] = [];
    let marked = 0;
    for (let record = 101; record <= 200; record++) {
      const name = `ludb/data/${record}`;
      const { signals, samplingFrequency } = await readRecord(fileSource(), name);
      for (const { name: lead, physical } of signals) {
        const waves = markedWaves(await readAnnotations(fileSource(), name, lead)).filter(
          ({ kind }) => kind === 'QRS',
        );
        const bounds = qrsBounds(
          physical,
          samplingFrequency,
          waves.map(({ peak }) => peak),
        );
        for (const [k, { onset, offset }] of waves.entries()) {
          if (onset === undefined || offset === undefined) continue;
          marked++;
          const found = bounds[k]!;
          if (found.onset !== undefined) onsets.push((1000 * (found.onset - onset)) / samplingFrequency);
          if (found.offset !== undefined) offsets.push((1000 * (found.offset - offset)) / samplingFrequency);
        }
      }
    }
    expect(marked).toBeGreaterThan(11_000);
    expect(onsets.length / marked).toBeGreaterThan(0.99);
    expect(offsets.length / marked).toBeGreaterThan(0.99);
    for (const errors of [onsets, offsets]) {
      const { mean, deviation } = spread(errors);
      expect(Math.abs(mean)).toBeLessThan(3);
      expect(deviation).toBeLessThan(12);
    }
  });
});
