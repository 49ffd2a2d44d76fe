import { describe, expect, test } from 'vitest';
import { detectQrs } from '../../../src/beat/detect/detect-qrs.ts';
import { stSegment, waveAmplitudes } from '../../../src/beat/intervals/amplitudes.ts';
import {
  beatIntervals,
  bordersOverLeads,
  type WaveBorders,
  withPlausibleP,
} from '../../../src/beat/intervals/beat-intervals.ts';
import { frontalAxes } from '../../../src/beat/intervals/frontal-axis.ts';
import { measureIntervals } from '../../../src/beat/intervals/measure-intervals.ts';
import { correctQt } from '../../../src/beat/intervals/qt-correction.ts';
import { waveMarks } from '../../../src/beat/intervals/wave-table.ts';
import { createRandom } from '../../../src/random.ts';
import { completeBlock, shapes, steadyRhythm } from '../../../src/synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../../src/synth/activation-synthesis.ts';
import { standardLead, synthesize, twelveLeads } from '../../../src/synth.ts';

const none: WaveBorders = {
  pOnset: undefined,
  pPeak: undefined,
  pOffset: undefined,
  qrsOnset: undefined,
  qrsOffset: undefined,
  tOnset: undefined,
  tPeak: undefined,
  tOffset: undefined,
};

describe('QTc', () => {
  test('at 60 a minute every formula leaves QT as it is', () => {
    expect(Object.values(correctQt(0.4, 1))).toEqual([0.4, 0.4, 0.4, 0.4]);
  });
  test('at 100 a minute, by hand', () => {
    // RR 0.6 s: √0.6 = 0.774597, ∛0.6 = 0.843433; Framingham adds 61.6 ms, Hodges 1.75 · 40 = 70 ms.
    const { bazett, fridericia, framingham, hodges } = correctQt(0.36, 0.6);
    expect(bazett).toBeCloseTo(0.464758, 6);
    expect(fridericia).toBeCloseTo(0.426827, 6);
    expect(framingham).toBeCloseTo(0.4216, 6);
    expect(hodges).toBeCloseTo(0.43, 6);
    expect(() => correctQt(0.36, 0)).toThrow(RangeError);
  });
});

describe('intervals', () => {
  const borders = {
    ...none,
    pOnset: 100,
    pPeak: 120,
    pOffset: 150,
    qrsOnset: 180,
    qrsOffset: 225,
    tPeak: 330,
    tOffset: 380,
  };
  test('between borders, and absent where a border is', () => {
    expect(beatIntervals(borders, 1, 500)).toEqual({
      p: 0.1,
      pr: 0.16,
      qrs: 0.09,
      qt: 0.4,
      jt: 0.31,
      tPeakTEnd: 0.1,
      rr: 1,
      qtc: { bazett: 0.4, fridericia: 0.4, framingham: 0.4, hodges: 0.4 },
    });
    expect(beatIntervals({ ...borders, pOnset: undefined, tOffset: undefined }, 1, 500)).toMatchObject({
      p: undefined,
      pr: undefined,
      qrs: 0.09,
      qt: undefined,
      jt: undefined,
      qtc: undefined,
    });
  });
  test('P waves of different leads that are not one wave before QRS are none', () => {
    const borders = {
      ...{ pOnset: 100, pPeak: 130, pOffset: 150, qrsOnset: 180, qrsOffset: 230 },
      ...{ tOnset: 300, tPeak: 350, tOffset: 400 },
    };
    expect(withPlausibleP(borders, 1000)).toBe(borders);
    for (const moved of [{ pOnset: 140 }, { pOnset: 190 }, { pOnset: -60 }]) {
      const { pOnset, pPeak, pOffset, ...others } = withPlausibleP({ ...borders, ...moved }, 1000);
      expect([pOnset, pPeak, pOffset]).toEqual([undefined, undefined, undefined]);
      expect(others).toMatchObject({ qrsOnset: 180, tOffset: 400 });
    }
    // A short PR is that of pre-excitation before a complex of 120 ms, and none before one of 180 ms.
    const short = { ...borders, pOnset: 110, pPeak: 130, pOffset: 150 };
    expect(withPlausibleP({ ...short, qrsOffset: 300 }, 1000).pOnset).toBe(110);
    expect(withPlausibleP({ ...short, qrsOffset: 360 }, 1000).pOnset).toBeUndefined();
    expect(withPlausibleP({ ...short, pOnset: 60, qrsOffset: 360 }, 1000).pOnset).toBe(60);
    const without = { ...borders, pOnset: undefined, pPeak: undefined, pOffset: undefined };
    expect(withPlausibleP(without, 1000)).toEqual(without);
  });

  test('an outlying lead does not change the result over the leads', () => {
    const at = (qrsOnset: number, qrsOffset: number): WaveBorders => ({ ...none, qrsOnset, qrsOffset });
    expect(bordersOverLeads([at(100, 150), at(98, 152), at(50, 220), at(101, 149)])).toMatchObject({
      qrsOnset: 98,
      qrsOffset: 152,
      pOnset: undefined,
    });
    expect(bordersOverLeads([at(100, 150), at(98, 152)])).toMatchObject({ qrsOnset: 98, qrsOffset: 152 });
  });
  test('marks are in order of time, with the kind of wave in num', () => {
    const marks = waveMarks(borders, 200, 1000);
    expect(marks.map(({ sample, symbol, num }) => `${sample}${symbol}${num}`)).toEqual([
      '1100(0',
      '1120p0',
      '1150)0',
      '1180(1',
      '1200N0',
      '1225)1',
      '1330t0',
      '1380)2',
    ]);
  });
});

