/** Asystole and fibrillation are flagged where they were made, and nothing else is; beats are those of the detector. */
import { describe, expect, test } from 'vitest';
import { detectQrs } from '../../../src/beat/detect/detect-qrs.ts';
import { measureQuality } from '../../../src/beat/quality/quality.ts';
import {
  findSpansWithoutQrs,
  joinSpans,
  type SpanWithoutQrs,
  spansOfPart,
} from '../../../src/beat/quality/without-qrs.ts';
import { createRandom } from '../../../src/random.ts';
import {
  alternans,
  bigeminy,
  completeBlock,
  shapes,
  steadyRhythm,
} from '../../../src/synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../../src/synth/activation-synthesis.ts';
import { beatAt, sampled, type Wave } from '../gaussian-waves.ts';
import { tachycardia, ventricularShapes } from '../tachycardia-signals.ts';
import { ecg, following, narrowBand, noise, plus, pWaves, sinusoids } from '../without-qrs-signals.ts';

const found = (voltage: Float64Array, fs: number) => {
  const rPeaks = voltage.some(Number.isFinite) ? detectQrs(voltage, fs) : [];
  return findSpansWithoutQrs(voltage, fs, rPeaks).map(({ kind, start, end }) => ({
    kind,
    from: start / fs,
    to: end / fs,
  }));
};

/** Share of `[from, to)`, s, in spans of a kind. */
const covered = (spans: ReturnType<typeof found>, kind: string, from: number, to: number): number =>
  spans
    .filter(span => span.kind === kind)
    .reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0) /
  (to - from);

const seconds = 30;
const after = 24;
const withBefore = (fs: number, rest: Float64Array): Float64Array =>
  plus(following(ecg(fs, seconds).voltage, rest), noise(fs, seconds + after, 0.004));

const asystoles: Record<string, (fs: number, seconds: number) => Float64Array> = {
  'white noise of 5 µV': (fs, s) => noise(fs, s, 0.005),
  'white noise of 20 µV': (fs, s) => noise(fs, s, 0.02),
  'noise below 40 Hz, 15 µV': (fs, s) => noise(fs, s, 0.015, 40),
  'noise below 15 Hz, 15 µV': (fs, s) => noise(fs, s, 0.015, 15),
  'P waves, 60 a minute': (fs, s) => pWaves(fs, s, 60, 0.022),
  'P waves, 75 a minute': (fs, s) => pWaves(fs, s, 75, 0.026),
  'P waves, 100 a minute': (fs, s) => pWaves(fs, s, 100, 0.022),
  'a drift of 0.5 mV in 8 s': (fs, s) =>
    plus(
      noise(fs, s, 0.005),
      Float64Array.from({ length: s * fs }, (_, i) => 0.25 * Math.sin((2 * Math.PI * i) / fs / 8)),
    ),
};

const fibrillations: Record<string, (fs: number, seconds: number, amplitude: number) => Float64Array> = {
  'narrow-band noise at 3.5 Hz': (fs, s, a) => narrowBand(fs, s, 3.5, a),
  'narrow-band noise at 5 Hz': (fs, s, a) => narrowBand(fs, s, 5, a),
  'narrow-band noise at 6.5 Hz': (fs, s, a) => narrowBand(fs, s, 6.5, a),
  'sinusoids around 3 Hz': (fs, s, a) => sinusoids(fs, s, 3, a),
  'sinusoids around 4.5 Hz': (fs, s, a) => sinusoids(fs, s, 4.5, a),
  'sinusoids around 6.5 Hz': (fs, s, a) => sinusoids(fs, s, 6.5, a),
};

