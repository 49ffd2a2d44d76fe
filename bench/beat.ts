/**
 * `npm run bench beat`: QRS detection, and detection with slopes, over a lead of 650,000 samples at 360 Hz, against a
 * plain 15-tap FIR loop over the same lead. All are run in turn; the fastest run of each counts.
 */
import { detectQrs } from '../src/beat/detect/detect-qrs.ts';
import { measureSlopes } from '../src/beat/slopes/measure-slopes.ts';
import { standardLead } from '../src/synth/leads.ts';
import { levelsForSnr, withNoise } from '../src/synth/noise.ts';
import { synthesize } from '../src/synth/synthesize.ts';

const samplingFrequency = 360;
const samples = 650_000;
const rounds = 30;
const seed = 1;

const ecg = synthesize({
  samplingFrequency,
  seconds: samples / samplingFrequency,
  seed,
  leads: [standardLead('II')],
  premature: { ventricular: 0.05, supraventricular: 0.05 },
});
const levels = levelsForSnr(ecg, { baselineWander: 1, muscle: 1, white: 0.2 }, 18, seed);
const voltage = withNoise(ecg, levels, seed).leads[0]!.voltage;

const taps = Float64Array.from({ length: 15 }, (_, i) => 1 / (i + 1));
const filtered = new Float64Array(voltage.length);
const fir = (): void => {
  for (let n = taps.length - 1; n < voltage.length; n++) {
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += taps[k]! * voltage[n - k]!;
    filtered[n] = sum;
  }
};

const works = {
  '15-tap FIR': fir,
  detection: () => detectQrs(voltage, samplingFrequency),
  'detection and slopes': () =>
    measureSlopes(voltage, samplingFrequency, detectQrs(voltage, samplingFrequency)),
};
const fastest = new Map<string, number>();
for (let round = 0; round < rounds; round++) {
  for (const [name, work] of Object.entries(works)) {
    const start = performance.now();
    work();
    fastest.set(name, Math.min(fastest.get(name) ?? Number.POSITIVE_INFINITY, performance.now() - start));
  }
}

const beats = detectQrs(voltage, samplingFrequency).length;
console.log(
  `${voltage.length} samples at ${samplingFrequency} Hz, ${beats} beats; fastest of ${rounds} runs\n`,
);
for (const [name, milliseconds] of fastest) {
  const perSample = ((milliseconds * 1e6) / voltage.length).toFixed(1);
  const perSecond = (voltage.length / milliseconds / 1000).toFixed(1);
  const ratio = (milliseconds / fastest.get('15-tap FIR')!).toFixed(2);
  console.log(
    `${name.padEnd(22)}${perSample.padStart(7)} ns/sample  ${perSecond.padStart(6)} million samples/s  ${ratio.padStart(5)} × FIR`,
  );
}
