/** One condition of the study: a synthetic ECG measured by every estimator and compared with its exact slopes. */
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { parseScheme } from '../../src/diff/scheme.ts';
import { zeroPhaseBand } from '../../src/signal/filter.ts';
import { standardLead } from '../../src/synth/leads.ts';
import { levelsForSnr, withNoise } from '../../src/synth/noise.ts';
import { synthesize } from '../../src/synth/synthesize.ts';

export interface Condition {
  /** Hz. */
  readonly samplingFrequency: number;
  /** Signal-to-noise ratio, dB; undefined for no noise. */
  readonly snrDb: number | undefined;
  /** Cut-off of the low-pass, Hz; undefined for none. */
  readonly lowPassHz: number | undefined;
  /** QRS width relative to the normal width. */
  readonly stretch: number;
}

/** Errors of the steepest up- and downstrokes relative to the exact ones, percent. */
export interface EstimatorError extends Condition {
  readonly estimator: string;
  readonly count: number;
  /** Number of strokes without a measured slope. */
  readonly missing: number;
  readonly biasPercent: number;
  readonly sdPercent: number;
}

export const schemes = [
  'central2',
  'central4',
  'central6',
  'pan-tompkins',
  'sg:8ms:2',
  'sg:12ms:2',
  'sg:12ms:4',
  'sg:16ms:4',
  'sg:24ms:4',
];
const lineWindows = [4, 8, 12, 20];

/** The estimators by name: a scheme for the steepest dV/dt, `line:8ms` for the least-squares line over 8 ms. */
export const estimators = [...schemes, ...lineWindows.map(ms => `line:${ms}ms`)];

/** Proportions of the kinds of noise, before scaling to the signal-to-noise ratio. */
const noise = { muscle: 1, white: 0.3 };

/** The errors of each estimator that is applicable at this sampling frequency. */
export function studyCondition(condition: Condition, seconds: number, seed: number): EstimatorError[] {
  const { samplingFrequency, snrDb, lowPassHz, stretch } = condition;
  const clean = synthesize({
    samplingFrequency,
    seconds,
    seed,
    leads: [standardLead('II'), standardLead('V5')],
    premature: { ventricular: 0.15, supraventricular: 0 },
    slowConduction: [stretch, stretch],
    beatVariation: 0.05,
  });
  const ecg = snrDb === undefined ? clean : withNoise(clean, levelsForSnr(clean, noise, snrDb, seed), seed);
  const errors = new Map<string, { found: number[]; missing: number }>();
  const note = (estimator: string, measured: number | undefined, exact: number): void => {
    const entry = errors.get(estimator) ?? { found: [], missing: 0 };
    errors.set(estimator, entry);
    if (measured === undefined) entry.missing++;
    else entry.found.push(100 * (measured / exact - 1));
  };
  for (const [index, lead] of ecg.leads.entries()) {
    const { length } = lead.voltage;
    const voltage =
      lowPassHz === undefined
        ? lead.voltage
        : zeroPhaseBand({ highCutHz: lowPassHz }, 2, length, samplingFrequency).apply(lead.voltage);
    // Complete beats, with a margin on either side.
    const beats = ecg.beats.filter(
      ({ rPeak }) => rPeak.time > 0.5 && rPeak.time < length / samplingFrequency - 0.6,
    );
    const rPeaks = beats.map(beat => Math.round(beat.leads[index]!.rPeak.time * samplingFrequency));
    for (const [s, text] of schemes.entries()) {
      const scheme = parseScheme(text);
      const tooFew =
        scheme.kind === 'savitzky-golay' && (scheme.windowMs * samplingFrequency) / 1000 + 1 < scheme.degree;
      const windowMs = lineWindows[s];
      if (tooFew) continue;
      const measured = measureSlopes(voltage, samplingFrequency, rPeaks, {
        scheme,
        ...(windowMs === undefined ? {} : { windowMs }),
      }).beats;
      for (const [k, { upstroke, downstroke }] of measured.entries()) {
        const truth = beats[k]!.leads[index]!;
        note(text, upstroke?.slope, truth.upstroke.slope);
        note(text, downstroke?.slope, truth.downstroke.slope);
        if (windowMs === undefined) continue;
        note(`line:${windowMs}ms`, upstroke?.lineSlope, truth.upstroke.slope);
        note(`line:${windowMs}ms`, downstroke?.lineSlope, truth.downstroke.slope);
      }
    }
  }
  return estimators.flatMap((estimator): EstimatorError[] => {
    const entry = errors.get(estimator);
    if (entry === undefined || entry.found.length === 0) return [];
    const { found, missing } = entry;
    const bias = found.reduce((sum, error) => sum + error, 0) / found.length;
    const variance = found.reduce((sum, error) => sum + (error - bias) ** 2, 0) / found.length;
    const result = { count: found.length, missing, biasPercent: bias, sdPercent: Math.sqrt(variance) };
    return [{ ...condition, estimator, ...result }];
  });
}