describe.each([250, 360, 500, 1000])('at %i Hz', fs => {
  test.each(Object.entries(asystoles))('asystole after an ECG: %s', (_, make) => {
    const spans = found(withBefore(fs, make(fs, after)), fs);
    expect(covered(spans, 'asystole', seconds, seconds + after)).toBeGreaterThan(0.8);
    expect(covered(spans, 'asystole', 0, seconds - 1)).toBe(0);
    expect(covered(spans, 'fibrillation', 0, seconds + after)).toBe(0);
  });

  test.each(Object.entries(asystoles))('asystole throughout: %s', (_, make) => {
    const voltage = plus(make(fs, 60), noise(fs, 60, 0.004));
    const spans = found(voltage, fs);
    // One in fifty maxima of noise passes for a complex, and up to nine seconds between two of them for a slow rhythm.
    expect(covered(spans, 'asystole', 0, 60)).toBeGreaterThan(0.8);
    expect(covered(spans, 'fibrillation', 0, 60)).toBe(0);
  });

  test.each(Object.entries(fibrillations))('%s', (_, make) => {
    for (const amplitude of [0.1, 0.3, 1]) {
      const spans = found(withBefore(fs, make(fs, after, amplitude)), fs);
      expect(covered(spans, 'fibrillation', seconds + 1, seconds + after)).toBeGreaterThan(0.9);
      expect(covered(spans, 'fibrillation', 0, seconds - 2)).toBe(0);
      expect(covered(spans, 'asystole', 0, seconds + after)).toBe(0);
      const throughout = found(plus(make(fs, 40, amplitude), noise(fs, 40, 0.004)), fs);
      expect(covered(throughout, 'fibrillation', 0, 40)).toBeGreaterThan(0.9);
      expect(covered(throughout, 'asystole', 0, 40)).toBe(0);
    }
  });

  const rhythms: Record<string, () => Activation[]> = {
    'sinus rhythm at 40': () => steadyRhythm(40, shapes.sinus, 60, createRandom(1)),
    'sinus rhythm at 15': () => steadyRhythm(15, shapes.sinus, 60, createRandom(1)),
    'idioventricular rhythm at 15': () => steadyRhythm(15, shapes.ventricular, 60, createRandom(1)),
    'idioventricular rhythm at 40': () => steadyRhythm(40, shapes.ventricular, 60, createRandom(1)),
    'complete block, 24 a minute': () => completeBlock(75, 24, shapes.junctional, 60, createRandom(1)),
    'complete block, 40 a minute, wide': () => completeBlock(90, 40, shapes.ventricular, 60, createRandom(1)),
    'tachycardia at 220': () => steadyRhythm(220, shapes.qrsOnly, 60, createRandom(1)),
    'tachycardia at 300, P and T fused': () => steadyRhythm(300, shapes.fused, 60, createRandom(1)),
    bigeminy: () => bigeminy(70, 4, 60, createRandom(1)),
    alternans: () => alternans(80, 0.3, 60, createRandom(1)),
  };
  test.each(Object.entries(rhythms))('neither in %s', (_, make) => {
    const clean = synthesizeActivations(make(), 60, fs).leads[0]!.voltage;
    for (const deviation of [0.005, 0.02])
      expect(found(plus(clean, noise(fs, 60, deviation)), fs)).toEqual([]);
  });
});

describe.each(Object.entries(ventricularShapes))('regular %s waves', (_, shape) => {
  test.each([125, 150, 176, 200, 220, 235])('are no fibrillation at %i a minute', rate => {
    for (const fs of [250, 360]) expect(found(tachycardia(fs, 60 / rate, shape).voltage, fs)).toEqual([]);
  });

  test.each([275, 300, 340])('are flutter at %i a minute', rate => {
    for (const fs of [250, 360]) {
      expect(
        covered(found(tachycardia(fs, 60 / rate, shape).voltage, fs), 'fibrillation', 1, 58),
      ).toBeGreaterThan(0.9);
    }
  });

  test('are fibrillation while their axis turns', () => {
    const fs = 250;
    const turning = tachycardia(fs, 60 / 220, shape).voltage.map(
      (v, i) => v * Math.cos((2 * Math.PI * i) / fs / 5),
    );
    expect(covered(found(turning, fs), 'fibrillation', 1, 58)).toBeGreaterThan(0.9);
  });
});

