/**
 * Noise of ECG recordings, each kind at a given root mean square in mV: baseline wander, muscle, mains, electrode
 * motion, white. It is added to a synthetic ECG without changing the ground truth.
 */
import { InputError } from '../input-error.ts';
import { createRandom, type Random } from '../random.ts';
import { derivedLimbLeads } from './leads.ts';
import { spectralProcess } from './spectral-process.ts';
import type { SyntheticEcg, SyntheticLead } from './synthesize.ts';

/** Root mean square of each kind of noise over the record, mV, in each independent lead. 0 or absent: none. */
export interface NoiseLevels {
  /** Below 0.5 Hz, with a power falling as 1/f². */
  readonly baselineWander?: number;
  /** Electromyogram: see `muscleDensity`. */
  readonly muscle?: number;
  /** A sinusoid at `mainsHz` and its third harmonic at a fifth of the amplitude, both slowly amplitude-modulated. */
  readonly mains?: number;
  /** Mains frequency, Hz; default 50. */
  readonly mainsHz?: number;
  /** Steps at random times, one in five seconds on average, rising in 20 ms and decaying in 0.3 s (time constants). */
  readonly electrodeMotion?: number;
  /** Independent between samples: amplifier and converter noise. */
  readonly white?: number;
}

/** Index of the first random stream for noise, one stream per lead, separate from those of the beats. */
const firstStream = 16;

/**
 * The ECG with noise added to `voltage`; `clean`, `derivative` and the beats are unchanged. Leads get independent
 * noise, except that III, aVR, aVL and aVF get the combination of that of I and II when both are present, so that
 * Einthoven's law holds for the noise too (their root mean squares follow from it). Throws `RangeError` for a negative
 * level.
 *
 * @example
 * const ecg = synthesize({ samplingFrequency: 360, seconds: 10, seed: 1, leads: [standardLead('II')] });
 * const { voltage, clean } = withNoise(ecg, { white: 0.05 }, 1).leads[0];
 * (Math.hypot(...voltage.map((v, k) => v - clean[k])) / Math.sqrt(voltage.length)).toFixed(3) // => '0.050'
 */
export function withNoise(ecg: SyntheticEcg, levels: NoiseLevels, seed: number): SyntheticEcg {
  for (const [kind, level] of Object.entries(levels)) {
    if (!(level >= 0 && Number.isFinite(level)))
      throw new InputError(`noise ${kind} is 0 or more, not ${level}`);
  }
  const noises = new Map<string, Float64Array>();
  ecg.leads.forEach((lead, index) => {
    const random = createRandom(seed, firstStream + index);
    noises.set(lead.name, leadNoise(levels, lead.voltage.length, ecg.samplingFrequency, random));
  });
  const [i, ii] = [noises.get('I'), noises.get('II')];
  const noiseOf = (lead: SyntheticLead): Float64Array => {
    const weights = derivedLimbLeads.get(lead.name);
    if (weights === undefined || i === undefined || ii === undefined) return noises.get(lead.name)!;
    return i.map((value, n) => weights[0] * value + weights[1] * ii[n]!);
  };
  return {
    ...ecg,
    leads: ecg.leads.map(lead => {
      const noise = noiseOf(lead);
      return { ...lead, voltage: lead.voltage.map((value, n) => value + noise[n]!) };
    }),
  };
}

/**
 * `levels` scaled by one factor for all leads, so that the ECG gets the signal-to-noise ratio `snrDb` as the Noise
 * Stress Test defines it (Moody, Muldrow & Mark 1984): 10 log₁₀(S/N), S = P²/8 with P the mean peak-to-peak
 * amplitude of the normal QRS within 50 ms of its peak, N the mean square of the noise; both are averaged over the
 * leads. Throws `RangeError` when all levels are 0 or there is no beat.
 *
 * @example
 * const ecg = synthesize({ samplingFrequency: 360, seconds: 30, seed: 1, leads: [standardLead('II')] });
 * const { muscle } = levelsForSnr(ecg, { muscle: 1 }, 12, 1);
 * const { muscle: louder } = levelsForSnr(ecg, { muscle: 1 }, 6, 1);
 * louder / muscle // => 1.9952…
 */
export function levelsForSnr(
  ecg: SyntheticEcg,
  levels: NoiseLevels,
  snrDb: number,
  seed: number,
): NoiseLevels {
  const noisy = withNoise(ecg, levels, seed);
  let noisePower = 0;
  for (const [index, lead] of noisy.leads.entries()) {
    const before = ecg.leads[index]!.voltage;
    noisePower += meanSquare(lead.voltage.map((value, n) => value - before[n]!));
  }
  const signalPower = ecg.leads.reduce((sum, lead, index) => sum + qrsSize(ecg, lead, index) ** 2 / 8, 0);
  if (!(noisePower > 0 && signalPower > 0)) {
    throw new InputError('a signal-to-noise ratio needs both a beat and some noise');
  }
  const factor = Math.sqrt(signalPower / noisePower / 10 ** (snrDb / 10));
  const scaled = (level: number | undefined): number => (level ?? 0) * factor;
  return {
    baselineWander: scaled(levels.baselineWander),
    muscle: scaled(levels.muscle),
    mains: scaled(levels.mains),
    mainsHz: levels.mainsHz ?? 50,
    electrodeMotion: scaled(levels.electrodeMotion),
    white: scaled(levels.white),
  };
}

