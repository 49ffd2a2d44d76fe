import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { onRecordings } from './recordings.ts';

onRecordings('mitdb')('the excerpt in samples/', () => {
  test('is record 208, MLII, samples 422820 to 530819, value for value', async () => {
    const excerpt = await readRecord(
      fileSource([resolve(import.meta.dirname, '../../samples')]),
      'mitdb-208-excerpt',
    );
    const window = { from: 422_820, to: 530_820, signals: ['MLII'] };
    const original = await readRecord(fileSource(), 'mitdb/208', window);
    const [ours, theirs] = [excerpt.signals[0]!, original.signals[0]!];
    expect(ours.adc).toEqual(theirs.adc);
    expect(ours.physical).toEqual(theirs.physical);
    expect(ours.units).toBe(theirs.units);
  });
});
