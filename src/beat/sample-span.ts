/** A half-open span of samples, `[start, end)`: sample indices. */
export interface SampleSpan {
  readonly start: number;
  readonly end: number;
}
