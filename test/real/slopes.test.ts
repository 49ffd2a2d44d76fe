/**
 * Slopes of recorded beats against medians computed independently with numpy: over all beats of the symbol, the
 * median of max and −min of (x[2:] − x[:-2]) * 180 within 80 ms of the annotation.
 */
import { expect, test } from 'vitest';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { isBeat } from '../../src/wfdb/annotations/symbols.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { onRecordings } from './recordings.ts';

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

onRecordings('mitdb')('slopes of mitdb', () => {
  // record, lead, symbol, upstroke and downstroke in mV/s
  test.each([
    ['100', 'MLII', 'N', 95.4, 142.2],
    ['100', 'V5', 'N', 45.0, 112.5],
    ['208', 'MLII', 'N', 101.7, 138.6],
    ['208', 'MLII', 'V', 36.9, 77.4],
    ['105', 'MLII', 'N', 72.9, 64.8],
    ['105', 'MLII', 'V', 63.9, 111.6],
  ])('%s %s %s: median upstroke %f, downstroke %f', async (name, lead, symbol, up, down) => {
    const source = fileSource();
    const { signals, samplingFrequency } = await readRecord(source, `mitdb/${name}`, { signals: [lead] });
    const marks = (await readAnnotations(source, `mitdb/${name}`, 'atr')).filter(a => isBeat(a.symbol));
    const { beats } = measureSlopes(
      signals[0]!.physical,
      samplingFrequency,
      marks.map(a => a.sample),
      { scheme: { kind: 'central', order: 2 } },
    );
    const ofSymbol = beats.filter((_, k) => marks[k]!.symbol === symbol);
    const measured = ofSymbol.filter(beat => beat.upstroke !== undefined && beat.downstroke !== undefined);
    expect(measured.length / ofSymbol.length).toBeGreaterThan(0.98);
    expect(Math.abs(median(measured.map(beat => beat.upstroke!.slope)) / up - 1)).toBeLessThan(0.02);
    expect(Math.abs(median(measured.map(beat => -beat.downstroke!.slope)) / down - 1)).toBeLessThan(0.02);
  });
});
