/** The spans of poor quality of a report: which windows count, and how they join. */
import { expect, test } from 'vitest';
import { qualitySpans } from '../../../src/analysis/report/quality-spans.ts';
import { measureQuality, type QualityFlag, type WindowQuality } from '../../../src/beat/quality/quality.ts';

const window = (start: number, flags: readonly QualityFlag[], good = false): WindowQuality => ({
  ...{ start, end: start + 100, beats: 1, flags, good },
  ...{ invalidShare: 0, flatShare: 0, clippedShare: 0, noiseToQrs: undefined, correlation: undefined },
});

test('adjacent windows with the same faults are one span; a dissimilar window is not poor', () => {
  const windows = [
    window(0, [], true),
    window(100, ['noisy']),
    window(200, ['noisy']),
    window(300, ['dissimilar']),
    window(400, ['flat', 'noisy']),
  ];
  expect(qualitySpans({ windows }, 50, 1000)).toEqual([
    { startSeconds: 22, endSeconds: 26, kind: 'quality', label: 'noisy' },
    { startSeconds: 28, endSeconds: 30, kind: 'quality', label: 'flat, noisy' },
  ]);
});

test('a lead that is flat for its second ten seconds is flat there', () => {
  const lead = Float64Array.from({ length: 3600 }, (_, i) =>
    i >= 1200 && i < 2400 ? 0 : Math.exp(-(((i % 100) - 50) ** 2) / 8) + 0.01 * Math.sin(1.7 * i),
  );
  const rPeaks = Int32Array.from({ length: 36 }, (_, k) => 100 * k + 50).filter(r => r < 1200 || r >= 2400);
  const [span] = qualitySpans(measureQuality(lead, 120, rPeaks), 120);
  expect(span).toMatchObject({ startSeconds: 10, endSeconds: 20, kind: 'quality' });
  expect(span!.label).toContain('flat');
});