test.each([
  [5, 150],
  [8, 180],
  [15, 220],
  [40, 220],
])('runs of %i wide complexes at %i a minute in sinus rhythm are no fibrillation', (count, rate) => {
  const fs = 250;
  const random = createRandom(31);
  const beats: number[] = [];
  const waves: Wave[] = [];
  let t = 0.5;
  while (t < 85) {
    for (let k = 0; k < 12; k++, t += 0.8 * (1 + 0.02 * random.normal())) {
      beats.push(t);
      waves.push(...beatAt(t));
    }
    t -= 0.3;
    const interval = 60 / rate;
    for (let k = 0; k < count; k++, t += interval * (1 + 0.02 * random.normal())) {
      beats.push(t);
      waves.push(
        { amplitude: 2.2, centre: t, width: 0.1 * interval },
        { amplitude: -0.5, centre: t + 0.28 * interval, width: 0.08 * interval },
        { amplitude: -0.6, centre: t + 0.5 * interval, width: 0.15 * interval },
      );
    }
    t += 0.6;
  }
  const length = Math.ceil(t + 1);
  const voltage = plus(sampled(waves, length * fs, fs), noise(fs, length, 0.03));
  const rPeaks = beats.map(time => Math.round(time * fs));
  expect(findSpansWithoutQrs(voltage, fs, rPeaks)).toEqual([]);
});

test.each([4, 5, 6])('tremor of %i Hz as high as the complexes is no fibrillation', frequency => {
  for (const fs of [250, 500]) {
    const voltage = plus(ecg(fs, 60).voltage, narrowBand(fs, 60, frequency, 0.8));
    expect(covered(found(plus(voltage, noise(fs, 60, 0.02)), fs), 'fibrillation', 0, 60)).toBe(0);
  }
});

test.each([0.2, 0.3, 0.4])(
  'normal beats of %f of the usual size beside couplets and runs of high wide beats are no fibrillation',
  size => {
    const fs = 250;
    for (const width of [0.035, 0.045, 0.06]) {
      for (const [interval, longest] of [
        [0.36, 5],
        [0.42, 5],
        [0.5, 5],
        [0.36, 7],
      ] as const) {
        const waves: Wave[] = [];
        for (let t = 0.6, run = 0; t < 38; run++) {
          for (let k = 0; k < 5; k++, t += 0.8) waves.push(...beatAt(t, size));
          t -= 0.35;
          for (let k = run % 2 === 0 ? 2 : longest; k > 0; k--, t += interval) {
            waves.push(
              { amplitude: 1.8, centre: t, width },
              { amplitude: -0.5, centre: t + 0.17, width: 0.05 },
            );
          }
          t += 1.05 - interval;
        }
        const voltage = plus(sampled(waves, 40 * fs, fs), noise(fs, 40, 0.01));
        expect(covered(found(voltage, fs), 'fibrillation', 0, 40)).toBe(0);
      }
    }
  },
);

test('a pause of more than three seconds is asystole, from its T wave to the next complex, and no other', () => {
  const fs = 250;
  const pauses = [1.5, 2.8, 3.2, 6];
  const times: number[] = [];
  let time = 0.5;
  for (const pause of pauses) {
    for (let k = 0; k < 10; k++, time += 0.8) times.push(time);
    time += pause - 0.8;
  }
  for (let k = 0; k < 10; k++, time += 0.8) times.push(time);
  const whole = Math.ceil(time) + 1;
  const beats = sampled(
    times.flatMap(t => beatAt(t)),
    whole * fs,
    fs,
  );
  const voltage = plus(beats, noise(fs, whole, 0.005));
  const spans = found(voltage, fs);
  expect(spans.map(({ kind, from, to }) => [kind, Number((to - from + 0.5).toFixed(1))])).toEqual([
    ['asystole', 3.2],
    ['asystole', 6],
  ]);
});

