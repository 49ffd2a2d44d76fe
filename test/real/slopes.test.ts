/** Slopes of recorded beats against medians measured independently (numpy, three-point difference, 0.5 Hz high-pass). */
import { expect, test } from 'vitest';
import { measureSlopes } from '../../src/beat/slopes.ts';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { isBeat } from '../../src/wfdb/symbols.ts';
import { onRecordings } from './recordings.ts';

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

onRecordings('mitdb')('slopes of mitdb', () => {
  // record, lead, symbol, upstroke and downstroke in mV/s
  test.each([
    ['100', 'MLII', 'N', 92, 134],
    ['100', 'V5', 'N', 42, 104],
    ['208', 'MLII', 'N', 101, 139],
    ['208', 'MLII', 'V', 37, 77],
    ['105', 'MLII', 'N', 73, 65],
    ['105', 'MLII', 'V', 64, 112],
  ])('%s %s %s: median upstroke %i, downstroke %i', async (name, lead, symbol, up, down) => {
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
    expect(Math.abs(median(measured.map(beat => beat.upstroke!.slope)) / up - 1)).toBeLessThan(0.06);
    expect(Math.abs(median(measured.map(beat => -beat.downstroke!.slope)) / down - 1)).toBeLessThan(0.06);
  });
});
