/** The isoelectric level of a beat: the voltage before its QRS complex. */

/** Duration of the mean up to the QRS onset, ms. */
export const levelMs = 20;

/**
 * Mean voltage of the 20 ms up to the QRS onset, mV; undefined without an onset, before the start of the signal or over
 * an invalid sample.
 */
export function levelBeforeQrs(
  voltage: Float64Array,
  samplingFrequency: number,
  qrsOnset: number | undefined,
): number | undefined {
  if (qrsOnset === undefined) return undefined;
  const samples = Math.max(1, Math.round((levelMs * samplingFrequency) / 1000));
  return meanOf(voltage, qrsOnset - samples + 1, qrsOnset);
}

/** Mean from one sample to another, both included; undefined outside the signal or over an invalid sample. */
export function meanOf(voltage: Float64Array, from: number, to: number): number | undefined {
  if (from < 0 || to >= voltage.length) return undefined;
  let sum = 0;
  for (let i = from; i <= to; i++) sum += voltage[i]!;
  const mean = sum / (to - from + 1);
  return Number.isFinite(mean) ? mean : undefined;
}
