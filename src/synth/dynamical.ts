/**
 * The dynamical model of McSharry, Clifford, Tarassenko & Smith 2003 (IEEE Trans Biomed Eng 50:289–294): a point on
 * a limit cycle in the (x, y) plane, one turn a beat, pushed up and down by events at the angles of P, Q, R, S and T:
 *
 *   ẋ = αx − ωy,  ẏ = αy + ωx,  α = 1 − √(x² + y²),  ω = 2π/RR(t)
 *   ż = −Σ aᵢ Δθᵢ exp(−Δθᵢ²/2bᵢ²) − (z − z₀(t)),  Δθᵢ = (θ − θᵢ) wrapped to (−π, π],  θ = atan2(y, x)
 *   z₀(t) = A sin(2π f₂ t)
 *
 * integrated by the classical fourth-order Runge–Kutta method with a fixed step; z is scaled linearly so that its
 * range over the record is −0.4 to 1.2 mV. Written from the paper's equations. Where we follow the published
 * program's defaults instead of the paper's Table I: the angles (−70°, −15°, 0°, 15°, 100° at 60 beats/min) and
 * their change with heart rate h = √(HR/60), θ·(√h, h, 1, h, √h) and b·h; and A = 0.005 in units of z, which the
 * scaling turns into about 0.15 mV, the paper's figure. Where we deviate from both: RR is read at each R and kept to
 * the next, from a tachogram sampled at 4 Hz instead of 1 Hz; the record starts half a cycle before an R.
 */
import { InputError } from '../input-error.ts';
import { createRandom } from '../random.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { createTachogram, type HeartRate, heartRateSpectrum, rrAt } from './tachogram.ts';

/** An event on the limit cycle that deflects z. */
export interface CycleEvent {
  readonly name: 'P' | 'Q' | 'R' | 'S' | 'T';
  /** Angle θᵢ, rad; R is 0. */
  readonly angle: number;
  /** Strength aᵢ, dimensionless. */
  readonly strength: number;
  /** Angular width bᵢ, rad. */
  readonly width: number;
}

const degree = Math.PI / 180;

/** The five default events, at 60 beats/min. */
export const cycleEvents: readonly CycleEvent[] = [
  { name: 'P', angle: -70 * degree, strength: 1.2, width: 0.25 },
  { name: 'Q', angle: -15 * degree, strength: -5, width: 0.1 },
  { name: 'R', angle: 0, strength: 30, width: 0.1 },
  { name: 'S', angle: 15 * degree, strength: -7.5, width: 0.1 },
  { name: 'T', angle: 100 * degree, strength: 0.75, width: 0.4 },
];

/** Parameters of the dynamical model. */
export interface DynamicalOptions {
  /** Sampling frequency, Hz. */
  readonly samplingFrequency: number;
  /** Duration, s. */
  readonly seconds: number;
  readonly seed: number;
  /** Heart rate; default 60 ± 1 beats/min, LF/HF 0.5. */
  readonly heartRate?: HeartRate;
  /** Events at 60 beats/min; default `cycleEvents`. */
  readonly events?: readonly CycleEvent[];
  /** A, in units of z. Default 0.005. */
  readonly baselineAmplitude?: number;
}

/** The result of integrating the dynamical model. */
export interface DynamicalEcg {
  /** Hz. */
  readonly samplingFrequency: number;
  /** Voltage, mV: z scaled to −0.4 … 1.2. */
  readonly voltage: Float64Array;
  /** z as integrated, dimensionless. */
  readonly z: Float64Array;
  /** Times at which θ passes 0, the angle of R, s. */
  readonly rTimes: readonly number[];
}

/** The integration step is the longest integer fraction of a sampling interval that does not exceed this, s. */
const longestStep = 1 / 512;

/** The events shifted and widened for a mean heart rate (beats/min). */
export function eventsAtRate(events: readonly CycleEvent[], meanHeartRate: number): CycleEvent[] {
  const h = Math.sqrt(meanHeartRate / 60);
  const move = { P: Math.sqrt(h), Q: h, R: 1, S: h, T: Math.sqrt(h) };
  return events.map(event => ({ ...event, angle: event.angle * move[event.name], width: event.width * h }));
}

/**
 * Integrates the model of McSharry et al. 2003: voltage in mV, R peaks in s. Throws `RangeError` for an invalid duration, sampling frequency, event or baseline amplitude.
 *
 * @example
 * integrateDynamicalModel({ samplingFrequency: 250, seconds: 10, seed: 1 }).rTimes.length // => 10
 */
