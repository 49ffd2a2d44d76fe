/** The stimulus of a pacemaker as a recorder keeps it: a rectangular pulse, and what leaks away after it. */

/** One stimulus. */
export interface PacingStimulus {
  /** s. */
  readonly at: number;
  /** mV, signed. */
  readonly amplitude: number;
  readonly widthMs: number;
  /** What is left at its end, as a part of the amplitude, and the time constant of its decay, ms. */
  readonly tail: number;
  readonly tauMs: number;
}

/** Adds a stimulus to `voltage` (mV), in place: each sample is its mean over one sampling interval. */
export function addPacingStimulus(
  voltage: Float64Array,
  samplingFrequency: number,
  { at, amplitude, widthMs, tail, tauMs }: PacingStimulus,
): void {
  const [width, tau] = [widthMs / 1000, tauMs / 1000];
  const integral = (t: number): number => {
    if (t <= 0) return 0;
    if (t < width) return amplitude * t;
    return amplitude * (width + tail * tau * (1 - Math.exp((width - t) / tau)));
  };
  const from = Math.max(0, Math.floor((at - 0.01) * samplingFrequency));
  const to = Math.min(voltage.length, Math.ceil((at + 8 * tau + 0.01) * samplingFrequency));
  for (let i = from; i < to; i++) {
    const [begin, end] = [(i - 0.5) / samplingFrequency - at, (i + 0.5) / samplingFrequency - at];
    voltage[i]! += (integral(end) - integral(begin)) * samplingFrequency;
  }
}
