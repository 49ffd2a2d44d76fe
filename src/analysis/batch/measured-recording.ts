/** What is known of a recording after it was measured, beside the rows of its beats. */
import type { Cell } from './columns.ts';

/** Summary of a recording after all its leads are measured. */
export interface MeasuredRecording {
  readonly container: string;
  /** Hz */
  readonly samplingFrequency: number;
  /** Duration, s; undefined if it can only be determined by reading to the end. */
  readonly duration: number | undefined;
  readonly leads: readonly string[];
  readonly beats: number;
  readonly beatsFrom: string;
  /** Number of beats of good signal quality, summed over the leads; undefined if quality was not measured. */
  readonly good: number | undefined;
  readonly warnings: readonly string[];
  /** The warnings by the measure that gave them; those of the recording itself under the empty name. */
  readonly notes: Readonly<Record<string, readonly string[]>>;
  /** The values of `recordColumns`. */
  readonly values: readonly Cell[];
}
