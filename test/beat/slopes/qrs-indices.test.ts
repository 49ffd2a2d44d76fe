import { describe, expect, test } from 'vitest';
import { medianBeat } from '../../../src/beat/median-beat.ts';
import { measureSlopes } from '../../../src/beat/slopes/measure-slopes.ts';
import { measureQrsIndices, type QrsIndices } from '../../../src/beat/slopes/qrs-indices.ts';
import { createRandom } from '../../../src/random.ts';
import { addPacingStimulus } from '../../../src/synth/pacing-stimulus.ts';
import { beatAt, sampled, type Wave } from '../gaussian-waves.ts';

const indicesOf = (waves: readonly Wave[], fs = 1000, at = 0.5): QrsIndices => {
  const voltage = sampled(waves, fs, fs);
  const { beats } = measureSlopes(voltage, fs, [Math.round(at * fs)]);
  return measureQrsIndices(voltage, fs, beats).beats[0]!;
};

describe('IUS, IDS and ITS', () => {
  test('are the steepest rise to R, fall from R and rise from S', () => {
    const width = 0.012;
    const truth = Math.exp(-0.5) / width;
    // An R of 1 mV, then an S of 0.5 mV far enough to leave each other's slopes alone.
    const { q, r, s, ius, ids, its } = indicesOf([
      { amplitude: 1, centre: 0.5, width },
      { amplitude: -0.5, centre: 0.56, width },
    ]);
    expect(q).toBeUndefined();
    expect(r).toBe(500);
    expect(s).toBe(560);
    // 8 ms line over 9 points: bias −(W²/20s²)
    expect(ius! / truth).toBeCloseTo(1 - 1.967 / (12 * 12) / 0.5, 2);
    expect(ids! / -truth).toBeCloseTo(0.973, 2);
    expect(its! / (truth / 2)).toBeCloseTo(0.973, 2);
  });

  test.each([128, 200, 250, 360])(
    'at %i Hz, where the window is interpolated, are within 1.5 %% of those at 1000 Hz',
    fs => {
      const waves = beatAt(0.5);
      const [low, high] = [indicesOf(waves, fs), indicesOf(waves, 1000)];
      expect(Math.abs(low.ius! / high.ius! - 1)).toBeLessThan(0.015);
      expect(Math.abs(low.ids! / high.ids! - 1)).toBeLessThan(0.015);
    },
  );

  test('a Q is where the rise begins, and a QS complex has no R', () => {
    const qr = indicesOf([
      { amplitude: -0.3, centre: 0.46, width: 0.009 },
      { amplitude: 1, centre: 0.5, width: 0.011 },
    ]);
    expect(qr.q).toBeCloseTo(460, -1);
    expect(qr.s).toBeUndefined();
    expect(qr.its).toBeUndefined();
    const qs = indicesOf([{ amplitude: -1, centre: 0.5, width: 0.012 }]);
    expect(qs.r).toBeUndefined();
    expect(qs.ius).toBeUndefined();
    expect(qs.ids).toBeUndefined();
    expect(qs.s).toBe(500);
    expect(qs.its).toBeGreaterThan(45);
  });
});

describe('fragmentation', () => {
  const narrow = 0.007;
  test.each<[string, Wave[], number, number]>([
    ['R', [{ amplitude: 1, centre: 0.5, width: 0.012 }], 1, 0],
    [
      'qRs',
      [
        { amplitude: -0.2, centre: 0.465, width: narrow },
        { amplitude: 1, centre: 0.5, width: 0.01 },
        { amplitude: -0.3, centre: 0.535, width: narrow },
      ],
      3,
      0,
    ],
    [
      'notched R',
      [
        { amplitude: 1, centre: 0.485, width: narrow },
        { amplitude: 0.8, centre: 0.511, width: narrow },
      ],
      1,
      1,
    ],
    [
      'twice notched R',
      [
        { amplitude: 0.8, centre: 0.472, width: narrow },
        { amplitude: 1, centre: 0.499, width: narrow },
        { amplitude: 0.8, centre: 0.526, width: narrow },
      ],
      1,
      2,
    ],
  ])('%s', (_name, waves, deflections, notches) => {
    expect(indicesOf(waves)).toMatchObject({ deflections, notches });
    const turned = indicesOf(waves.map(wave => ({ ...wave, amplitude: -wave.amplitude })));
    expect(turned).toMatchObject({ deflections, notches });
  });
});

