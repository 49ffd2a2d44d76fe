/**
 * Heart-rate variability in the frequency domain, with the bands of the Task Force, Circulation 93:1043–1065, 1996. The
 * power spectrum is either the Lomb–Scargle periodogram of the unevenly spaced intervals (`lombScargle`) or Welch's
 * estimate after resampling to an even rate.
 */
import { lombScargle, type Spectrum } from '../../signal/lomb-scargle.ts';
import { powerSpectrum } from '../../signal/spectrum.ts';
import { mean } from '../../statistics.ts';
import type { RrInterval } from './rr-intervals.ts';
import { isAsLongAs, type RrSegment, shortTerm, spanOf } from './segments.ts';

/**
 * Power in each frequency band, s². VLF needs a recording of five minutes, LF of two minutes and HF of one; a band that
 * needs a longer recording is undefined.
 */
export interface FrequencyDomain {
  /** Very low frequency, 0.003–0.04 Hz, s². */
  readonly vlf: number | undefined;
  /** Low frequency, 0.04–0.15 Hz, s². */
  readonly lf: number | undefined;
  /** High frequency, 0.15–0.4 Hz, s². */
  readonly hf: number;
  readonly lfOverHf: number | undefined;
  /** LF and HF in normalised units: each as a fraction (0 to 1) of LF + HF. */
  readonly lfNu: number | undefined;
  readonly hfNu: number | undefined;
  /** Number of segments averaged, and their duration, s. */
  readonly segments: number;
  readonly segmentDuration: number;
  /** Mean power spectral density of the segments, s²/Hz, up to 0.4 Hz. */
  readonly spectrum: Spectrum;
}

const bands = { vlf: [0.003, 0.04], lf: [0.04, 0.15], hf: [0.15, 0.4] } as const;
const highest = bands.hf[1];
/** Shortest recording for each band, s. */
const needed = { vlf: shortTerm, lf: 120, hf: 60 } as const;

/**
 * Band powers from Lomb–Scargle periodograms averaged over the segments; undefined without a segment of at least one
 * minute.
 */
export function lombDomain(segments: readonly RrSegment[]): FrequencyDomain | undefined {
  const used = segments.filter(({ nn }) => nn.length >= 3);
  const spectra = used.map(({ nn }) =>
    lombScargle(
      Float64Array.from(nn, ({ time }) => time),
      Float64Array.from(nn, ({ duration }) => duration),
      highest,
    ),
  );
  if (spectra.length === 0) return undefined;
  const duration = used[0]!.duration;
  const meanNn = mean(used.flatMap(({ nn }) => nn.map(interval => interval.duration)));
  const power = (band: keyof typeof bands): number =>
    mean(spectra.map(spectrum => bandPower(spectrum, bands[band])));
  return domainOf(power, meanSpectrum(spectra, duration), duration, meanNn, spectra.length);
}

/** Resampling frequency, Hz, and longest segment of Welch's method, s. */
const evenRate = 4;
const segmentSeconds = 256;
/** Longest gap between NN intervals across which they are interpolated, s. */
const longestHole = 5;

/**
 * Band powers from Welch's method: Hann window, 50 % overlap, segments of 256 s (in a shorter recording, the largest
 * power of two of samples that fits). The NN intervals are interpolated linearly at 4 Hz; gaps of more than 5 s between
 * them are left out. Undefined for less than a minute, or when no segment is free of gaps.
 */
export function welchDomain(intervals: readonly RrInterval[]): FrequencyDomain | undefined {
  const nn = intervals.filter(({ isNormal }) => isNormal);
  if (nn.length < 3) return undefined;
  const span = spanOf(nn);
  const even = resampled(nn);
  const segment = 2 ** Math.floor(Math.log2(Math.min(even.length, segmentSeconds * evenRate)));
  if (segment < 4) return undefined;
  const spectrum = powerSpectrum(even, evenRate, segment / evenRate);
  if (!Number.isFinite(spectrum.density[0])) return undefined;
  const count = Math.floor(highest / spectrum.resolution) + 1;
  const shown = {
    ...spectrum,
    frequency: spectrum.frequency.subarray(0, count),
    density: spectrum.density.subarray(0, count),
  };
  const power = (band: keyof typeof bands): number => bandPower(spectrum, bands[band]);
  const segments = Math.floor((even.length - segment) / (segment / 2)) + 1;
  const meanNn = mean(nn.map(({ duration }) => duration));
  const domain = domainOf(power, shown, span, meanNn, segments);
  return domain && { ...domain, segmentDuration: segment / evenRate };
}

