/** The detector where hearts are unusual, and on what only looks like a beat; the truth is known in each case. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detectQrs, detectQrsMultiLead } from '../../../src/beat/detect/detect-qrs.ts';
import { createDetector } from '../../../src/beat/detect/streaming-detector.ts';
import { createRandom } from '../../../src/random.ts';
import {
  alternans,
  bigeminy,
  completeBlock,
  paroxysmal,
  shapes,
  steadyRhythm,
} from '../../../src/synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../../src/synth/activation-synthesis.ts';
import type { GaussianWave } from '../../../src/synth/gaussian.ts';

/** One value a line, mV. */
const readCase = (name: string): Float64Array =>
  Float64Array.from(
    readFileSync(join(import.meta.dirname, 'cases', `${name}.csv`), 'utf8')
      .trim()
      .split('\n'),
    Number,
  );

const noisy = (voltage: Float64Array, deviation: number): Float64Array => {
  const random = createRandom(5);
  return voltage.map(value => value + deviation * random.normal());
};

const drawn = (events: readonly Activation[], fs: number, seconds = 40) => {
  const heart = synthesizeActivations(events, seconds, fs);
  return { voltage: noisy(heart.leads[0]!.voltage, 0.015), truth: heart.beats.map(b => b.rPeak.sample) };
};

/** Every beat found and no other, leaving out what the ends of the record cut in two. */
function expectBeats(found: Int32Array, truth: readonly number[], fs: number, length: number): void {
  const inside = (sample: number): boolean => sample > 0.1 * fs && sample < length - 0.1 * fs;
  const expected = truth.filter(inside);
  const got = [...found].filter(inside);
  expect(got.length).toBe(expected.length);
  for (const [k, sample] of expected.entries()) expect(Math.abs(got[k]! - sample)).toBeLessThan(0.1 * fs);
}