describe('slope-energy width', () => {
  test.each([0.008, 0.015, 0.025])('of a Gaussian wave of width %f s is √χ²₃(0.9)·√2 times it', width => {
    for (const fs of [360, 1000]) {
      const measured = indicesOf([{ amplitude: 2, centre: 0.5, width }], fs).slopeEnergyWidth!;
      // (dV/dt)² ∝ t²·exp(−t²/s²): |t| has a Maxwell distribution; χ²₃(0.9) = 6.2514
      expect(Math.abs(measured / (width * Math.SQRT2 * Math.sqrt(6.2514)) - 1)).toBeLessThan(
        fs === 360 ? 0.02 : 0.003,
      );
    }
  });
});

test('a complex that the signal begins or ends within has no slope-energy width', () => {
  const whole = [{ amplitude: 1, centre: 0.5, width: 0.012 }];
  const voltage = sampled(whole, 1000, 1000);
  const widthOf = (signal: Float64Array, rPeak: number): number | undefined => {
    const { beats } = measureSlopes(signal, 1000, [rPeak]);
    return measureQrsIndices(signal, 1000, beats).beats[0]!.slopeEnergyWidth;
  };
  const width = widthOf(voltage, 500)!;
  expect(width).toBeGreaterThan(0);
  expect(widthOf(voltage.slice(380), 120)).toBeCloseTo(width, 12);
  expect(widthOf(voltage.slice(381), 119)).toBeUndefined();
  expect(widthOf(voltage.slice(0, 681), 500)).toBeCloseTo(width, 12);
  expect(widthOf(voltage.slice(0, 680), 500)).toBeUndefined();
  expect(widthOf(voltage.slice(500), 0)).toBeUndefined();
});

test('the result says how it was taken', () => {
  const voltage = sampled([{ amplitude: 1, centre: 0.5, width: 0.012 }], 360, 360);
  const { beats } = measureSlopes(voltage, 360, [180]);
  const band = { lowCutHz: 0.5, highCutHz: 150 };
  expect(measureQrsIndices(voltage, 360, beats, { windowMs: 12, band }).provenance).toEqual({
    windowMs: 12,
    windowSamples: 5,
    upsampling: 1,
    samplingFrequency: 360,
    band,
  });
  expect(measureQrsIndices(voltage, 360, beats).provenance).toEqual({
    windowMs: 8,
    windowSamples: 9,
    upsampling: 3,
    samplingFrequency: 360,
    band: {},
  });
});

describe('initial over terminal velocity', () => {
  test.each([500, 1000, 2000])('at %i Hz is the ratio of the changes of the waves over 40 ms', fs => {
    const waves = [
      { amplitude: 0.6, centre: 0.46, width: 0.03 },
      { amplitude: 1, centre: 0.53, width: 0.012 },
    ];
    const at = (t: number): number =>
      waves.reduce(
        (v, { amplitude, centre, width }) => v + amplitude * Math.exp(-((t - centre) ** 2) / 2 / width ** 2),
        0,
      );
    const voltage = sampled(waves, fs, fs);
    const { beats } = measureSlopes(voltage, fs, [0.53 * fs]);
    const onset = beats[0]!.qrsOnset! / fs;
    const offset = beats[0]!.qrsOffset! / fs;
    const truth = Math.abs(at(onset + 0.04) - at(onset)) / Math.abs(at(offset) - at(offset - 0.04));
    expect(measureQrsIndices(voltage, fs, beats).beats[0]!.initialOverTerminal! / truth).toBeCloseTo(1, 9);
  });

  test('is below 1 when the complex starts slowly, and inverts when time runs backwards', () => {
    const slowStart = [
      { amplitude: 0.6, centre: 0.46, width: 0.03 },
      { amplitude: 1, centre: 0.53, width: 0.012 },
    ];
    const ratio = indicesOf(slowStart, 1000, 0.53).initialOverTerminal!;
    const mirrored = slowStart.map(wave => ({ ...wave, centre: 1 - wave.centre }));
    const back = indicesOf(mirrored, 1000, 0.47).initialOverTerminal!;
    expect(ratio).toBeLessThan(1);
    expect(back).toBeGreaterThan(1);
  });
});

describe('signals without complexes', () => {
  test('give no indices', () => {
    const voltage = new Float64Array(1000);
    const { beats } = measureSlopes(voltage, 1000, [500]);
    for (const value of Object.values(measureQrsIndices(voltage, 1000, beats).beats[0]!)) {
      expect(value).toBeUndefined();
    }
  });
});