/** The NN intervals interpolated linearly at 4 Hz, from the end of the first interval on, s; NaN within gaps. */
function resampled(nn: readonly RrInterval[]): Float64Array {
  const begin = nn[0]!.time;
  const even = new Float64Array(Math.floor((nn.at(-1)!.time - begin) * evenRate) + 1);
  let k = 0;
  for (let i = 0; i < even.length; i++) {
    const time = begin + i / evenRate;
    while (k + 2 < nn.length && nn[k + 1]!.time < time) k++;
    const [a, b] = [nn[k]!, nn[k + 1]!];
    const hole = b.time - a.time - b.duration;
    const weight = (time - a.time) / (b.time - a.time);
    even[i] = hole > longestHole ? Number.NaN : a.duration + weight * (b.duration - a.duration);
  }
  return even;
}

function domainOf(
  power: (band: keyof typeof bands) => number,
  spectrum: Spectrum,
  duration: number,
  meanNn: number,
  segments: number,
): FrequencyDomain | undefined {
  const has = (band: keyof typeof bands): boolean => isAsLongAs(duration, needed[band], meanNn);
  if (!has('hf')) return undefined;
  const lf = has('lf') ? power('lf') : undefined;
  const hf = power('hf');
  const both = lf === undefined ? 0 : lf + hf;
  return {
    vlf: has('vlf') ? power('vlf') : undefined,
    lf,
    hf,
    lfOverHf: lf === undefined || hf === 0 ? undefined : lf / hf,
    lfNu: both === 0 ? undefined : lf! / both,
    hfNu: both === 0 ? undefined : hf / both,
    segments,
    segmentDuration: duration,
    spectrum,
  };
}

/** Integral of the density over `[low, high)` Hz, in the squared unit of the input. */
function bandPower(
  { frequency, density, resolution }: Spectrum,
  [low, high]: readonly [number, number],
): number {
  let sum = 0;
  for (let i = 0; i < frequency.length; i++) {
    if (frequency[i]! >= low && frequency[i]! < high) sum += density[i]! * resolution;
  }
  return sum;
}

/** Mean of spectra with slightly different frequency grids, on a grid with a spacing of 1/(4·duration) Hz. */
function meanSpectrum(spectra: readonly Spectrum[], duration: number): Spectrum {
  const resolution = 1 / (4 * duration);
  const frequency = Float64Array.from(
    { length: Math.floor(highest / resolution) },
    (_, k) => (k + 1) * resolution,
  );
  const density = frequency.map(f =>
    mean(
      spectra.map(spectrum => {
        const at = Math.round(f / spectrum.resolution) - 1;
        return spectrum.density[Math.min(Math.max(at, 0), spectrum.density.length - 1)]!;
      }),
    ),
  );
  return { frequency, resolution, density };
}

/** Shortest total duration of NN intervals for a long-term (24 h) analysis by the Task Force's recommendation, s. */
const longTerm = 18 * 3600;
/** NN intervals are averaged in bins of this duration, s, which loses less than 2 % of the power at 0.003 Hz. */
const binSeconds = 20;

/**
 * Ultra-low-frequency power (up to 0.003 Hz), s²; undefined for less than 18 hours of NN intervals. Just the mean is
 * taken out: a line over the day would take most of the circadian rhythm with it.
 */
export function ultraLowPower(intervals: readonly RrInterval[]): number | undefined {
  const nn = intervals.filter(({ isNormal }) => isNormal);
  if (nn.reduce((sum, { duration }) => sum + duration, 0) < longTerm) return undefined;
  const bins = new Map<number, number[]>();
  for (const { time, duration } of nn) {
    const bin = Math.floor(time / binSeconds);
    const values = bins.get(bin) ?? [];
    bins.set(bin, values);
    values.push(duration);
  }
  const time = Float64Array.from(bins.keys(), bin => (bin + 0.5) * binSeconds);
  const value = Float64Array.from(bins.values(), mean);
  return bandPower(lombScargle(time, value, bands.vlf[0], 'mean'), [0, bands.vlf[0]]);
}
