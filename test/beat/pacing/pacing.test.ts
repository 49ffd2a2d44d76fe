/** Pacing spikes of known place, height and tail, on a paced beat of known shape; and signals that have none. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectQrs, detectQrsMultiLead } from '../../../src/beat/detect/detect-qrs.ts';
import { findPacingSpikes, leadsWithoutPacing, removePacingSpikes } from '../../../src/beat/pacing/pacing.ts';
import { measureSlopes } from '../../../src/beat/slopes/measure-slopes.ts';
import { createRandom } from '../../../src/random.ts';
import { addPacingStimulus } from '../../../src/synth/pacing-stimulus.ts';
import { beatAt, sampled, type Wave } from '../gaussian-waves.ts';

/** P, a wide notched complex that begins about 80 ms before `at`, and a T wave against it. */
const pacedBeatAt = (at: number): Wave[] => [
  { amplitude: 0.12, centre: at - 0.22, width: 0.022 },
  { amplitude: 0.7, centre: at - 0.02, width: 0.02 },
  { amplitude: 0.9, centre: at + 0.025, width: 0.024 },
  { amplitude: -0.35, centre: at + 0.36, width: 0.06 },
];

const beats = Array.from({ length: 20 }, (_, k) => 0.8 + 0.9 * k);
const seconds = 19;
const noisyBeats = (fs: number, noise = 0.005, beatOf = pacedBeatAt): Float64Array => {
  const random = createRandom(3);
  return sampled(beats.flatMap(beatOf), Math.round(seconds * fs), fs).map(v => v + noise * random.normal());
};
/** Atrial 60 ms before P, ventricular as the complex begins. */
const places = {
  atrial: (t: number) => [t - 0.34],
  ventricular: (t: number) => [t - 0.09],
  'dual-chamber': (t: number) => [t - 0.34, t - 0.09],
};
const largest = (a: Float64Array, b: Float64Array, from: number, to: number): number => {
  let most = 0;
  for (let i = from; i < to; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

describe.each([250, 360, 500, 1000, 2000])('at %i Hz', fs => {
  const clean = noisyBeats(fs);
  const truePeaks = detectQrs(clean, fs);
  const trueBeats = measureSlopes(clean, fs, truePeaks).beats;

  describe.each(['atrial', 'ventricular', 'dual-chamber'] as const)('%s pacing', chamber => {
    const stimulusKinds: readonly (readonly [number, number, number])[] = [
      [1, 0, 1],
      [-3, 0, 1],
      [20, 0, 1],
      [-2, 0.2, 8],
      [3, 0.15, 12],
      [-20, 0.1, 6],
    ];
    const holds = (amplitude: number, tail: number, tauMs: number): void => {
      const voltage = clean.slice();
      const random = createRandom(5);
      const stimuli = beats
        .flatMap(places[chamber])
        .map(t => ({ at: t + random.uniform() / fs, amplitude, widthMs: 2, tail, tauMs }));
      for (const stimulus of stimuli) addPacingStimulus(voltage, fs, stimulus);
      const spikes = findPacingSpikes(voltage, fs);
      // One in fifty may fall between two samples so that it has no more curvature than a notch.
      expect(spikes.length).toBeGreaterThanOrEqual(0.97 * stimuli.length);
      for (const { sample, amplitude: found, widthMs, onset, end } of spikes) {
        expect(stimuli.filter(({ at }) => Math.abs(sample / fs - at) < 0.006).length).toBe(1);
        expect(Math.sign(found)).toBe(Math.sign(amplitude));
        expect(widthMs).toBeLessThanOrEqual(25);
        expect(onset).toBeLessThan(sample);
        expect(end).toBeGreaterThan(sample);
      }
      const without = removePacingSpikes(voltage, spikes);
      for (const { onset } of spikes) {
        expect(largest(without, voltage, onset - Math.round(0.02 * fs), onset + 1)).toBe(0);
      }
      const peaks = detectQrs(voltage, fs);
      expect(peaks.length).toBe(truePeaks.length);
      const ms = (samples: number): number => Math.abs(samples / fs) * 1000;
      for (const [k, beat] of measureSlopes(voltage, fs, peaks).beats.entries()) {
        const exact = trueBeats[k]!;
        expect(ms(peaks[k]! - truePeaks[k]!)).toBeLessThan(15);
        if (exact.qrsOnset === undefined || k === 0) continue;
        expect(ms(beat.qrsOnset! - exact.qrsOnset)).toBeLessThan(20);
        expect(ms(beat.qrsOffset! - exact.qrsOffset!)).toBeLessThan(15);
        expect(Math.abs(beat.upstroke!.slope / exact.upstroke!.slope - 1)).toBeLessThan(0.3);
      }
    };
    for (const [amplitude, tail, tauMs] of stimulusKinds) {
      test(`of ${amplitude} mV with a tail of ${tail} over ${tauMs} ms is found, and the complex is measured without it`, () =>
        holds(amplitude, tail, tauMs));
    }
  });
});

describe('findPacingSpikes', () => {
  test.each([250, 360, 500, 1000, 2000])(
    'finds none in beats, narrow or wide, with or without noise, at %i Hz',
    fs => {
      for (const noise of [0, 0.005, 0.05]) {
        for (const beatOf of [beatAt, pacedBeatAt, (t: number) => beatAt(t, 5)]) {
          expect(findPacingSpikes(noisyBeats(fs, noise, beatOf), fs)).toEqual([]);
        }
      }
    },
  );

  test('changes with no gain, offset or polarity', () => {
    const voltage = noisyBeats(500);
    for (const t of beats)
      addPacingStimulus(voltage, 500, { at: t - 0.09, amplitude: 2, widthMs: 1, tail: 0, tauMs: 1 });
    const base = findPacingSpikes(voltage, 500).map(({ sample }) => sample);
    expect(base.length).toBe(beats.length);
    for (const changed of [voltage.map(v => -v), voltage.map(v => 1000 * v), voltage.map(v => v + 100)]) {
      expect(findPacingSpikes(changed, 500).map(({ sample }) => sample)).toEqual(base);
    }
  });

  test('there are none below 240 Hz, in a step, on a flat line or among invalid samples', () => {
    const spike = new Float64Array(500);
    spike[250] = 1;
    expect(findPacingSpikes(spike, 500).length).toBe(1);
    expect(findPacingSpikes(spike, 200)).toEqual([]);
    expect(findPacingSpikes(new Float64Array(500).fill(1, 250), 500)).toEqual([]);
    expect(findPacingSpikes(new Float64Array(500), 500)).toEqual([]);
    const invalid = spike.slice();
    invalid[252] = Number.NaN;
    expect(findPacingSpikes(invalid, 500)).toEqual([]);
    expect(findPacingSpikes(new Float64Array(0), 500)).toEqual([]);
    expect(() => findPacingSpikes(spike, 0)).toThrow(RangeError);
  });

  test('whatever comes: spikes in order that do not overlap, and the input is unchanged', () => {
    const sample = fc.oneof(fc.double({ min: -5, max: 5 }), fc.constantFrom(Number.NaN, Infinity, 0, 30));
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 300 }), fc.constantFrom(250, 500, 1000), (values, fs) => {
        const voltage = Float64Array.from(values);
        const copy = voltage.slice();
        let last = -1;
        for (const { onset, sample: at, end } of findPacingSpikes(voltage, fs)) {
          expect(last <= onset && onset < at && at < end && end < voltage.length).toBe(true);
          last = end;
        }
        expect(voltage).toEqual(copy);
      }),
    );
  });
});

