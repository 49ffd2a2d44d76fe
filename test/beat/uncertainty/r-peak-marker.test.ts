import { expect, test } from 'vitest';
import { rPeakMarker } from '../../../src/beat/uncertainty/r-peak-marker.ts';

const rate = 500;
const places = [100, 300, 500, 700];
/** Triangles of ±1 mV, 10 samples to either side of each place. */
const triangles = (at: readonly number[], sign: number): Float64Array => {
  const x = new Float64Array(900);
  for (const place of at) for (let k = -10; k <= 10; k++) x[place + k]! += sign * (1 - Math.abs(k) / 10);
  return x;
};

test('marks at the extremes of one lead stay at its extremes', () => {
  const leads = [
    triangles(
      [...places].map(p => p + 4),
      1,
    ),
    triangles(places, -1),
  ];
  const mark = rPeakMarker(leads, rate, places);
  const copy = triangles([102, 297], -1);
  expect([...mark([new Float64Array(900), copy], Int32Array.of(100, 300))]).toEqual([102, 297]);
});

test('a mark is moved by no more than 12 ms', () => {
  const mark = rPeakMarker([triangles(places, 1)], rate, places);
  // The peak is 9 samples away; the rising flank ends at 6.
  expect([...mark([triangles([109], 1)], Int32Array.of(100))]).toEqual([106]);
});

test('marks that are at no extreme stay', () => {
  const mark = rPeakMarker(
    [
      triangles(
        places.map(p => p + 5),
        1,
      ),
    ],
    rate,
    places,
  );
  expect([...mark([triangles([104], 1)], Int32Array.of(100))]).toEqual([100]);
});
