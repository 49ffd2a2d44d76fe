/**
 * QRS detection when the beats of a lead differ in shape or size, or another deflection is larger than the QRS
 * complexes.
 */
import { createRandom, type Random } from '../../random.ts';
import { alternans, bigeminy, shapes, steadyRhythm, tallT } from '../../synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../synth/activation-synthesis.ts';
import { detectionFigures, summarizeDetection } from './detection-figures.ts';
import { combinations, heartGrid } from './grid.ts';
import { noisyVoltage } from './noise.ts';

const seconds = 90;

/** A rhythm, and an optional artefact that turns its voltage into one or more leads; noise is added to each lead. */
type Rhythm = { events(random: Random): Activation[]; artefact?: Artefact };
type Artefact = (voltage: Float64Array, samplingFrequency: number, random: Random) => Float64Array[];

const rhythms: Readonly<Record<string, Rhythm>> = Object.fromEntries<Rhythm>([
  ...combinations({ rate: [60, 80, 110], factor: [2, 4, 6, 8, 10, -3, -8] }).map(
    ({ rate, factor }): [string, Rhythm] => [
      `bigeminy ${rate}, ventricular beats × ${factor}`,
      { events: random => bigeminy(rate, factor, seconds, random) },
    ],
  ),
  ...combinations({ rate: [60, 75, 120], factor: [0.2, 0.3, 0.4, 0.6] }).map(
    ({ rate, factor }): [string, Rhythm] => [
      `alternans ${rate}, × ${factor}`,
      { events: random => alternans(rate, factor, seconds, random) },
    ],
  ),
  ...combinations({ rate: [50, 70, 100], factor: [1, 2, 3, -1, -2] }).map(
    ({ rate, factor }): [string, Rhythm] => [
      `T × ${factor} of R, ${rate}`,
      { events: random => tallT(rate, factor, seconds, random) },
    ],
  ),
  ...[60, 100].map((rate): [string, Rhythm] => [
    `spikes of 35 mV, R 0.3 mV, ${rate}`,
    { events: random => steadyRhythm(rate, shapes.sinus, seconds, random), artefact: spikes },
  ]),
  ...[60, 100].map((rate): [string, Rhythm] => [
    `motion artefact in one lead of two, ${rate}`,
    { events: random => steadyRhythm(rate, shapes.sinus, seconds, random), artefact: motion },
  ]),
]);

/** Scales the ECG by 0.27 and adds spikes of one to three samples about every four seconds. */
function spikes(voltage: Float64Array, samplingFrequency: number, random: Random): Float64Array[] {
  const spiked = voltage.map(value => 0.27 * value);
  for (let time = 2; time < seconds - 1; time += 2 + 4 * random.uniform()) {
    const from = Math.round(time * samplingFrequency);
    for (let i = from; i < from + Math.ceil(0.004 * samplingFrequency); i++) spiked[i]! += 35;
  }
  return [spiked];
}

/** Adds 5 Hz bursts of five times the QRS amplitude to the first of two leads, for a third of the time. */
function motion(voltage: Float64Array, samplingFrequency: number, random: Random): Float64Array[] {
  const moved = voltage.slice();
  for (let time = 12; time < seconds - 6; time += 15) {
    for (let jerk = time; jerk < time + 5; jerk += 0.15 + 0.2 * random.uniform()) {
      const size = 5 * random.normal();
      const from = Math.round((jerk - 0.2) * samplingFrequency);
      for (let i = from; i < from + 0.4 * samplingFrequency; i++) {
        moved[i]! += size * Math.exp(-(((i / samplingFrequency - jerk) / 0.03) ** 2) / 2);
      }
    }
  }
  return [moved, voltage.map(value => 0.6 * value)];
}

export const unlikeBeats = heartGrid({
  name: 'unlike-beats',
  about: 'QRS detection among unlike beats: bigeminy, alternans, tall T waves, spikes, motion artefact',
  cells: combinations({
    rhythm: Object.keys(rhythms),
    samplingFrequency: [250, 500],
    snrDb: [30, 20],
  }).map((cell, index) => ({ ...cell, seed: index + 1 })),
  measure({ rhythm, samplingFrequency, snrDb, seed }) {
    const random = createRandom(seed);
    const { events, artefact } = rhythms[rhythm]!;
    const heart = synthesizeActivations(events(random), seconds, samplingFrequency);
    const voltage = noisyVoltage(heart, snrDb, seed);
    const leads = artefact === undefined ? [voltage] : artefact(voltage, samplingFrequency, random);
    return detectionFigures(
      leads,
      samplingFrequency,
      heart.beats.map(beat => beat.rPeak.sample),
    );
  },
  summarize: summarizeDetection,
});
