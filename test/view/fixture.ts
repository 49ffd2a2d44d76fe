/** A made-up recording whose every slope is known: each wave a Gaussian, so dV/dt has a closed form. */
import type { ReportBeat, ReportInput } from '../../src/analysis/report/report-data.ts';

interface Wave {
  /** s, of the wave's middle after the R peak. */
  readonly at: number;
  /** mV. */
  readonly amplitude: number;
  /** s, standard deviation. */
  readonly width: number;
}

const NORMAL: readonly Wave[] = [
  { at: -0.17, amplitude: 0.12, width: 0.022 },
  { at: -0.028, amplitude: -0.14, width: 0.009 },
  { at: 0, amplitude: 1.25, width: 0.0105 },
  { at: 0.03, amplitude: -0.3, width: 0.011 },
  { at: 0.27, amplitude: 0.3, width: 0.045 },
];
const VENTRICULAR: readonly Wave[] = [
  { at: 0, amplitude: 1.7, width: 0.036 },
  { at: 0.11, amplitude: -0.55, width: 0.045 },
  { at: 0.3, amplitude: -0.4, width: 0.06 },
];

const value = ({ at, amplitude, width }: Wave, t: number): number =>
  amplitude * Math.exp(-((t - at) ** 2) / (2 * width * width));
const slope = (wave: Wave, t: number): number =>
  (-(t - wave.at) / (wave.width * wave.width)) * value(wave, t);
const sum = (waves: readonly Wave[], of: (wave: Wave, t: number) => number, t: number): number =>
  waves.reduce((total, wave) => total + of(wave, t), 0);

/** A report's input over so many seconds: every fifth beat ventricular, one beat in twenty misjudged. */
export function syntheticInput(seconds: number, samplingFrequency = 360): ReportInput {
  const length = Math.round(seconds * samplingFrequency);
  const voltage = new Float64Array(length);
  const derivative = new Float64Array(length);
  const beats: ReportBeat[] = [];
  for (let n = 0, time = 0.6; time < seconds - 0.4; n++) {
    const isVentricular = n % 5 === 4;
    // Breathing: amplitudes swing by a twelfth every four seconds.
    const size = 1 + 0.08 * Math.sin((2 * Math.PI * time) / 4) + 0.03 * Math.sin(7.3 * n);
    const waves = (isVentricular ? VENTRICULAR : NORMAL).map(wave => ({
      ...wave,
      amplitude: size * wave.amplitude,
    }));
    const from = Math.max(0, Math.floor((time - 0.4) * samplingFrequency));
    const to = Math.min(length, Math.ceil((time + 0.6) * samplingFrequency));
    for (let i = from; i < to; i++) {
      voltage[i]! += sum(waves, value, i / samplingFrequency - time);
      derivative[i]! += sum(waves, slope, i / samplingFrequency - time);
    }
    const steepest = (sign: 1 | -1) => {
      let best = { time: 0, slope: 0 };
      for (let t = -0.12; t < 0.16; t += 0.0002) {
        const here = sum(waves, slope, t);
        if (sign * here > sign * best.slope && sign * t < 0) best = { time: time + t, slope: here };
      }
      return best;
    };
    const symbol = isVentricular ? 'V' : 'N';
    beats.push({
      time,
      symbol,
      class: symbol,
      upstroke: steepest(1),
      downstroke: steepest(-1),
      predicted: n % 20 === 7 ? 'S' : symbol,
      probability: n % 20 === 7 ? 0.61 : 0.97,
    });
    time += (isVentricular ? 1.05 : n % 5 === 3 ? 0.56 : 0.82) + 0.02 * Math.sin(n);
  }
  const explained = beats[4]!;
  const start = explained.time - 0.25;
  const window = Array.from(
    { length: Math.round(0.55 * samplingFrequency) },
    (_value, i) => i / samplingFrequency,
  );
  return {
    record: 'synthetic/ventricular',
    lead: { name: 'MLII', units: 'mV', samplingFrequency, startSeconds: 0, voltage, derivative },
    beats,
    provenance: 'central difference (2nd order), least-squares window 8 ms, band 0.5–150 Hz',
    training: {
      losses: Array.from({ length: 61 }, (_value, epoch) => 0.06 + 1.3 * Math.exp(-epoch / 9)),
      validationLosses: Array.from(
        { length: 60 },
        (_value, epoch) => 0.11 + 1.25 * Math.exp(-epoch / 8) + 0.0004 * epoch,
      ),
      optimizer: 'adam',
      learningRate: 0.003,
      verdict: {
        kind: 'converged',
        text: 'Converged: adam at learning rate 0.003, the loss went from 1.36 to 0.0617 in 60 epochs and the loss has converged.',
      },
    },
    confusion: {
      classes: ['N', 'S', 'V', 'F', 'Q'],
      counts: [
        [41120, 2210, 512, 350, 5],
        [380, 1402, 50, 3, 0],
        [102, 90, 2970, 55, 3],
        [60, 2, 118, 208, 0],
        [4, 0, 3, 0, 0],
      ],
    },
    explanation: {
      beatTime: explained.time,
      startSeconds: start,
      samplingFrequency,
      units: 'mV',
      voltage: window.map(t => sum(VENTRICULAR, value, t - 0.25)),
      voltageGradient: window.map(
        t =>
          0.04 * slope({ at: 0.26, amplitude: 1, width: 0.03 }, t) -
          0.12 * value({ at: 0.4, amplitude: 1, width: 0.05 }, t),
      ),
      classes: ['N', 'S', 'V', 'F', 'Q'],
      probabilities: [0.04, 0.012, 0.923, 0.0248, 0.0002],
      target: 'V',
      reasons: {
        ...{ logOdds: 2.48, typicalLogOdds: -9.1, completenessError: 0.004, kinks: ['area'] },
        smoothedGradient: window.map(t => 0.04 * slope({ at: 0.26, amplitude: 1, width: 0.04 }, t)),
        counterfactual: {
          features: {
            to: 'N',
            changes: [{ name: 'slopeCorrelation', from: 0.41, to: 0.87, deviations: 2.9 }],
          },
          voltage: {
            to: 'N',
            rmsMillivolts: 0.035,
            changed: window.map(t => 0.9 * sum(VENTRICULAR, value, t - 0.25)),
          },
        },
      },
      features: [
        { name: 'max upstroke', unit: 'mV/s', value: 28.6, gradient: -0.0021, perDeviation: -0.0651 },
        { name: 'max downstroke', unit: 'mV/s', value: -33.1, gradient: 0.0008, perDeviation: 0.032 },
        { name: 'slope / peak-to-peak', unit: '1/s', value: 13.4, gradient: -0.0046, perDeviation: -0.0828 },
        { name: 'QRS duration', unit: 'ms', value: 141, gradient: 0.0031, perDeviation: 0.0682 },
        { name: 'RR before', unit: 's', value: 0.56, gradient: -0.29, perDeviation: -0.0522 },
        { name: 'RR after', unit: 's', value: 1.05, gradient: 0.11, perDeviation: 0.022 },
        { name: 'RR before / median', unit: '', value: 0.68, gradient: -0.22, perDeviation: -0.0418 },
        { name: 'polarity', unit: '', value: 0.51, gradient: 0.031, perDeviation: 0.0124 },
      ],
    },
  };
}
