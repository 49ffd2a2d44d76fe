/** MIT annotation files (`.atr`, `.qrs`, …): what was found where, by whom. */

/** One annotation. */
export interface Annotation {
  /** Sample index in the record (at the record's sampling frequency), from 0. */
  readonly sample: number;
  /** Mnemonic, e.g. `N`, `V`, `+`. */
  readonly symbol: string;
  readonly subtype: number;
  readonly channel: number;
  readonly num: number;
  /** Auxiliary text, e.g. `(AFIB`; empty when there is none. */
  readonly aux: string;
}
