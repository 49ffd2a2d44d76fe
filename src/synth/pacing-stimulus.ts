/** A pacemaker stimulus as it appears in a recording: a rectangular pulse followed by an exponential decay. */

/** Parameters of one stimulus. */
export interface PacingStimulus {
  /** Time of the start of the pulse, s. */
  readonly at: number;
  /** Amplitude of the pulse, mV, signed. */
  readonly amplitude: number;
  readonly widthMs: number;
  /** Amplitude of the decay at the end of the pulse, as a fraction of `amplitude`, and its time constant, ms. */
  readonly tail: number;
  readonly tauMs: number;
}

/**
 * Adds a stimulus to `voltage` (mV), in place: each sample gets the mean of the stimulus over one sampling interval.
 * `samplingFrequency` is in Hz.
 */
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
