/** The inputs of a model of the waveform: the same at every sampling frequency, in the units they state, differentiable. */
import { describe, expect, test } from 'vitest';
import { beatInputNames, createBeatInputs, describeInputs } from '../../src/beat/beat-inputs.ts';
import { beatFeatureNames, beatFeatures, windowOf } from '../../src/beat/features/beat-features.ts';
import { waveformLength } from '../../src/beat/features/waveform-inputs.ts';
import { wholeLead } from '../../src/beat/lead-part.ts';
import { rhythmFeatures } from '../../src/beat/rhythm-estimate/rhythm-features.ts';
import { vjp } from '../../src/diff/grad.ts';
import { full } from '../../src/diff/tensor.ts';
import { createRandom } from '../../src/random.ts';

/** QRS complexes and T waves every 0.8 s, 1 mV high at R, on a level of 0.3 mV; every seventh is wide. */
const voltageAt = (t: number): number => {
  const beat = Math.round(t / 0.8);
  const wide = beat % 7 === 3;
  const u = t - 0.8 * beat;
  return (
    0.3 + Math.exp(-0.5 * (u / (wide ? 0.03 : 0.012)) ** 2) + 0.2 * Math.exp(-0.5 * ((u - 0.25) / 0.04) ** 2)
  );
};

function inputsAt(samplingFrequency: number) {
  const voltage = Float64Array.from({ length: 32 * samplingFrequency }, (_, i) =>
    voltageAt(i / samplingFrequency),
  );
  const rPeaks = Int32Array.from({ length: 38 }, (_, beat) =>
    Math.round(0.8 * (beat + 1) * samplingFrequency),
  );
  const features = beatFeatures(voltage, samplingFrequency, rPeaks);
  const rhythm = rhythmFeatures(voltage, rPeaks, features);
  const inputs = createBeatInputs(beatInputNames, features, rhythm, rPeaks);
  inputs.add(wholeLead(voltage));
  return { voltage, features, rhythm, rPeaks, x: inputs.x };
}
const row = ({ x }: { x: { data: Float64Array; shape: readonly number[] } }, beat: number): Float64Array =>
  x.data.subarray(beat * x.shape[1]!, (beat + 1) * x.shape[1]!);

const wideBeat = 16; // the beat at 17 · 0.8 s: 17 mod 7 = 3
const usualBeat = 12;

describe('waveform inputs', () => {
  const at1000 = inputsAt(1000);

  test('are the voltage from the isoelectric level, in amplitudes of the typical beat, at the times in their names', () => {
    const amplitude = at1000.features.typical.peakToPeak;
    const values = row(at1000, usualBeat);
    for (const k of [0, 20, 40, 44, 45, 46, 60, 90, waveformLength - 1]) {
      const ms = Number(/^voltage at (-?[\d.]+) ms$/.exec(beatInputNames[k]!.name)![1]);
      // The mean over 1/180 s of the waveform itself, by a fine sum.
      let mean = 0;
      for (let i = 0; i < 200; i++)
        mean += voltageAt(0.8 * 13 + ms / 1000 + ((i + 0.5) / 200 - 0.5) / 180) / 200;
      expect(Math.abs(values[k]! - (mean - 0.3) / amplitude)).toBeLessThan(0.003);
    }
  });

  test('deviate from the typical beat where a beat is unlike it, and not where it is like it', () => {
    const deviation = (beat: number): number =>
      Math.max(
        ...row(at1000, beat)
          .subarray(waveformLength, 2 * waveformLength)
          .map(Math.abs),
      );
    expect(deviation(usualBeat)).toBeLessThan(0.01);
    expect(deviation(wideBeat)).toBeGreaterThan(0.4);
  });

  // Within the change of the voltage over half a sample, to which R peaks are aligned.
  test.each([250, 360, 500])('are those of 1000 Hz at %d Hz', samplingFrequency => {
    const other = inputsAt(samplingFrequency);
    for (const beat of [usualBeat, wideBeat]) {
      const [a, b] = [row(at1000, beat), row(other, beat)];
      for (let k = 0; k < 2 * waveformLength; k++) expect(Math.abs(a[k]! - b[k]!)).toBeLessThan(0.12);
    }
  });

  test('are NaN, and only those, of a beat over invalid samples', () => {
    const { voltage, features, rhythm, rPeaks } = at1000;
    const holed = voltage.slice();
    holed[rPeaks[usualBeat]! - 5] = Number.NaN;
    const inputs = createBeatInputs(beatInputNames, features, rhythm, rPeaks);
    inputs.add(wholeLead(holed));
    expect(
      row(inputs, usualBeat)
        .subarray(0, 2 * waveformLength)
        .every(Number.isNaN),
    ).toBe(true);
    expect(row(inputs, usualBeat + 1).every(Number.isFinite)).toBe(true);
  });
});

describe('describeInputs', () => {
  const { voltage, features, rhythm, x } = inputsAt(360);
  const window = windowOf(voltage, features, wideBeat);

  test('gives the row of the beat, in the order of the names asked for', () => {
    const names = [beatInputNames.at(-1)!, beatInputNames[7]!, beatFeatureNames[3]!, beatInputNames[150]!];
    const all = row({ x }, wideBeat);
    const expected = names.map(({ name }) => all[beatInputNames.findIndex(input => input.name === name)]!);
    const described = describeInputs(names, features, rhythm, wideBeat)(window).data;
    described.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k]!, 12);
    });
    expect(() => describeInputs([{ name: 'none', unit: '' }], features, rhythm, 0)).toThrow(
      /no beat input 'none'/,
    );
  });

  test('its gradient is that of finite differences', () => {
    const random = createRandom(3);
    const input = describeInputs(beatInputNames, features, rhythm, wideBeat);
    const { value, pullback } = vjp(input, window);
    const weights = full([value.data.length], 0);
    for (let k = 0; k < 2 * waveformLength; k++) weights.data[k] = random.normal();
    const gradient = pullback(weights)[0]!.data;
    const along = Float64Array.from(window.data, () => random.normal());
    const at = (h: number): number =>
      input({ ...window, data: window.data.map((v, i) => v + h * along[i]!) }).data.reduce(
        (total, v, k) => total + v * weights.data[k]!,
        0,
      );
    const slope = gradient.reduce((total, g, i) => total + g * along[i]!, 0);
    expect((at(1e-4) - at(-1e-4)) / 2e-4).toBeCloseTo(slope, 6);
  });
});
