import { expect, test } from 'vitest';
import { createBeatShapes, dominantBeats } from '../../src/beat/beat-shapes.ts';
import { measureIntervals } from '../../src/beat/intervals/measure-intervals.ts';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { isBeat } from '../../src/wfdb/annotations/symbols.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { databaseFolder, onRecordings } from '../real/recordings.ts';

const samplingFrequency = 250;

/** A complex of given size and width around each R peak: narrow and upright, or wide, notched and negative. */
function leadOf(beats: readonly { readonly at: number; readonly isWide: boolean }[], length: number) {
  const lead = new Float64Array(length);
  const bump = (centre: number, size: number, sd: number): void => {
    for (let i = Math.max(0, centre - 60); i < Math.min(length, centre + 60); i++) {
      lead[i]! += size * Math.exp(-0.5 * ((i - centre) / sd) ** 2);
    }
  };
  for (const { at, isWide } of beats) {
    if (!isWide) bump(at, 1, 2.5);
    else {
      bump(at, -1.2, 7);
      bump(at + 14, -0.6, 6);
    }
  }
  return lead;
}

/** Bigeminy: every second beat is wide, and comes early. */
const bigeminy = Array.from({ length: 20 }, (_, k) => ({
  at: 200 + Math.floor(k / 2) * 400 + (k % 2) * 130,
  isWide: k % 2 === 1,
}));

test('in bigeminy the dominant shape is that of the beats that are not premature, in any polarity', () => {
  const lead = leadOf(bigeminy, 4500);
  const peaks = bigeminy.map(({ at }) => at);
  const expected = Uint8Array.from(bigeminy, ({ isWide }) => (isWide ? 0 : 1));
  expect(dominantBeats([lead], samplingFrequency, peaks)).toEqual(expected);
  expect(dominantBeats([lead.map(v => -v)], samplingFrequency, peaks)).toEqual(expected);
  const swapped = bigeminy.map(({ at, isWide }) => ({ at, isWide: !isWide }));
  expect(dominantBeats([leadOf(swapped, 4500)], samplingFrequency, peaks)).toEqual(
    Uint8Array.from(swapped, ({ isWide }) => (isWide ? 1 : 0)),
  );
});

test('the dominant shape does not depend on gain, offset, parts or gaps in one of two leads', () => {
  const lead = leadOf(bigeminy, 4500);
  const peaks = bigeminy.map(({ at }) => at);
  const whole = dominantBeats([lead], samplingFrequency, peaks);
  expect(dominantBeats([lead.map(v => 7 * v - 30)], samplingFrequency, peaks)).toEqual(whole);
  const gap = lead.slice().fill(Number.NaN, 900, 2000);
  expect(dominantBeats([gap, lead], samplingFrequency, peaks)).toEqual(whole);
  const shapes = createBeatShapes(samplingFrequency);
  shapes.extend(
    [lead.subarray(0, 2500)],
    peaks.filter(at => at < 2450),
  );
  shapes.extend(
    [lead.subarray(2400)],
    peaks.filter(at => at >= 2450).map(at => at - 2400),
  );
  const rr = peaks.map((at, k) => (k === 0 ? undefined : (at - peaks[k - 1]!) / samplingFrequency));
  expect(shapes.dominant(rr)).toEqual(whole);
});

test('beats that cannot be compared are not told apart', () => {
  const invalid = new Float64Array(500).fill(Number.NaN);
  expect(dominantBeats([invalid], 250, [100, 300])).toEqual(Uint8Array.of(1, 1));
  expect(dominantBeats([new Float64Array(500)], 250, [])).toEqual(new Uint8Array());
});

test('the median beat of bigeminy is that of the sinus beats, and ends before the premature ones', () => {
  const waves = (beat: (typeof bigeminy)[number]): number[] => [beat.at - 40, beat.at + 65];
  const lead = leadOf(bigeminy, 4500);
  for (const beat of bigeminy.filter(({ isWide }) => !isWide)) {
    for (const [centre, size, sd] of [
      [waves(beat)[0]!, 0.12, 5],
      [waves(beat)[1]!, 0.3, 10],
    ] as const) {
      for (let i = centre - 50; i < centre + 50; i++)
        lead[i]! += size * Math.exp(-0.5 * ((i - centre) / sd) ** 2);
    }
  }
  const peaks = bigeminy.map(({ at }) => at);
  const only = peaks.filter((_, k) => !bigeminy[k]!.isWide);
  const { median } = measureIntervals([{ name: 'II', voltage: lead }], samplingFrequency, peaks);
  const marked = measureIntervals([{ name: 'II', voltage: lead }], samplingFrequency, peaks, {
    isUsual: k => !bigeminy[k]!.isWide,
  });
  expect(median).toEqual(marked.median);
  expect(median!.beats).toBe(only.length);
  // T, of 40 ms standard deviation, ends two to three of them after its peak; QRS begins some 24 ms before R.
  const qt = median!.intervals.qt! * samplingFrequency;
  expect(qt).toBeGreaterThan(65 + 2 * 10 + 3);
  expect(qt).toBeLessThan(65 + 3 * 10 + 9);
});

onRecordings('mitdb')('the dominant shape in mitdb', () => {
  test.each([
    ['106', 'N'],
    ['119', 'N'],
    ['208', 'N'],
    ['214', 'L'],
    ['221', 'N'],
    ['233', 'N'],
  ])('of record %s is that of its %s beats, and of hardly any V', async (name, symbol) => {
    const source = fileSource([databaseFolder('mitdb')!]);
    const { signals } = await readRecord(source, name);
    const beats = (await readAnnotations(source, name, 'atr')).filter(mark => isBeat(mark.symbol));
    const isDominant = dominantBeats(
      signals.map(({ physical }) => physical),
      360,
      beats.map(({ sample }) => sample),
    );
    const share = (of: string): number => {
      const own = isDominant.filter((_, k) => beats[k]!.symbol === of);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    };
    expect(share(symbol)).toBeGreaterThan(0.97);
    expect(share('V')).toBeLessThan(0.01);
  });
});
