/**
 * Lesson 2: the slope. Difference quotients Δy/Δx on real QRS complexes as Δx approaches the sampling interval, and
 * the effect of noise.
 */
import { createRandom } from '../../random.ts';
import { type Figures, type LessonInputs, shown } from './lesson-inputs.ts';

/** A beat of the recording, in a window around its steepest upstroke sample. */
export interface ShownBeat {
  readonly kind: 'normal' | 'ventricular';
  /** Number of the beat, from 0. */
  readonly beat: number;
  /** Voltage in mV, and the index in it of the steepest sample of the upstroke. */
  readonly voltage: Float64Array;
  readonly steepest: number;
  readonly samplingFrequency: number;
  /** The library's upstroke slope, mV/s. */
  readonly slope: number;
}

/** Two beats of the excerpt that the sample model classifies with high confidence, one normal and one ventricular. */
const shownBeats = { normal: 105, ventricular: 114 } as const;
const [beforeMs, afterMs] = [120, 200];

/** The voltage (mV) of one of the two beats, from 120 ms before to 200 ms after its steepest upstroke sample. */
export function shownBeat({ beats, slopes }: LessonInputs, kind: ShownBeat['kind']): ShownBeat {
  const { samplingFrequency, voltage } = beats;
  const upstroke = slopes.beats[shownBeats[kind]]!.upstroke!;
  const from = upstroke.sample - Math.round((beforeMs * samplingFrequency) / 1000);
  return {
    ...{ kind, beat: shownBeats[kind], samplingFrequency, slope: upstroke.slope },
    voltage: voltage.slice(from, upstroke.sample + Math.round((afterMs * samplingFrequency) / 1000)),
    steepest: upstroke.sample - from,
  };
}

/** Δy/Δx between samples `from` and `to`, mV/s. */
export const secantSlope = (
  voltage: Float64Array,
  samplingFrequency: number,
  from: number,
  to: number,
): number => ((voltage[to]! - voltage[from]!) * samplingFrequency) / (to - from);

/** Half-widths of the secants in the table, samples. */
const halfWidths = [18, 9, 4, 2, 1] as const;

/** Standard deviation of the added noise, mV. */
export const noiseMillivolts = 0.02;
const trials = 2000;

/** The voltage with added white noise of standard deviation `deviation` (mV). */
export function withWhiteNoise(voltage: Float64Array, deviation: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return voltage.map(value => value + deviation * random.normal());
}

/** Standard deviation, over many noise realisations, of the secant slope about the steepest sample, mV/s. */
function spreadOf({ voltage, samplingFrequency, steepest }: ShownBeat, half: number): number {
  const slopes = Array.from({ length: trials }, (_, seed) =>
    secantSlope(
      withWhiteNoise(voltage.slice(steepest - half, steepest + half + 1), noiseMillivolts, seed),
      samplingFrequency,
      0,
      2 * half,
    ),
  );
  const middle = slopes.reduce((sum, value) => sum + value, 0) / trials;
  return Math.sqrt(slopes.reduce((sum, value) => sum + (value - middle) ** 2, 0) / trials);
}

/** The numbers quoted in lesson 2. */
export function secantFigures(inputs: LessonInputs): Figures {
  const [normal, ventricular] = [shownBeat(inputs, 'normal'), shownBeat(inputs, 'ventricular')];
  const rate = normal.samplingFrequency;
  const figures: Record<string, string> = {
    rate: shown(rate, 0),
    'normal-slope': shown(normal.slope, 0),
    'ventricular-slope': shown(ventricular.slope, 0),
  };
  halfWidths.forEach(half => {
    const name = `${2 * half}`;
    figures[`ms-${name}`] = shown((2000 * half) / rate, 1);
    for (const each of [normal, ventricular]) {
      const { voltage, steepest } = each;
      figures[`${each.kind}-${name}`] = shown(
        secantSlope(voltage, rate, steepest - half, steepest + half),
        1,
      );
    }
    figures[`noise-${name}`] = shown(spreadOf(normal, half), 2);
    figures[`noise-theory-${name}`] = shown((noiseMillivolts * Math.SQRT2 * rate) / (2 * half), 2);
  });
  return figures;
}