describe.each([10, 15, 20, 30, 60])('a pause of %i s in sinus rhythm', pause => {
  test.each([0.004, 0.013, 0.03])(
    'is asystole, also where the first beats after it are missed; noise %f mV',
    deviation => {
      for (const fs of [250, 360, 500]) {
        const sinus = ecg(fs, 25).voltage;
        const voltage = plus(
          following(sinus, new Float64Array(pause * fs), sinus),
          noise(fs, 50 + pause, deviation),
        );
        const rPeaks = detectQrs(voltage, fs);
        const spans = findSpansWithoutQrs(voltage, fs, rPeaks).map(({ start, end }) => [
          start / fs,
          end / fs,
        ]);
        const isInside = (t: number) => spans.some(([from, to]) => t >= from! && t < to!);
        for (let t = 26; t < 24 + pause; t++) expect([fs, t, isInside(t)]).toEqual([fs, t, true]);
        for (const t of [10, 20, 30 + pause, 40 + pause])
          expect([fs, t, isInside(t)]).toEqual([fs, t, false]);
        const beats = rPeaks.filter(rPeak => !isInside(rPeak / fs)).length;
        expect(Math.abs(beats - 60)).toBeLessThanOrEqual(3);
      }
    },
  );
});

test.each([4, 6])('between %i complexes a minute most detected P waves are in asystole', rate => {
  const fs = 500;
  const random = createRandom(rate);
  const events = completeBlock(75, rate, shapes.junctional, 120, random);
  const { leads, beats } = synthesizeActivations(events, 120, fs);
  const voltage = leads[0]!.voltage.map(v => v + 0.005 * random.normal());
  const rPeaks = detectQrs(voltage, fs);
  const spans = findSpansWithoutQrs(voltage, fs, rPeaks);
  const isInside = (sample: number) => spans.some(({ start, end }) => sample >= start && sample < end);
  const pWaves = rPeaks.filter(rPeak => beats.every(beat => Math.abs(rPeak - beat.rPeak.sample) > 0.15 * fs));
  expect(pWaves.length).toBeGreaterThan(50);
  expect(pWaves.filter(isInside).length).toBeGreaterThan(0.6 * pWaves.length);
  expect(beats.some(({ rPeak }) => isInside(rPeak.sample))).toBe(false);
});

test('what is lost, constant or at a limit of the converter is not asystole', () => {
  const fs = 250;
  const { voltage } = ecg(fs, 60);
  const noisy = plus(voltage, noise(fs, 60, 0.005));
  for (const value of [Number.NaN, 0, 0.4, -5]) {
    const lost = noisy.slice();
    lost.fill(value, 20 * fs, 40 * fs);
    expect(found(lost, fs)).toEqual([]);
  }
});

test('beats and windows carry the flags, and are not good', () => {
  const fs = 250;
  const voltage = following(ecg(fs, 30).voltage, noise(fs, 20, 0.02), narrowBand(fs, 20, 5, 0.6));
  const rPeaks = detectQrs(voltage, fs);
  const { beats, windows, spansWithoutQrs } = measureQuality(voltage, fs, rPeaks);
  expect(spansWithoutQrs.map(({ kind }) => kind)).toEqual(['asystole', 'fibrillation']);
  const kinds = ['asystole', 'fibrillation'] as const;
  expect(windows.map(({ flags }) => kinds.filter(kind => flags.includes(kind)))).toEqual([
    [],
    [],
    ['asystole'],
    ['asystole'],
    expect.arrayContaining(['asystole']),
    ['fibrillation'],
    ['fibrillation'],
  ]);
  for (const [k, { flags, good }] of beats.entries()) {
    const span = spansWithoutQrs.find(({ start, end }) => rPeaks[k]! >= start && rPeaks[k]! < end);
    expect(kinds.filter(kind => flags.includes(kind))).toEqual(span === undefined ? [] : [span.kind]);
    if (span !== undefined) expect(good).toBe(false);
  }
});