describe('median beat', () => {
  const fs = 500;
  const at = Array.from({ length: 40 }, (_, k) => 0.6 + 0.8 * k);
  const clean = sampled(
    at.flatMap(t => beatAt(t)),
    33 * fs,
    fs,
  );
  const window = { before: 0.25, after: 0.4 };

  test('of equal beats is the beat, whatever the jitter of the marks', () => {
    const random = createRandom(5);
    const marks = at.map(t => Math.round(t * fs) + Math.floor(random.uniform() * 9) - 4);
    const beat = medianBeat(clean, fs, marks, window)!;
    expect(beat.beats).toBe(40);
    const [one] = measureSlopes(beat.voltage, fs, [beat.rPeak]).beats;
    const all = measureSlopes(clean, fs, marks).beats;
    expect(Math.abs(one!.upstroke!.slope / all[3]!.upstroke!.slope - 1)).toBeLessThan(0.01);
  });

  test('leaves out what is cut or invalid, and says how many beats it has', () => {
    const voltage = clean.slice();
    voltage[Math.round(at[5]! * fs)] = Number.NaN;
    const marks = [3, ...at.map(t => Math.round(t * fs))];
    expect(medianBeat(voltage, fs, marks, window)!.beats).toBe(39);
    expect(medianBeat(voltage, fs, [3], window)).toBeUndefined();
    expect(medianBeat(voltage, fs, [], window)).toBeUndefined();
    expect(() => medianBeat(voltage, fs, [100], { before: 0, after: 1 })).toThrow(RangeError);
    expect(() => medianBeat(voltage, 0, [100], window)).toThrow('sampling frequency');
  });

  test('is measured in full where it reaches 0.25 s before and 0.32 s after', () => {
    for (const rate of [250, 360, 500, 1000]) {
      const voltage = sampled(
        at.slice(0, 6).flatMap(t => beatAt(t)),
        6 * rate,
        rate,
      );
      const marks = at.slice(0, 6).map(t => Math.round(t * rate));
      const beat = medianBeat(voltage, rate, marks, { before: 0.25, after: 0.32 })!;
      const { beats } = measureSlopes(beat.voltage, rate, [beat.rPeak]);
      for (const value of [beats[0]!.qrsOnset, beats[0]!.qrsOffset]) expect(value).toBeDefined();
      const { slopeEnergyWidth, ius, ids } = measureQrsIndices(beat.voltage, rate, beats).beats[0]!;
      for (const value of [slopeEnergyWidth, ius, ids]) expect(value).toBeDefined();
    }
  });

  test('has far less noise than a beat', () => {
    const random = createRandom(6);
    const noisy = clean.map(v => v + 0.05 * random.normal());
    const beat = medianBeat(
      noisy,
      fs,
      at.map(t => Math.round(t * fs)),
      window,
    )!;
    const [one] = measureSlopes(beat.voltage, fs, [beat.rPeak]).beats;
    const [truth] = measureSlopes(clean, fs, [300]).beats;
    expect(Math.abs(one!.upstroke!.slope / truth!.upstroke!.slope - 1)).toBeLessThan(0.1);
  });
});

test('a pacing spike before the complex changes no index by more than 2 %', () => {
  const fs = 500;
  const rPeaks = [1, 2, 3, 4].map(second => second * fs);
  const waves = rPeaks.flatMap(rPeak => [
    { amplitude: 0.6, centre: rPeak / fs, width: 0.02 },
    { amplitude: -0.4, centre: rPeak / fs + 0.07, width: 0.02 },
  ]);
  const unpaced = sampled(waves, 5 * fs, fs);
  const paced = unpaced.slice();
  for (const rPeak of rPeaks)
    addPacingStimulus(paced, fs, { at: rPeak / fs - 0.1, amplitude: 2, widthMs: 1, tail: 0, tauMs: 1 });
  const [afterSpike, usual] = [paced, unpaced].map(
    voltage => measureQrsIndices(voltage, fs, measureSlopes(voltage, fs, rPeaks).beats).beats[1]!,
  );
  for (const name of ['ius', 'ids', 'its', 'slopeEnergyWidth', 'notches', 'deflections'] as const) {
    expect(usual![name]).toBeDefined();
    expect(Math.abs(afterSpike![name]! / usual![name]! - 1) || 0, name).toBeLessThan(0.02);
  }
});
