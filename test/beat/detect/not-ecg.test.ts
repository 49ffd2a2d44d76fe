/**
 * What is not ECG gives no beat, and hides none beside it: calibration pulses, lost signal, and saturation, at four
 * sampling frequencies. The ECG is seeded and its beats are known.
 */
import { describe, expect, test } from 'vitest';
import { detectQrs } from '../../../src/beat/detect/detect-qrs.ts';
import { ecg, noise, plus } from '../without-qrs-signals.ts';

/** Puts an artefact into the voltage; returns its interval, s. */
interface Case {
  make(voltage: Float64Array, fs: number): { readonly from: number; readonly to: number };
}

const seconds = 40;
/** A beat nearer than this to a jump of several millivolts may be hidden by it, s. */
const beside = 0.25;

function pulses(count: number, decay: number): Case {
  return {
    make(voltage, fs) {
      const to = 0.4 * count + 0.3;
      voltage.fill(0, 0, Math.round(to * fs));
      let level = 0;
      let before = 0;
      for (let i = 0; i < voltage.length && i < (to + 3 * decay) * fs; i++) {
        const t = i / fs;
        const k = Math.floor((t - 0.2) / 0.4);
        const value = t >= 0.2 && k < count && t - 0.2 - 0.4 * k < 0.2 ? 1 : 0;
        // A high-pass filter of first order with this time constant.
        level = decay === 0 ? value : (level + value - before) * Math.exp(-1 / (decay * fs));
        before = value;
        voltage[i]! += level;
      }
      return { from: 0, to };
    },
  };
}

function lost(length: number, value: number): Case {
  return {
    make(voltage, fs) {
      voltage.fill(value, 20 * fs, Math.round((20 + length) * fs));
      return { from: 20, to: 20 + length };
    },
  };
}

/** At one rail or alternating between both every `period` s, with noise of this deviation on the rail. */
function saturation(length: number, period: number, deviation: number): Case {
  return {
    make(voltage, fs) {
      const rough = noise(fs, length, deviation || 1).map(value => (deviation === 0 ? 0 : value));
      for (let i = 0; i < rough.length; i++) {
        const rail = period > 0 && Math.floor(i / fs / period) % 2 === 1 ? -5 : 5;
        voltage[20 * fs + i] = rail + rough[i]!;
      }
      return { from: 20, to: 20 + length };
    },
  };
}

const cases: Record<string, Case> = Object.fromEntries([
  ...[1, 2, 3].flatMap(count =>
    [0, 0.3, 1].map((decay): [string, Case] => [
      `${count} calibration pulses of 1 mV and 200 ms${decay === 0 ? '' : `, time constant ${decay} s`}`,
      pulses(count, decay),
    ]),
  ),
  ...[0.05, 0.15, 0.3, 0.65, 1, 2.5, 6, 12].flatMap(length =>
    [0, 0.4, -2, Number.NaN].map((value): [string, Case] => [
      `${length} s lost, replaced by ${value}`,
      lost(length, value),
    ]),
  ),
  ...[0.5, 2, 8].flatMap(length =>
    [0, 0.002, 0.02].flatMap(deviation =>
      [0, 0.7].map((period): [string, Case] => [
        `${length} s of saturation at ${period === 0 ? 'one rail' : 'both rails in turn'}, noise ${deviation} mV`,
        saturation(length, period, deviation),
      ]),
    ),
  ),
]);

describe.each([250, 360, 500, 1000])('at %i Hz', fs => {
  const { voltage, rPeaks } = ecg(fs, seconds);
  const noisy = plus(voltage, noise(fs, seconds, 0.004));

  test.each(Object.entries(cases))('%s', (_, { make }) => {
    const signal = noisy.slice();
    const { from, to } = make(signal, fs);
    const found = [...detectQrs(signal, fs)].map(sample => sample / fs);
    expect(found.filter(time => time > from - 0.06 && time < to + 0.06 && !isBeat(time))).toEqual([]);
    const whole = rPeaks
      .map(sample => sample / fs)
      .filter(time => (time < from - beside || time > to + beside) && time < seconds - 0.1);
    const missed = whole.filter(time => !found.some(other => Math.abs(other - time) < 0.05));
    const extra = found.filter(time => (time < from || time > to) && !isBeat(time));
    expect({ missed, extra }).toEqual({ missed: [], extra: [] });

    function isBeat(time: number): boolean {
      return rPeaks.some(sample => Math.abs(sample / fs - time) < 0.05 && (time < from || time > to));
    }
  });
});
