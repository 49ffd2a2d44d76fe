/** Measured slopes as rows in their own units, against the measurement they are made of. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { readSlopeDataset, slopeFeatures } from '../../src/analysis/slope-dataset.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { aamiClasses } from '../../src/learn/protocol.ts';
import { fileSource } from '../../src/node/files.ts';

const source = fileSource([fileURLToPath(new URL('../../samples', import.meta.url))]);
const record = { database: 'synth', record: 's01', path: 'synth/s01' };

test('a row a measured beat: mV/s, ms and mV side by side', async () => {
  const data = await readSlopeDataset(source, [record], { lead: 'MLII' });
  expect(data.features.map(({ unit }) => unit)).toEqual(['mV/s', 'mV/s', 'ms', 'mV', 'ms', 'ms']);
  const beats = await readLeadBeats(source, record.path, { lead: 'MLII', beats: { annotator: 'atr' } });
  const measured = measureSlopes(beats.voltage, beats.samplingFrequency, beats.rPeaks).beats;
  const second = measured[1]!;
  const row = [...data.x.data].indexOf(second.upstroke!.slope) / slopeFeatures.length;
  expect(Number.isInteger(row)).toBe(true);
  expect([...data.x.data.subarray(6 * row, 6 * row + 6)]).toEqual([
    ...[second.upstroke!.slope, second.downstroke!.slope, 1000 * second.qrsDuration!, second.rAmplitude],
    ...[1000 * second.rrBefore!, 1000 * second.rrAfter!],
  ]);
  expect(data.labels).toHaveLength(data.x.shape[0]!);
  expect(data.x.data.every(Number.isFinite)).toBe(true);
  expect(Math.max(...data.labels)).toBeLessThan(aamiClasses.length);
});