test('gain, offset and polarity change nothing', () => {
  const fs = 360;
  const voltage = following(ecg(fs, 30).voltage, noise(fs, 20, 0.02), narrowBand(fs, 20, 5, 0.6));
  const rPeaks = detectQrs(voltage, fs);
  const expected = findSpansWithoutQrs(voltage, fs, rPeaks);
  expect(expected.length).toBe(2);
  for (const change of [(v: number) => v * 0.01, (v: number) => v * 1e6, (v: number) => 7 - 3 * v]) {
    expect(findSpansWithoutQrs(voltage.map(change), fs, rPeaks)).toEqual(expected);
  }
});

test('spans of parts are joined to those of the lead', () => {
  const part = (from: number) => ({ voltage: new Float64Array(0), start: 10, end: 110, offset: from - 10 });
  const spans: SpanWithoutQrs[] = [
    ...spansOfPart([{ kind: 'asystole' as const, start: 60, end: 115 }], part(0)),
    ...spansOfPart([{ kind: 'asystole' as const, start: 0, end: 40 }], part(100)),
    ...spansOfPart([{ kind: 'asystole' as const, start: 111, end: 115 }], part(200)),
  ];
  expect(joinSpans(spans)).toEqual([{ kind: 'asystole', start: 50, end: 130 }]);
});

describe.each([100, 250, 500])('smooth waves alone, at %i Hz', fs => {
  const waves = (height: number, width: number): Float64Array => {
    const beats = Array.from({ length: 30 }, (_, k) => 0.6 + 1.1 * k);
    const shapes = beats.flatMap(at => [
      { amplitude: height, centre: at, width },
      { amplitude: 0.1 * height, centre: at + 0.3, width: 0.05 },
    ]);
    return plus(sampled(shapes, 33 * fs, fs), noise(fs, 33, 0.005));
  };

  test.each([0.022, 0.027])('of standard deviation %f s are P waves if low, and complexes if not', width => {
    expect(covered(found(waves(0.15, width), fs), 'asystole', 2, 31)).toBeGreaterThan(0.9);
    for (const height of [0.7, 1, -2, 5]) expect(found(waves(height, width), fs)).toEqual([]);
  });
});

describe.each([250, 500, 1000])('P waves with edges, alone, at %i Hz', fs => {
  const cosine = (x: number): number => (Math.abs(x) < 1 ? 0.5 + 0.5 * Math.cos(Math.PI * x) : 0);
  const triangle = (x: number): number => Math.max(0, 1 - Math.abs(x));
  const repeated = (shape: (x: number) => number, height: number, halfWidth: number): Float64Array => {
    const random = createRandom(14);
    const voltage = noise(fs, 30, 0.01);
    for (let at = 0.5; at < 29.8; at += 0.7 * (1 + 0.02 * random.normal())) {
      for (let i = Math.ceil((at - halfWidth) * fs); i < (at + halfWidth) * fs; i++) {
        voltage[i]! += height * shape((i / fs - at) / halfWidth);
      }
    }
    return voltage;
  };

  test.each([
    ['raised cosines of 90 ms', cosine, 0.045],
    ['raised cosines of 100 ms', cosine, 0.05],
    ['triangles of 90 ms', triangle, 0.045],
    ['triangles of 110 ms', triangle, 0.055],
  ] as const)('%s are P waves up to 0.25 mV, and complexes from 0.6 mV', (_, shape, halfWidth) => {
    for (const height of [0.12, 0.25]) {
      expect(covered(found(repeated(shape, height, halfWidth), fs), 'asystole', 1, 29)).toBeGreaterThan(0.9);
    }
    for (const height of [0.6, 1, -2]) expect(found(repeated(shape, height, halfWidth), fs)).toEqual([]);
  });

  test('a smooth complex as steep as a QRS of 60 ms is none', () => {
    for (const height of [0.2, 0.4, 1]) expect(found(repeated(cosine, height, 0.03), fs)).toEqual([]);
  });
});
