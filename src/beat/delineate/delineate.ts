/**
 * Delineation of one lead: onset, peak and offset of P, QRS and T of each beat, by models fitted to cardiologists'
 * marks (`scripts/fit-delineation.ts`; `evaluate delineation` compares them with marks). First the QRS boundaries,
 * relative to the R peak; then the peaks of T, relative to the R peak, and of P, relative to the QRS onset, each the
 * most probable turning point of the voltage; then the boundaries of both, relative to their peaks. A P wave that is
 * probably absent is omitted, and so are a wave that hardly rises above the signal around it and a flutter wave.
 */
import { withoutPacing } from '../pacing/pacing.ts';
import { fittedLine, lineSamples } from './fitted-line.ts';
import { inFlutter } from './flutter-waves.ts';
import { isPresent, logOdds, presenceFeatures } from './p-presence.ts';
import { type QrsBounds, qrsAmplitude, unpacedQrsPlaces } from './qrs-bounds.ts';
import { type QrsWaves, qrsWaves } from './qrs-waves.ts';
import { intervalsAfterQrs, intervalsBeforeQrs, type SearchInterval } from './search-intervals.ts';
import { tPeaksBeforeP } from './t-before-p.ts';
import { typicalPeaks } from './typical-peak.ts';
import { type DelineatedWave, waveBorders } from './wave-borders.ts';
import { pPeakModel, pPresenceWeights, tPeakModel } from './wave-models.ts';
import { findPeaks } from './wave-peak.ts';

/** The delineation of one beat; sample indices. */
export interface DelineatedBeat {
  /** The given R peak, sample index. */
  readonly rPeak: number;
  readonly qrs: QrsBounds;
  /** Q, R, S and R′; undefined when a bound is missing. */
  readonly qrsWaves: QrsWaves | undefined;
  /** The P wave; undefined when absent. */
  readonly p: DelineatedWave | undefined;
  readonly t: DelineatedWave | undefined;
}

/** Smallest height of a P or T wave, as a fraction of the peak-to-peak amplitude of the QRS complex. */
const leastHeight = { p: 0.015, t: 0.02 };
/** Smallest height of the smoothed P wave, as a fraction of that. */
const leastSmoothed = 0.5;
/**
 * A P wave is the flank of T where its onset is this many times as far from the voltage of its peak as its offset, on the
 * same side of it or on the other.
 */
const mostOnFlank = { same: 6, opposite: 2 };
/** Shortest time from P onset to QRS onset, ms: no atrial impulse is conducted sooner. */
export const shortestPrMs = 50;

/**
 * Delineates each beat. `lead` is in mV; pacing spikes are removed first. `rPeaks` are ascending sample indices within
 * some 12 ms of the peaks. Waves of either polarity are found. Throws `RangeError` as `qrsBounds` does.
 *
 * @example delineate(voltage, samplingFrequency, rPeaks)[1].qrs // => { onset: 327, offset: 353 }
 */
export function delineate(
  lead: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): DelineatedBeat[] {
  return delineateUnpaced(withoutPacing(lead, samplingFrequency), samplingFrequency, rPeaks);
}

/**
 * As `delineate`, for a lead without pacing spikes. `toSample` rounds the boundaries, which are estimated in fractional
 * samples. Throws `RangeError` as `qrsBounds` does.
 */
function delineateUnpaced(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  toSample: (place: number) => number = Math.round,
): DelineatedBeat[] {
  const beats = possibleBeats(voltage, samplingFrequency, rPeaks, toSample);
  const flutter = inFlutter([voltage], samplingFrequency, rPeaks);
  return withQrsWaves(
    voltage,
    samplingFrequency,
    beats.map(({ pLogOdds, ...beat }, k) =>
      isPresent(pLogOdds) && !flutter[k] ? beat : { ...beat, p: undefined },
    ),
  );
}

/** A beat whose QRS waves are not yet known. */
export type BoundedBeat = Omit<DelineatedBeat, 'qrsWaves'>;

/** The beats with the waves of their QRS complexes. `voltage` has no pacing spikes. */
export function withQrsWaves(
  voltage: Float64Array,
  samplingFrequency: number,
  beats: readonly BoundedBeat[],
): DelineatedBeat[] {
  const waves = qrsWaves(
    voltage,
    samplingFrequency,
    beats.map(({ rPeak }) => rPeak),
    beats.map(({ qrs }) => qrs),
  );
  return beats.map((beat, k) => ({ ...beat, qrsWaves: waves[k] }));
}

/** A beat with the P wave that it has if it has one, and the log-odds that it does. */
export interface PossibleBeat extends BoundedBeat {
  readonly pLogOdds: number;
}