export function integrateDynamicalModel(options: DynamicalOptions): DynamicalEcg {
  const { samplingFrequency, seconds, seed, baselineAmplitude = 0.005 } = options;
  requireSamplingFrequency(samplingFrequency);
  const length = Math.round(seconds * samplingFrequency);
  if (!(length >= 2 && length < 2 ** 31)) {
    throw new InputError(`${seconds} s at ${samplingFrequency} Hz is not a length to integrate`);
  }
  const heartRate = options.heartRate ?? { mean: 60, sd: 1, lfHfRatio: 0.5 };
  const tachogram = createTachogram(heartRate, seconds, createRandom(seed));
  const events = eventsAtRate(options.events ?? cycleEvents, heartRate.mean);
  requireEvents(events);
  if (!Number.isFinite(baselineAmplitude)) {
    throw new InputError(`the baseline amplitude must be finite, not ${baselineAmplitude}`);
  }

  const stepsPerSample = Math.max(Math.ceil(1 / (samplingFrequency * longestStep)), 1);
  const dt = 1 / (samplingFrequency * stepsPerSample);
  const zDot = zDerivative(events, baselineAmplitude);

  const zs = new Float64Array(length);
  const rTimes: number[] = [];
  // Starts opposite R, so that the first beat is complete, with z at its equilibrium.
  let [x, y, z] = [-1, 0, 0];
  let omega = (2 * Math.PI) / rrAt(tachogram, 0);
  for (let n = 0; n < length; n++) {
    zs[n] = z;
    for (let k = 0; k < stepsPerSample; k++) {
      const t = (n * stepsPerSample + k) * dt;
      const h = 0.5 * dt;

      // The four slopes of Runge–Kutta: at the start, twice in the middle, and at the end of the step.
      const a1 = 1 - Math.sqrt(x * x + y * y);
      const x1 = a1 * x - omega * y;
      const y1 = a1 * y + omega * x;
      const z1 = zDot(x, y, z, t);

      const xb = x + h * x1;
      const yb = y + h * y1;
      const a2 = 1 - Math.sqrt(xb * xb + yb * yb);
      const x2 = a2 * xb - omega * yb;
      const y2 = a2 * yb + omega * xb;
      const z2 = zDot(xb, yb, z + h * z1, t + h);

      const xc = x + h * x2;
      const yc = y + h * y2;
      const a3 = 1 - Math.sqrt(xc * xc + yc * yc);
      const x3 = a3 * xc - omega * yc;
      const y3 = a3 * yc + omega * xc;
      const z3 = zDot(xc, yc, z + h * z2, t + h);

      const xd = x + dt * x3;
      const yd = y + dt * y3;
      const a4 = 1 - Math.sqrt(xd * xd + yd * yd);
      const x4 = a4 * xd - omega * yd;
      const y4 = a4 * yd + omega * xd;
      const z4 = zDot(xd, yd, z + dt * z3, t + dt);

      const before = Math.atan2(y, x);
      x += (dt / 6) * (x1 + 2 * x2 + 2 * x3 + x4);
      y += (dt / 6) * (y1 + 2 * y2 + 2 * y3 + y4);
      z += (dt / 6) * (z1 + 2 * z2 + 2 * z3 + z4);
      const after = Math.atan2(y, x);

      // θ is nearly linear within a step, so linear interpolation finds the time at which it passed R.
      if (before < 0 && after >= 0) {
        const rTime = t + (dt * before) / (before - after);
        rTimes.push(rTime);
        omega = (2 * Math.PI) / rrAt(tachogram, rTime);
      }
    }
  }
  return { samplingFrequency, voltage: scaledToMillivolts(zs), z: zs, rTimes };
}

/** Throws `RangeError` for an event without a positive width, or with an infinite angle or strength. */
function requireEvents(events: readonly CycleEvent[]): void {
  if (events.some(event => !(event.width > 0))) throw new InputError('an event must have a positive width');
  if (events.some(event => !Number.isFinite(event.angle + event.strength))) {
    throw new InputError('an event must have a finite angle and strength');
  }
}

/** ż as a function of x, y, z and t. */
function zDerivative(
  events: readonly CycleEvent[],
  baselineAmplitude: number,
): (x: number, y: number, z: number, t: number) => number {
  const angle = Float64Array.from(events, event => event.angle);
  const strength = Float64Array.from(events, event => event.strength);
  const width = Float64Array.from(events, event => event.width);
  const breathing = 2 * Math.PI * heartRateSpectrum.hfHz;
  return (x, y, z, t) => {
    const theta = Math.atan2(y, x);
    let push = 0;
    for (let i = 0; i < angle.length; i++) {
      let d = theta - angle[i]!;
      if (d > Math.PI) d -= 2 * Math.PI;
      else if (d <= -Math.PI) d += 2 * Math.PI;
      push += strength[i]! * d * Math.exp((-d * d) / (2 * width[i]! * width[i]!));
    }
    return -push - (z - baselineAmplitude * Math.sin(breathing * t));
  };
}

/** Scales linearly to −0.4 … 1.2 mV; all −0.4 when z is constant. */
function scaledToMillivolts(z: Float64Array): Float64Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of z) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = high > low ? 1.6 / (high - low) : 0;
  return z.map(value => -0.4 + scale * (value - low));
}