describe('rates and sizes', () => {
  test('complete block at 24 a minute: no P wave is a beat', () => {
    const voltage = readCase('av-block-24-per-min-250Hz');
    const truth = Array.from({ length: 24 }, (_, k) => Math.round((1.2 + 2.5 * k) * 250));
    expectBeats(detectQrs(voltage, 250), truth, 250, voltage.length);
  });

  test.each([
    [190, 'qrsOnly'],
    [222, 'fused'],
    [240, 'wideQrsOnly'],
    [290, 'fused'],
    [320, 'qrsOnly'],
  ] as const)('a tachycardia of %i a minute, %s, that begins or ends in sinus rhythm', (rate, shape) => {
    for (const [from, to, fs] of [
      [0, 15, 250],
      [12, 16, 360],
      [12, 40, 1000],
      [14, 29, 500],
    ] as const) {
      const events = paroxysmal(70, { rate, shape: shapes[shape], from, to }, 40, createRandom(fs + rate));
      const { voltage, truth } = drawn(events, fs);
      expect(truth.length).toBeGreaterThan(40);
      expectBeats(detectQrs(voltage, fs), truth, fs, voltage.length);
    }
  });

  test.each([0.35, 1, -1.2])('T waves of three times R, as short as 190 ms, are no beats: R %d mV', r => {
    const bump = (x: number): number => (Math.abs(x) < 1 ? 0.5 + 0.5 * Math.cos(Math.PI * x) : 0);
    for (const [fs, interval] of [
      [250, 0.9],
      [500, 1.15],
      [500, 0.75],
    ] as const) {
      const truth = Array.from({ length: Math.floor(28 / interval) }, (_, k) =>
        Math.round((0.8 + interval * k) * fs),
      );
      const voltage = new Float64Array(30 * fs);
      for (const beat of truth) {
        for (let i = beat - fs / 2; i < Math.min(voltage.length, beat + fs); i++) {
          const t = (i - beat) / fs;
          const tWave = 3 * Math.abs(r) * bump((t - 0.29) / (t < 0.29 ? 0.11 : 0.08));
          if (i >= 0) voltage[i]! += r * bump(t / 0.03) + 0.1 * bump((t + 0.17) / 0.05) + tWave;
        }
      }
      expectBeats(detectQrs(noisy(voltage, 0.01), fs), truth, fs, voltage.length);
    }
  });

  test.each([2, 3])('symmetric T waves of %d × R with a half-width of 85 ms are no beats', factor => {
    for (const [fs, seed] of [
      [250, 1],
      [500, 2],
    ] as const) {
      const waves = {
        P: [{ amplitude: 0.12, center: -0.16, width: 0.02 }],
        QRS: shapes.qrsOnly().QRS,
        T: [{ amplitude: 1.1 * factor, center: 0.27, width: 0.036 }],
      };
      const rhythm = steadyRhythm(70, () => waves, 40, createRandom(seed));
      const { voltage, truth } = drawn(
        rhythm.filter(({ time }) => time > 0),
        fs,
      );
      expectBeats(detectQrs(voltage, fs), truth, fs, voltage.length);
    }
  });

  test('complete block in two leads: P waves large in the second lead are no beats', () => {
    for (const [rate, seed] of [
      [16, 1],
      [25, 2],
      [25, 3],
    ] as const) {
      const events = completeBlock(75, rate, shapes.ventricular, 40, createRandom(seed));
      const scaled = (waves: readonly GaussianWave[]) =>
        waves.map(wave => ({ ...wave, amplitude: 0.4 * wave.amplitude }));
      const second = events.map(event =>
        event.symbol === undefined
          ? event
          : { ...event, waves: { P: [], QRS: scaled(event.waves.QRS), T: scaled(event.waves.T) } },
      );
      const { voltage, truth } = drawn(events, 500);
      const found = detectQrsMultiLead([voltage, drawn(second, 500).voltage], 500);
      expectBeats(found, truth, 500, voltage.length);
    }
  });

  test.each([6, 8, 12])(
    'a standstill of %i s with P waves going on has no beats, and the first after it is found',
    pause => {
      for (const seed of [1, 2, 3]) {
        const sinus = steadyRhythm(70, shapes.sinus, 50, createRandom(seed));
        const events = sinus.map(({ time, waves, ...beat }): Activation => {
          const isBlocked = time > 20 && time < 20 + pause;
          return isBlocked ? { time, waves: { ...waves, QRS: [], T: [] } } : { ...beat, time, waves };
        });
        const { voltage, truth } = drawn(events, 250, 50);
        expectBeats(detectQrs(voltage, 250), truth, 250, voltage.length);
      }
    },
  );

  test('alternans to a fifth in noise of an eighth of the small beats: nine of ten beats are found', () => {
    for (const rate of [60, 75]) {
      const { leads, beats } = synthesizeActivations(alternans(rate, 0.2, 40, createRandom(rate)), 40, 250);
      const found = [...detectQrs(noisy(leads[0]!.voltage, 0.028), 250)];
      const truth = beats.map(({ rPeak }) => rPeak.sample);
      const hits = truth.filter(sample => found.some(other => Math.abs(other - sample) < 25));
      expect(hits.length / truth.length).toBeGreaterThan(0.9);
      expect(found.length).toBeLessThanOrEqual(truth.length);
    }
  });

  test('alternans to a fifth at 120 a minute with P waves of the height of the small beats', () => {
    const events = alternans(120, 0.2, 40, createRandom(1)).map(event => ({
      ...event,
      waves: { ...event.waves, P: [{ amplitude: 0.13, center: -0.13, width: 0.018 }] },
    }));
    for (const fs of [250, 1000]) {
      const { voltage, truth } = drawn(events, fs);
      expectBeats(detectQrs(voltage, fs), truth, fs, voltage.length);
    }
  });

  test('270 a minute: none of 90 beats is lost', () => {
    const found = detectQrs(readCase('svt-270-per-min-500Hz'), 500);
    expect(Math.abs(found.length - 90)).toBeLessThanOrEqual(1);
    for (let k = 1; k < found.length; k++) expect(found[k]! - found[k - 1]!).toBeLessThan(0.3 * 500);
  });

  test.each([
    [0.1, 360],
    [0.2, 250],
    [10, 500],
  ])('a gain that changes to %f within the recording changes two beats at most', (gain, fs) => {
    for (const rate of [60, 90]) {
      const { voltage, truth } = drawn(steadyRhythm(rate, shapes.sinus, 40, createRandom(rate)), fs);
      const changed = voltage.map((value, i) => (i < 20 * fs ? value : gain * value));
      const found = [...detectQrs(changed, fs)];
      const hits = truth.filter(sample => found.some(other => Math.abs(other - sample) < 0.1 * fs));
      expect(truth.length - hits.length).toBeLessThanOrEqual(2);
      expect(found.length - hits.length).toBeLessThanOrEqual(2);
    }
  });

  test.each([280, 320])('alternans to a half at %i a minute: all but two at the ends are found', rate => {
    for (const shape of [shapes.fused, shapes.qrsOnly]) {
      const events = steadyRhythm(rate, shape, 40, createRandom(rate)).map((event, k) => {
        const QRS = event.waves.QRS.map(wave => ({ ...wave, amplitude: wave.amplitude * (k % 2 ? 1 : 0.5) }));
        return { ...event, waves: { ...event.waves, QRS } };
      });
      const { voltage, truth } = drawn(events, 250);
      const found = detectQrs(voltage, 250);
      expect(Math.abs(found.length - truth.length)).toBeLessThanOrEqual(2);
    }
  });

  test('alternans: the small beats count as well', () => {
    const voltage = readCase('alternans-0.3-360Hz');
    expect(Math.abs(detectQrs(voltage, 360).length - 25)).toBeLessThanOrEqual(1);
    const small = drawn(alternans(75, 0.25, 40, createRandom(3)), 500);
    expectBeats(detectQrs(small.voltage, 500), small.truth, 500, small.voltage.length);
  });

  test.each([250, 500])(
    'atrial fibrillation at %i Hz: wide beats are found however early, and T waves are not',
    fs => {
      const random = createRandom(1);
      const smaller = (list: readonly GaussianWave[]): GaussianWave[] =>
        list.map(one => ({ ...one, amplitude: 0.9 * one.amplitude }));
      const events: Activation[] = [];
      for (let time = 0.4; time < 40; time += 0.32 + 0.7 * random.uniform() ** 2) {
        const { QRS, T } = random.uniform() < 0.25 ? shapes.ventricular(0.6) : shapes.junctional(0.6);
        events.push({ time, symbol: 'N', waves: { P: [], QRS: smaller(QRS), T } });
      }
      const { voltage, truth } = drawn(events, fs);
      expectBeats(detectQrs(voltage, fs), truth, fs, voltage.length);
    },
  );

  test.each([15, 40])('complete block at %i a minute, QRS wide', rate => {
    const { voltage, truth } = drawn(completeBlock(90, rate, shapes.ventricular, 40, createRandom(2)), 250);
    expectBeats(detectQrs(voltage, 250), truth, 250, voltage.length);
  });

  test('complete block at 15 a minute: no P wave of the first seconds is a beat in any phase', () => {
    for (let seed = 1; seed <= 16; seed++) {
      const events = completeBlock(75, 15, shapes.junctional, 40, createRandom(seed));
      const { voltage, truth } = drawn(events, 250);
      expectBeats(detectQrs(voltage, 250), truth, 250, voltage.length);
    }
  });

  test.each([128, 250, 500])('complete block at %i Hz with P waves of a third of the QRS complex', fs => {
    for (const [atrial, rate, amplitude] of [
      [75, 28, 0.35],
      [110, 22, -0.35],
      [62, 35, 0.25],
    ] as const) {
      const random = createRandom(rate);
      const waves = shapes.atrial(amplitude);
      const events = completeBlock(atrial, rate, shapes.junctional, 40, random).map(event =>
        event.symbol === undefined ? { ...event, waves } : event,
      );
      const { voltage, truth } = drawn(events, fs);
      expectBeats(detectQrs(voltage, fs), truth, fs, voltage.length);
    }
  });

  test('3:1 block: no P wave is a beat, from the first on', () => {
    const p = (time: number): Activation => ({ time, waves: shapes.atrial(0.3) });
    const events = Array.from({ length: 60 }, (_, k): Activation[] => {
      const time = 0.3 + 0.75 * k;
      const beat = { time: time + 0.18, symbol: 'N', waves: shapes.junctional(2.25) } as const;
      return k % 3 === 2 ? [p(time), beat] : [p(time)];
    }).flat();
    const { voltage, truth } = drawn(events, 360);
    expectBeats(detectQrs(voltage, 360), truth, 360, voltage.length);
  });

  test('bigeminy with ventricular beats of eight times the size: every beat from the second on', () => {
    for (const seed of [1, 2, 3]) {
      const { voltage, truth } = drawn(bigeminy(80, 8, 40, createRandom(seed)), 360);
      const late = truth.filter(sample => sample > 2 * 360);
      const found = detectQrs(voltage, 360).filter(sample => sample > 1.9 * 360);
      expectBeats(found, late, 360, voltage.length);
    }
  });

  test.each([200, 320])('%i a minute, P and T fused', rate => {
    const { voltage, truth } = drawn(steadyRhythm(rate, shapes.fused, 40, createRandom(4)), 500);
    expectBeats(detectQrs(voltage, 500), truth, 500, voltage.length);
  });
});