/** The waves with these peaks that rise above the signal around them. */
function wavesAt(
  {
    borders,
    voltage,
    smooth,
    amplitudes,
  }: {
    readonly borders: ReturnType<typeof waveBorders>;
    readonly voltage: Float64Array;
    readonly smooth: Float64Array;
    readonly amplitudes: ArrayLike<number>;
  },
  wave: 'p' | 't',
  peaks: readonly (number | undefined)[],
  intervals: readonly (SearchInterval | undefined)[],
  levels?: readonly (number | undefined)[],
): (DelineatedWave | undefined)[] {
  return borders[wave](peaks, intervals, levels).map((found, k) => {
    if (found === undefined) return undefined;
    // Smoothing takes noise from the height of a broad wave, and some of the height of a narrow one.
    const [onset, offset] = [Math.round(found.onset), Math.round(found.offset)];
    const heightIn = (signal: Float64Array): number =>
      Math.abs(signal[found.peak]! - (signal[onset]! + signal[offset]!) / 2);
    const height = Math.max(heightIn(voltage), heightIn(smooth));
    const before = smooth[found.peak]! - smooth[onset]!;
    const after = smooth[found.peak]! - smooth[offset]!;
    const isOnFlank =
      Math.abs(before) > mostOnFlank[before * after < 0 ? 'opposite' : 'same'] * Math.abs(after);
    if (wave === 'p' && isOnFlank) return undefined;
    const least = leastHeight[wave] * amplitudes[k]!;
    // Noise alone may be as high as a low P wave, but not when it is smoothed.
    const isNoise = wave === 'p' && heightIn(smooth) < leastSmoothed * least;
    return height >= least && !isNoise ? found : undefined;
  });
}

/** As `delineateUnpaced`, with P waves that may be absent. */
export function possibleBeats(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  toSample: (place: number) => number,
): PossibleBeat[] {
  const places = unpacedQrsPlaces(voltage, samplingFrequency, rPeaks);
  const bounds = places.map(qrs => roundedBounds(qrs, Math.round));
  if (voltage.length < lineSamples(pPeakModel.lineMs, samplingFrequency)) {
    return places.map((qrs, k) => {
      const rounded = roundedBounds(qrs, toSample);
      return {
        rPeak: rPeaks[k]!,
        qrs: rounded,
        p: undefined,
        t: undefined,
        pLogOdds: Number.NEGATIVE_INFINITY,
      };
    });
  }
  // P and T are found with the same least-squares line.
  const line = fittedLine(voltage, samplingFrequency, pPeakModel.lineMs);
  const { smooth } = line;

  const borders = waveBorders(line, samplingFrequency, toSample);

  const amplitudes = bounds.map(qrs => qrsAmplitude(voltage, qrs));
  const found = { borders, voltage, smooth, amplitudes };
  const onsets = bounds.map(({ onset }) => onset);
  const afterQrs = intervalsAfterQrs(bounds, rPeaks, samplingFrequency, voltage.length);
  const typicalT = typicalPeaks(tPeakModel, smooth, samplingFrequency, afterQrs);
  const highestT = findPeaks(tPeakModel, line, samplingFrequency, afterQrs, typicalT);
  const tPeaks = tPeaksBeforeP(highestT, line, samplingFrequency, afterQrs, onsets);
  const tSamples = tPeaks.map(peak => peak?.point.sample);
  const beforeQrs = intervalsBeforeQrs(bounds, rPeaks, samplingFrequency, tSamples);
  const pPeaks = findPeaks(pPeakModel, line, samplingFrequency, beforeQrs);

  const pLogOdds = pPeaks.map((peak, k) => {
    const interval = beforeQrs[k];
    if (peak === undefined || interval === undefined) return Number.NEGATIVE_INFINITY;
    return logOdds(
      pPresenceWeights,
      presenceFeatures(smooth, samplingFrequency, peak, interval, amplitudes[k]!),
    );
  });
  const ps = wavesAt(
    found,
    'p',
    pPeaks.map(peak => peak?.point.sample),
    beforeQrs,
  );
  const isBeforeQrs = (p: DelineatedWave | undefined, k: number): boolean =>
    p !== undefined && onsets[k]! - p.onset >= (shortestPrMs * samplingFrequency) / 1000;
  // Without a P wave before the next complex, T may last up to that.
  const tSpans = afterQrs.map((interval, k) => {
    const next = onsets[k + 1];
    if (interval === undefined || next === undefined || next <= interval.end) return interval;
    return pPeaks[k + 1] === undefined || !isPresent(pLogOdds[k + 1]!)
      ? { ...interval, end: next }
      : interval;
  });
  const ts = wavesAt(
    found,
    't',
    tSamples,
    tSpans,
    onsets.map(onset => (onset === undefined ? undefined : smooth[onset]!)),
  );
  return places.map((qrs, k) => ({
    rPeak: rPeaks[k]!,
    qrs: roundedBounds(qrs, toSample),
    p: isBeforeQrs(ps[k], k) ? ps[k] : undefined,
    t: ts[k],
    pLogOdds: pLogOdds[k]!,
  }));
}

function roundedBounds({ onset, offset }: QrsBounds, toSample: (place: number) => number): QrsBounds {
  return {
    onset: onset === undefined ? undefined : toSample(onset),
    offset: offset === undefined ? undefined : toSample(offset),
  };
}
