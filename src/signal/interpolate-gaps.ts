/**
 * Interpolation of invalid samples (NaN, infinite), for recursive filters, which would propagate one for ever: each run
 * of them is replaced by the straight line between its valid neighbours, or by the single neighbour at an end of the
 * signal.
 */

/** `x` itself when all samples are valid, otherwise a copy with the others interpolated; all 0 when none is valid. */
export function bridged(x: Float64Array): Float64Array {
  let out = x;
  for (let from = 0; from < x.length; from++) {
    if (Number.isFinite(x[from]!)) continue;
    let to = from + 1;
    while (to < x.length && !Number.isFinite(x[to]!)) to++;
    const before = x[from - 1] ?? x[to] ?? 0;
    const after = x[to] ?? before;
    if (out === x) out = x.slice();
    for (let i = from; i < to; i++) {
      out[i] = before + ((after - before) * (i - from + 1)) / (to - from + 1);
    }
    from = to;
  }
  return out;
}

/** Sets `out` to NaN wherever `x`, of the same length, is invalid. */
export function markInvalid(x: Float64Array, out: Float64Array): void {
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i]!)) out[i] = Number.NaN;
}