describe('removePacingSpikes and leadsWithoutPacing', () => {
  test('return what has no spikes as it is', () => {
    const voltage = noisyBeats(500);
    expect(removePacingSpikes(voltage, findPacingSpikes(voltage, 500))).toBe(voltage);
    const leads = [voltage, voltage.map(v => -v)];
    expect(leadsWithoutPacing(leads, 500)).toBe(leads);
  });

  test('a stimulus that two leads show is bridged in the third, where it is too small to be found', () => {
    const fs = 500;
    const clean = noisyBeats(fs, 0.002);
    const leads = [1, 0.8, 0.06].map(size => {
      const lead = clean.slice();
      for (const t of beats) {
        addPacingStimulus(lead, fs, { at: t - 0.09, amplitude: 3 * size, widthMs: 1, tail: 0, tauMs: 1 });
      }
      return lead;
    });
    expect(findPacingSpikes(leads[2]!, fs).length).toBeLessThan(beats.length);
    for (const lead of leadsWithoutPacing(leads, fs)) {
      for (const t of beats) {
        const at = Math.round((t - 0.09) * fs);
        expect(largest(lead, clean, at - 10, at + 3)).toBeLessThan(0.04);
      }
    }
    expect(detectQrsMultiLead(leads, fs).length).toBe(beats.length);
  });
});

test('a stimulus sampled without anti-aliasing, anywhere between two samples, hides no beat', () => {
  const fs = 250;
  const clean = noisyBeats(fs);
  const expected = detectQrs(clean, fs);
  for (const amplitude of [4, -2]) {
    const paced = clean.slice();
    const stimuli = beats.map((t, k) => t - 0.09 + k / (beats.length * fs));
    for (const at of stimuli) {
      for (let i = Math.round(at * fs) - 2; i <= Math.round(at * fs) + 2; i++) {
        paced[i]! += amplitude * Math.exp(-(((i / fs - at) / 0.0012) ** 2) / 2);
      }
    }
    expect(findPacingSpikes(paced, fs).length).toBeGreaterThanOrEqual(0.95 * stimuli.length);
    const found = detectQrs(paced, fs);
    expect(found).toHaveLength(expected.length);
    for (const [k, sample] of expected.entries()) {
      expect(Math.abs(found[k]! - sample)).toBeLessThanOrEqual(0.015 * fs);
    }
  }
});

describe.each([250, 360, 500, 1000])('rectangular pulses of 10 to 20 ms at %i Hz', fs => {
  test.each([-0.8, 0.5, 3])('of %f mV, as recorders draw them, are spikes and not beats', amplitude => {
    const clean = noisyBeats(fs);
    const voltage = clean.slice();
    const random = createRandom(7);
    const stimuli = beats.map(t => ({
      from: Math.round((t - 0.09) * fs),
      count: Math.max(3, Math.round((0.01 + 0.009 * random.uniform()) * fs)),
    }));
    for (const { from, count } of stimuli) {
      // Recorders leave a notch of a sample in the pulse.
      for (let i = 0; i < count; i++) voltage[from + i]! += amplitude * (i === 1 ? 0.7 : 1);
    }
    const spikes = findPacingSpikes(voltage, fs);
    expect(spikes.map(({ onset }) => onset)).toEqual(stimuli.map(({ from }) => from - 1));
    expect(spikes.map(({ onset, end }) => end - onset - 1)).toEqual(stimuli.map(({ count }) => count));
    expect(detectQrs(voltage, fs).length).toBe(beats.length);
    expect(largest(removePacingSpikes(voltage, spikes), clean, 0, clean.length)).toBeLessThan(0.12);
  });
});
