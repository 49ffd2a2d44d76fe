/**
 * Estimates the sampling frequency from a column of printed, and therefore rounded, times.
 *
 * At 360 Hz, times with three decimals increase by 3, 3, 2 ms, so a single difference is off by up to 28 %. All
 * frequencies for which every printed time is within its rounding error are possible; the one with the fewest digits is
 * chosen.
 */

/**
 * The frequency (Hz) between `low` and `high` with the fewest digits: the only integer or, if there is none, the
 * shortest decimal. Undefined if several integers are possible.
 *
 * @example
 * roundestFrequency(359.9, 360.2); // => 360
 */
export function roundestFrequency(low: number, high: number): number | undefined {
  const from = low * (1 - 1e-12);
  const to = high * (1 + 1e-12);
  const first = Math.ceil(from);
  const last = Math.floor(to);
  if (first <= last) return first === last ? first : undefined;
  const middle = (low + high) / 2;
  for (let digits = 1; digits <= 12; digits++) {
    const rounded = Number(middle.toFixed(digits));
    if (rounded >= from && rounded <= to) return rounded;
  }
  return middle;
}

/** Common sampling frequencies, Hz, preferred if a short table leaves several integers possible. */
const usualRates = [
  50, 100, 120, 125, 128, 150, 180, 200, 240, 250, 256, 300, 320, 360, 400, 480, 500, 512, 600, 720, 750, 800,
  960, 1000, 1024, 1200, 1250, 1500, 2000, 2048, 2400, 2500, 4000, 4096, 5000, 8000, 8192, 10000,
] as const;

/** The first irregularity in the times of a table. */
export interface TimeFault {
  readonly index: number;
  readonly expected: string;
  readonly found: string;
  /** Whether samples appear to be missing: the time advances by more than one step. */
  readonly isGap: boolean;
}

/** Missing samples: how many, and the row that follows them. */
export interface Gap {
  readonly row: number;
  readonly lost: number;
}

/**
 * Estimates the sampling frequency (Hz) from `times` (s, at least two), each rounded to a multiple of `quantum` (s).
 * Returns a `TimeFault` for a step that deviates from the median step by more than half of it (rows missing, repeated
 * or out of order), or if the mean step differs from the median. Undefined if the table is too short to decide.
 */
export function samplingFrequencyOf(times: Float64Array, quantum: number): number | TimeFault | undefined {
  const last = times.length - 1;
  const origin = times[0]!;
  const { steps, median } = stepsOf(times);
  const mean = (times[last]! - origin) / last;
  const float = 4 * Number.EPSILON * Math.max(Math.abs(origin), Math.abs(times[last]!));
  const rounding = quantum + float;
  const bad = steps.findIndex(step => !(Math.abs(step - median) <= median / 2 + rounding));
  if (bad >= 0 || !(mean > 0)) {
    const expected = median > 0 ? `a step of ${short(median)}` : 'increasing times';
    const step = steps[Math.max(bad, 0)]!;
    return { index: Math.max(bad, 0) + 1, expected, found: short(step), isGap: median > 0 && step > median };
  }
  if (Math.abs(mean - median) > 0.05 * median + rounding) {
    return {
      index: last,
      expected: `steps of ${short(median)} on average`,
      found: short(mean),
      isGap: false,
    };
  }
  let { shortest, longest } = stepsWithin(times, rounding);
  if (shortest > longest) {
    // No step is compatible with the rounding of all times: the clock jitters, and the jitter replaces the rounding
    // error.
    const jitter = times.reduce((most, time, i) => Math.max(most, Math.abs(time - origin - i * mean)), 0);
    shortest = mean - (2 * jitter) / last;
    longest = mean + (2 * jitter) / last;
  }
  const only = shortest > 0 ? roundestFrequency(1 / longest, 1 / shortest) : undefined;
  if (only !== undefined) return only;
  const even = Math.round(1 / mean);
  if (even > 0 && steps.every(step => Math.abs(step - 1 / even) <= float)) return even;
  const usual = usualRates.filter(rate => {
    const first = Math.round(origin * rate);
    return times.every((time, i) => Math.abs(time - (first + i) / rate) <= quantum / 2 + float);
  });
  return usual.length === 1 ? usual[0] : undefined;
}

const short = (seconds: number): string => `${Number(seconds.toPrecision(6))} s`;

/**
 * The shortest and longest step for which every time is within `rounding` of its nominal value; shortest > longest if
 * there is none.
 */
function stepsWithin(times: Float64Array, rounding: number): { shortest: number; longest: number } {
  let shortest = 0;
  let longest = Infinity;
  for (let i = 1; i < times.length; i++) {
    const elapsed = times[i]! - times[0]!;
    shortest = Math.max(shortest, (elapsed - rounding) / i);
    longest = Math.min(longest, (elapsed + rounding) / i);
  }
  return { shortest, longest };
}

/** The steps between times, and the median one. */
function stepsOf(times: Float64Array): { steps: Float64Array; median: number } {
  const steps = Float64Array.from({ length: times.length - 1 }, (_, i) => times[i + 1]! - times[i]!);
  return { steps, median: steps.toSorted()[steps.length >> 1]! };
}

/** The median step between at least two times. */
export const medianStep = (times: Float64Array): number => stepsOf(times).median;

/** Mean absolute deviation of the steps from the median step, relative to it: 0 for evenly spaced times. */
export function unevenness(times: Float64Array): number {
  if (times.length < 2) return 0;
  const { steps, median } = stepsOf(times);
  if (!(median > 0)) return Number.MAX_VALUE;
  return steps.reduce((sum, step) => sum + Math.abs(step - median), 0) / (steps.length * median);
}

/**
 * Estimates the sampling frequency of times with gaps, and locates the gaps: steps of more than 1.5 median steps. The
 * frequency is that of the longest run without a gap, unless `said` (Hz) is given. Times that do not increase are a
 * fault.
 */
export function gapsIn(
  times: Float64Array,
  quantum: number,
  said: number | undefined,
): { samplingFrequency: number | TimeFault | undefined; gaps: Gap[] } {
  const { steps, median } = stepsOf(times);
  const isGap = (step: number): boolean => step > 1.5 * median + quantum;
  const back = steps.findIndex(step => !isGap(step) && !(Math.abs(step - median) <= median / 2 + quantum));
  if (back >= 0 || !(median > 0)) {
    const index = Math.max(back, 0);
    const found = short(steps[index]!);
    const fault = { index: index + 1, expected: 'increasing times', found, isGap: false };
    return { samplingFrequency: fault, gaps: [] };
  }
  const { from, to } = longestRun(steps, isGap);
  const timed = samplingFrequencyOf(times.slice(from, to), quantum);
  const samplingFrequency = said ?? (typeof timed === 'object' ? undefined : timed);
  if (samplingFrequency === undefined) return { samplingFrequency: timed, gaps: [] };
  const gaps = [...steps].flatMap((step, i) => {
    const lost = isGap(step) ? Math.round(step * samplingFrequency) - 1 : 0;
    return lost > 0 ? [{ row: i + 1, lost }] : [];
  });
  return { samplingFrequency: timed, gaps };
}

/** The rows `[from, to)` of the longest run without a gap; at least two, since the median step is not a gap. */
function longestRun(steps: Float64Array, isGap: (step: number) => boolean): { from: number; to: number } {
  let longest = { from: 0, to: 0 };
  let from = 0;
  for (let row = 1; row <= steps.length + 1; row++) {
    if (row <= steps.length && !isGap(steps[row - 1]!)) continue;
    if (row - from > longest.to - longest.from) longest = { from, to: row };
    from = row;
  }
  return longest;
}
