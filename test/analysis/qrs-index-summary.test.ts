import { expect, test } from 'vitest';
import { createIndexSummary, indexTableRows } from '../../src/analysis/qrs-index-summary.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { measureQrsIndices } from '../../src/beat/slopes/qrs-indices.ts';
import { createRandom } from '../../src/random.ts';

const rate = 1000;
const beats = 120;

/** One beat a second: from the 60th on its amplitude falls to half, or its width grows to double. */
function recording(changes: 'amplitude' | 'width') {
  const random = createRandom(6);
  const voltage = new Float64Array(beats * rate);
  const rPeaks = Array.from({ length: beats }, (_, k) => k * rate + 500);
  for (const [k, rPeak] of rPeaks.entries()) {
    const share = Math.max(0, (k - 60) / 60);
    const height = (changes === 'amplitude' ? 1 - 0.5 * share : 1) * (1 + 0.01 * random.normal());
    const width = changes === 'width' ? 10 * (1 + share) : 10 * (1 + 0.005 * random.normal());
    for (let i = -200; i <= 200; i++) {
      const wave = (centre: number, size: number): number =>
        size * Math.exp(-(((i - centre) / width) ** 2) / 2);
      voltage[rPeak + i]! += height * (wave(0, 1.2) + wave(-3 * width, -0.15) + wave(3 * width, -0.3));
    }
  }
  const measurement = measureSlopes(voltage, rate, rPeaks);
  const summary = createIndexSummary();
  summary.add({
    lead: 'II',
    start: 0,
    measurement,
    indices: measureQrsIndices(voltage, rate, measurement.beats).beats,
    symbols: rPeaks.map(() => 'N'),
    quality: [],
  } as unknown as Parameters<typeof summary.add>[0]);
  return summary;
}

const control = { startSeconds: 0, endSeconds: 60 };
const event = { startSeconds: 60, endSeconds: 120 };

test('an amplitude that falls to half halves the slopes; beats normalised in amplitude do not change', () => {
  const [{ changes, normalized }] = recording('amplitude').changes(control, event) as [
    ReturnType<ReturnType<typeof recording>['changes']>[number],
  ];
  const ius = changes[0]!;
  expect(ius.change / ius.control).toBeCloseTo(-0.5, 1);
  expect(normalized[0]!.change / normalized[0]!.control).toBeCloseTo(0, 1);
  expect(Math.abs(normalized[0]!.factor)).toBeLessThan(0.1 * Math.abs(ius.factor));
  // vi/vt is no slope.
  expect(normalized[3]).toBeNull();
});

test('a complex that widens changes the slopes at equal amplitude too, and both are rows of the table', () => {
  const summary = recording('width');
  const [of] = summary.changes(control, event);
  for (const change of [of!.changes[0]!, of!.normalized[0]!])
    expect(change.change / change.control).toBeLessThan(-0.3);
  // Without the spread of amplitude in the control segment the same change stands out more.
  expect(Math.abs(of!.normalized[0]!.factor)).toBeGreaterThan(Math.abs(of!.changes[0]!.factor));
  const statistics = indexTableRows('r', summary.table(), [of!]).map(({ statistic }) => statistic);
  expect(statistics.slice(-2)).toEqual([
    'relative factor of change',
    'relative factor of change, normalized',
  ]);
});