/** Mean peak-to-peak amplitude of the normal beats of a lead (of all beats when none is normal), mV. */
function qrsSize(ecg: SyntheticEcg, lead: SyntheticLead, index: number): number {
  const normal = ecg.beats.filter(beat => beat.symbol === 'N');
  const beats = normal.length > 0 ? normal : ecg.beats;
  let sum = 0;
  for (const beat of beats) {
    const peak = beat.leads[index]!.rPeak.time;
    const from = Math.max(Math.ceil((peak - 0.05) * ecg.samplingFrequency), 0);
    const window = lead.clean.subarray(from, Math.floor((peak + 0.05) * ecg.samplingFrequency) + 1);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of window) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high > low) sum += high - low;
  }
  return beats.length === 0 ? 0 : sum / beats.length;
}

const meanSquare = (x: Float64Array): number => x.reduce((sum, value) => sum + value * value, 0) / x.length;

function leadNoise(levels: NoiseLevels, length: number, fs: number, random: Random): Float64Array {
  const total = new Float64Array(length);
  const add = (level: number | undefined, make: () => Float64Array): void => {
    if (!level) return;
    const noise = make();
    const factor = level / Math.sqrt(meanSquare(noise));
    // A record too short to contain any noise of this kind (no electrode step, say) gets none.
    if (!Number.isFinite(factor)) return;
    for (let n = 0; n < length; n++) total[n]! += factor * noise[n]!;
  };
  add(levels.baselineWander, () =>
    coloured(f => (f >= 0.02 && f <= 0.5 ? 1 / (f * f) : 0), length, fs, random),
  );
  add(levels.muscle, () => coloured(muscleDensity, length, fs, random));
  add(levels.mains, () => mainsHum(levels.mainsHz ?? 50, length, fs, random));
  add(levels.electrodeMotion, () => electrodeSteps(length, fs, random));
  add(levels.white, () => Float64Array.from({ length }, () => random.normal()));
  return total;
}

/** The first `length` samples of a process of at least 100 s, so that slow noise has its slow components. */
function coloured(density: (f: number) => number, length: number, fs: number, random: Random): Float64Array {
  const whole = 2 ** Math.ceil(Math.log2(Math.max(length, 100 * fs, 2)));
  return spectralProcess(density, whole, fs, random).subarray(0, length);
}

/**
 * Power spectral density of the surface electromyogram, up to a factor (Shwedyk, Balasubramanian & Scott 1977, IEEE
 * Trans Biomed Eng 24:417–424): f_h⁴ f² / ((f² + f_l²)(f² + f_h²)²), with f_l = 60 Hz and f_h = 120 Hz.
 */
export function muscleDensity(f: number): number {
  const [low, high] = [60, 120];
  return (high ** 4 * f * f) / ((f * f + low * low) * (f * f + high * high) ** 2);
}

function mainsHum(mainsHz: number, length: number, fs: number, random: Random): Float64Array {
  const phase = 2 * Math.PI * random.uniform();
  const third = 2 * Math.PI * random.uniform();
  const swell = 2 * Math.PI * random.uniform();
  // A recorder with a sampling frequency below twice the mains frequency would not have recorded it.
  const base = mainsHz < fs / 2 ? 1 : 0;
  const harmonic = 3 * mainsHz < fs / 2 ? 0.2 : 0;
  return Float64Array.from({ length }, (_, n) => {
    const t = n / fs;
    const envelope = 1 + 0.3 * Math.sin(2 * Math.PI * 0.05 * t + swell);
    const angle = 2 * Math.PI * mainsHz * t;
    return envelope * (base * Math.sin(angle + phase) + harmonic * Math.sin(3 * angle + third));
  });
}

function electrodeSteps(length: number, fs: number, random: Random): Float64Array {
  const noise = new Float64Array(length);
  // A step of the electrode, its rise smoothed: the difference of two exponentials.
  const [fall, rise] = [Math.exp(-1 / (0.3 * fs)), Math.exp(-1 / (0.02 * fs))];
  const chance = 1 / (5 * fs);
  let slow = 0;
  let fast = 0;
  for (let n = 0; n < length; n++) {
    slow *= fall;
    fast *= rise;
    if (random.uniform() < chance) {
      const step = random.normal();
      slow += step;
      fast += step;
    }
    noise[n] = slow - fast;
  }
  return noise;
}