describe('deflections that are no beats', () => {
  const fs = 360;
  const { voltage, truth } = drawn(steadyRhythm(70, shapes.sinus, 40, createRandom(6)), fs);

  test('spikes of a hundred times the size of R leave every beat', () => {
    const spiked = voltage.map(value => 0.27 * value);
    for (const time of [9.3, 14.1, 19.7, 22.2, 30.9]) spiked[Math.round(time * fs)]! += 35;
    const free = truth.filter(
      t =>
        t < voltage.length - 0.1 * fs &&
        [9.3, 14.1, 19.7, 22.2, 30.9].every(s => Math.abs(t / fs - s) > 0.15),
    );
    const found = [...detectQrs(spiked, fs)];
    const missed: number[] = [];
    for (const t of free) if (!found.some(sample => Math.abs(sample - t) < 0.05 * fs)) missed.push(t);
    expect(missed.map(t => t / fs)).toEqual([]);
    expect(found.length).toBeLessThanOrEqual(truth.length);
  });

  test.each([0, -0.4, 2])(
    'a loss filled with zero under an offset of %f mV has no beats at its edges',
    offset => {
      for (const seconds of [0.3, 1.1, 6]) {
        const lost = voltage.map(value => value + offset);
        // Between two beats.
        const from = Math.round((truth[12]! + truth[13]!) / 2);
        lost.fill(0, from, from + Math.round(seconds * fs));
        const found = detectQrs(lost, fs);
        for (const edge of [from, from + Math.round(seconds * fs)]) {
          const isNearBeat = truth.some(t => Math.abs(t - edge) < 0.15 * fs);
          if (isNearBeat) continue;
          expect([...found].filter(sample => Math.abs(sample - edge) < 0.1 * fs)).toEqual([]);
        }
      }
    },
  );

  test('calibration pulses at the start are none, and the beats after them are found', () => {
    const calibrated = voltage.slice();
    calibrated.fill(0, 0, 3 * fs);
    for (const at of [0.5, 1.2, 1.9]) calibrated.fill(1, at * fs, (at + 0.2) * fs);
    const found = detectQrs(calibrated, fs);
    expect([...found].filter(sample => sample < 2.5 * fs)).toEqual([]);
    const late = truth.filter(t => t > 3.3 * fs);
    expectBeats(
      found.filter(sample => sample > 3.3 * fs),
      late,
      fs,
      voltage.length,
    );
  });
});