/** 1000 Hz: a level of 0.1 mV, then the deflections given, each a half sine of 20 ms, then `after`. */
function complexOf(
  heights: readonly number[],
  after: (ms: number) => number = () => 0,
): [Float64Array, WaveBorders] {
  const qrsOnset = 100;
  const qrsOffset = qrsOnset + 20 * heights.length;
  const voltage = Float64Array.from({ length: 500 }, (_, i) => {
    const k = Math.floor((i - qrsOnset) / 20);
    if (i < qrsOnset) return 0.1;
    if (k < heights.length) return 0.1 + heights[k]! * Math.sin((Math.PI * (i - qrsOnset - 20 * k)) / 20);
    return 0.1 + after(i - qrsOffset);
  });
  return [voltage, { ...none, qrsOnset, qrsOffset }];
}

describe('amplitudes', () => {
  const waves = {
    ...{ q: undefined, r: { sample: 110, amplitude: 1 }, s: undefined, rPrime: undefined },
    ...{ notch: undefined, pattern: 'R' },
  };
  test('are those of the QRS waves, and T from the level before QRS, P from its own line', () => {
    const [voltage, borders] = complexOf([1], ms => 0.002 * ms);
    // P: a peak 0.15 mV above the middle of a line from 0.1 to 0.14 mV.
    voltage[20] = 0.1;
    voltage[30] = 0.27;
    voltage[40] = 0.14;
    const places = { ...borders, pOnset: 20, pPeak: 30, pOffset: 40, tPeak: 220 };
    const found = waveAmplitudes(voltage, 1000, places, waves)!;
    expect(found).toMatchObject({ q: undefined, r: 1, s: undefined, rPrime: undefined, pattern: 'R' });
    expect(found.p).toBeCloseTo(0.15, 9);
    expect(found.t).toBeCloseTo(0.2, 9);
  });
  test('in noise the R amplitude is that of the R wave', () => {
    const random = createRandom(3);
    const beats = 60;
    const voltage = Float64Array.from({ length: beats * 500 }, () => 0.1 * random.normal());
    const rPeaks = Array.from({ length: beats }, (_, k) => 200 + 500 * k);
    for (const rPeak of rPeaks)
      for (let i = -15; i <= 15; i++) voltage[rPeak + i]! += 1.5 * Math.cos((Math.PI * i) / 30);
    const { beats: found } = measureIntervals([{ name: 'II', voltage }], 500, rPeaks);
    const r = found.map(({ leads }) => leads[0]!.amplitudes!.r!);
    for (const height of r) expect(Math.abs(height - 1.5)).toBeLessThan(0.5);
  });
  test('an invalid sample before QRS, no onset or no waves give none', () => {
    const [voltage, borders] = complexOf([1]);
    expect(waveAmplitudes(voltage, 1000, none, waves)).toBeUndefined();
    expect(waveAmplitudes(voltage, 1000, borders, undefined)).toBeUndefined();
    voltage[95] = Number.NaN;
    expect(waveAmplitudes(voltage, 1000, borders, waves)).toBeUndefined();
  });
  test('ST is counted from the level before QRS, at J and after; its slope is that of the line', () => {
    const [voltage, borders] = complexOf([1, -0.4], ms => -0.2 + 0.001 * ms);
    const st = stSegment(voltage, 1000, borders);
    // The mean over J and 4 ms after, then over ± 4 ms.
    expect(st.j).toBeCloseTo(-0.198, 6);
    expect(st.j40).toBeCloseTo(-0.16, 6);
    expect(st.j60).toBeCloseTo(-0.14, 6);
    expect(st.j80).toBeCloseTo(-0.12, 6);
    expect(st.slope).toBeCloseTo(1, 6);
    expect(stSegment(voltage.subarray(0, 180), 1000, borders)).toMatchObject({
      j60: undefined,
      slope: undefined,
    });
    expect(stSegment(voltage, 1000, none)).toEqual({
      j: undefined,
      j40: undefined,
      j60: undefined,
      j80: undefined,
      slope: undefined,
    });
  });
});

