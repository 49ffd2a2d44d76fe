/** A record: a header and the samples of its signals, all or a window of them. */

/** One signal (lead) of a record. */
export interface Signal {
  /** Description from the header, e.g. `MLII`. */
  readonly name: string;
  /** Physical units, e.g. `mV`. */
  readonly units: string;
  /** Hz, of this signal's samples as they are in `adc` and `physical`. */
  readonly samplingFrequency: number;
  /** ADC units per physical unit; 200 where the header gives none (then `calibrated` is false). */
  readonly adcGain: number;
  /** The ADC value that stands for 0 physical units. */
  readonly baseline: number;
  readonly calibrated: boolean;
  /** Sample values in ADC units; an invalid sample keeps its format's invalid code. */
  readonly adc: Int32Array;
  /** Sample values in physical units (mV for ECG): (adc − baseline) / adcGain, NaN where invalid. */
  readonly physical: Float64Array;
}

/** Samples of one or more signals over the same stretch of time. */
export interface Recording {
  /** Record name as asked for, e.g. `mitdb/100`. */
  readonly name: string;
  /** Hz; frames per second. */
  readonly samplingFrequency: number;
  /** Index in the whole record of the first frame held here (0 unless a window was asked for). */
  readonly start: number;
  /** Frames held here. */
  readonly length: number;
  readonly signals: readonly Signal[];
  /** Info strings (comments) of the header, without the `#`. */
  readonly comments: readonly string[];
}