test('motion artefact in one lead of two adds no beats', () => {
  const fs = 250;
  const { voltage, truth } = drawn(steadyRhythm(70, shapes.sinus, 40, createRandom(8)), fs);
  const moved = voltage.slice();
  const random = createRandom(9);
  for (let time = 15; time < 20; time += 0.3) {
    const size = 4 * random.normal();
    for (let i = Math.round((time - 0.2) * fs); i < (time + 0.2) * fs; i++) {
      moved[i]! += size * Math.exp(-(((i / fs - time) / 0.03) ** 2) / 2);
    }
  }
  const found = detectQrsMultiLead([moved, voltage], fs);
  const missed = truth.filter(
    t => t > 25 && t < voltage.length - 25 && !found.some(sample => Math.abs(sample - t) < 0.15 * fs),
  );
  expect(missed.length).toBeLessThanOrEqual(1);
});

describe('one fiducial for a lead', () => {
  const fs = 500;
  /** R and S of one size but for 10 % of noise in each. */
  const biphasic = (ratio: (beat: number) => number): { voltage: Float64Array; times: number[] } => {
    const random = createRandom(11);
    const times = Array.from({ length: 45 }, (_, k) => 0.6 + 0.85 * k);
    const events = times.map(
      (time, k): Activation => ({
        time,
        symbol: 'N',
        waves: {
          P: [],
          QRS: [
            { amplitude: 1 + 0.1 * random.normal(), center: 0, width: 0.011 },
            { amplitude: -ratio(k) * (1 + 0.1 * random.normal()), center: 0.04, width: 0.011 },
          ],
          T: [{ amplitude: 0.2, center: 0.28, width: 0.045 }],
        },
      }),
    );
    return { voltage: synthesizeActivations(events, 40, fs).leads[0]!.voltage, times };
  };

  test('intervals carry no jumps between R and S of one size', () => {
    const { voltage } = biphasic(() => 1);
    const found = detectQrs(voltage, fs);
    for (let k = 1; k < found.length; k++) {
      expect(Math.abs(found[k]! - found[k - 1]! - 0.85 * fs)).toBeLessThan(0.01 * fs);
    }
  });

  test.each([
    ['a notched R', [1, 1], [0, 0.026]],
    ['a W', [-0.8, 0.35, -0.8], [0, 0.024, 0.048]],
    ['an rSR′', [0.9, -0.5, 0.9], [0, 0.03, 0.06]],
    ['the flat nadir of a QS', [-0.8, -0.5, -0.5, -0.8], [0, 0.016, 0.032, 0.048]],
  ] as const)('intervals carry no jumps between the extremes of %s', (_, heights, centers) => {
    const random = createRandom(11);
    const times = Array.from({ length: 45 }, (_, k) => 0.6 + 0.85 * k + 0.004 * random.normal());
    const events = times.map((time): Activation => {
      const QRS = heights.map((height, j) => ({
        amplitude: height * (1 + 0.05 * random.normal()),
        center: centers[j]!,
        width: 0.008,
      }));
      const T = [{ amplitude: 0.2, center: 0.3, width: 0.045 }];
      return { time, symbol: 'N', waves: { P: [], QRS, T } };
    });
    const clean = synthesizeActivations(events, 40, fs).leads[0]!.voltage;
    const voltage = clean.map(value => value + 0.01 * random.normal());
    const whole = [...detectQrs(voltage, fs)];
    const detector = createDetector(fs);
    const pieces: number[] = [];
    for (let i = 0; i < voltage.length; i += 997) pieces.push(...detector.push(voltage.subarray(i, i + 997)));
    pieces.push(...detector.finish());
    expect(pieces).toEqual(whole);
    expect(whole).toHaveLength(times.length);
    const delays = whole.map((sample, k) => sample / fs - times[k]!);
    const usual = [...delays].sort((x, y) => x - y)[delays.length >> 1]!;
    // Of the extremes at least 24 ms apart it is always the same one.
    for (const delay of delays) expect(Math.abs(delay - usual)).toBeLessThan(0.012);
  });

  test('when the other deflection becomes much the larger, the fiducial changes once and the change is reported', () => {
    const { voltage, times } = biphasic(k => (k < 20 ? 0.7 : 2.5));
    const detector = createDetector(fs);
    const found = [...detector.push(voltage), ...detector.finish()];
    const changes = detector.fiducialChanges;
    expect(changes).toHaveLength(1);
    const { lead, sample, shiftSeconds } = changes[0]!;
    expect(lead).toBe(0);
    expect(found).toContain(sample);
    expect(sample / fs).toBeGreaterThan(times[20]!);
    expect(sample / fs).toBeLessThan(times[36]!);
    expect(shiftSeconds).toBeCloseTo(0.04, 2);
  });
});