describe('frontal axis', () => {
  test.each([-150, -90, -45, 0, 30, 60, 90, 120, 179])(
    'of a vector at %i° is found from I and II, and I and aVF',
    degrees => {
      const towards = (lead: number): number => Math.cos(((degrees - lead) * Math.PI) / 180);
      const [shape, borders] = complexOf([1]);
      const scaled = (factor: number): Float64Array => shape.map(v => (v - 0.1) * factor);
      const i = scaled(towards(0));
      // Bipolar leads measure the projection; an augmented one √3/2 of it.
      const avf = scaled((Math.sqrt(3) / 2) * towards(90));
      const ii = scaled(towards(60));
      expect(frontalAxes({ i, ii }, 1000, borders).qrs).toBeCloseTo(degrees, 6);
      expect(frontalAxes({ i, avf }, 1000, borders).qrs).toBeCloseTo(degrees, 6);
      expect(frontalAxes({ i, ii }, 1000, borders).p).toBeUndefined();
    },
  );
  test('zero amplitudes have no axis', () => {
    const [, borders] = complexOf([1]);
    const flat = new Float64Array(500);
    expect(frontalAxes({ i: flat, ii: flat }, 1000, borders).qrs).toBeUndefined();
  });
});

describe('measureIntervals on a synthetic ECG', () => {
  const ecg = synthesize({ samplingFrequency: 500, seconds: 60, seed: 3, leads: twelveLeads });
  const leads = ecg.leads.map(({ name, voltage }) => ({ name, voltage }));
  const rPeaks = ecg.beats.map(({ rPeak }) => rPeak.sample);
  const { beats, median, qtVariability } = measureIntervals(leads, 500, rPeaks);

  test('QRS and RR of the median beat are the truth within the error of delineation', () => {
    const truth = ecg.beats.map(({ qrsOnsetTime, qrsOffsetTime }) => qrsOffsetTime - qrsOnsetTime);
    const usual = truth.sort((a, b) => a - b)[truth.length >> 1]!;
    expect(Math.abs(median!.intervals.qrs! - usual)).toBeLessThan(0.02);
    expect(median!.intervals.pr).toBeGreaterThan(0.1);
    expect(median!.intervals.qt).toBeGreaterThan(0.3);
    expect(median!.axes!.qrs).toBeGreaterThan(-30);
    expect(median!.axes!.qrs).toBeLessThan(100);
    expect(beats).toHaveLength(rPeaks.length);
    expect(beats[5]!.intervals.rr).toBeCloseTo((rPeaks[5]! - rPeaks[4]!) / 500, 12);
  });

  test('all beats alike have hardly any QT variability', () => {
    expect(qtVariability!.sdQt).toBeLessThan(0.012);
  });

  test('leads of different length, or none, are refused', () => {
    expect(() => measureIntervals([], 500, rPeaks)).toThrow('no lead');
    const short = { name: 'x', voltage: new Float64Array(10) };
    expect(() => measureIntervals([leads[0]!, short], 500, rPeaks)).toThrow('lead x has 10 samples');
    expect(() => measureIntervals(leads, 500, rPeaks, { qtLead: 'V9' })).toThrow('no lead V9');
  });

  test('without limb leads there is no axis', () => {
    const one = synthesize({ samplingFrequency: 250, seconds: 12, seed: 1, leads: [standardLead('V5')] });
    const found = measureIntervals(
      [{ name: 'V5', voltage: one.leads[0]!.voltage }],
      250,
      one.beats.map(({ rPeak }) => rPeak.sample),
    );
    expect(found.median!.axes).toBeUndefined();
    expect(found.qtVariability).toBeUndefined();
  });
});

describe('P wave of the median beat', () => {
  const fs = 500;
  const seconds = 60;
  const medianOf = (events: Activation[], extra?: (t: number) => number) => {
    const clean = synthesizeActivations(events, seconds, fs).leads[0]!.voltage;
    const random = createRandom(9);
    const voltage = clean.map((v, i) => v + (extra?.(i / fs) ?? 0) + 0.005 * random.normal());
    const { median, beats } = measureIntervals([{ name: 'II', voltage }], fs, detectQrs(voltage, fs));
    const withP = beats.filter(({ intervals }) => intervals.pr !== undefined).length;
    return { pr: median!.intervals.pr, share: withP / beats.length };
  };
  test('is that of sinus rhythm', () => {
    const { pr, share } = medianOf(steadyRhythm(70, shapes.sinus, seconds, createRandom(3)));
    expect(pr).toBeGreaterThan(0.1);
    expect(share).toBeGreaterThan(0.9);
  });
  test.each([1, 2, 3, 4, 5, 6])('is none in complete block (%i)', seed => {
    expect(
      medianOf(completeBlock(79, 38, shapes.junctional, seconds, createRandom(seed))).pr,
    ).toBeUndefined();
  });
  test.each([1, 2, 3, 4, 5, 6])('is none in atrial fibrillation (%i)', seed => {
    const random = createRandom(seed);
    const times = Array.from({ length: 100 }, () => 0.45 + 0.5 * random.uniform());
    let t = 0.3;
    const events = times.flatMap((rr): Activation[] => {
      t += rr;
      return t < seconds - 1 ? [{ time: t, symbol: 'N', waves: { ...shapes.sinus(0.8), P: [] } }] : [];
    });
    const phase = 6 * random.uniform();
    const f = (time: number) => 0.06 * Math.sin(2 * Math.PI * (5.8 * time + 0.4 * Math.sin(time)) + phase);
    expect(medianOf(events, f).pr).toBeUndefined();
  });
});
