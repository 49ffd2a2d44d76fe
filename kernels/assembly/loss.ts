/**
 * Softmax cross-entropy of f32 rows and its pullback, as in src/diff/loss.ts. The exponentials of all rows are computed in
 * one pass.
 */
import { EXP, map } from './exponential';

/** e^(z − maximum of its row) for every element. */
function exponentials(out: usize, z: usize, rows: i32, classes: i32): void {
  let to = out;
  for (let row = 0; row < rows; row++) {
    let top = load<f32>(z);
    for (let k = 1; k < classes; k++) top = max(top, load<f32>(z + 4 * <usize>k));
    for (let k = 0; k < classes; k++) {
      const value = load<f32>(z);
      // An element equal to the maximum gives 1, also if both are infinite.
      store<f32>(to, value === top ? 0 : value - top);
      z += 4;
      to += 4;
    }
  }
  map(EXP, out, out, rows * classes);
}

/**
 * log x of a positive normal number: x = 2^n·m with m in [√½, √2), and log m = 2·artanh((m − 1)/(m + 1)), whose series
 * to the ninth power has an error below 1e-9.
 */
function logOf(x: f32): f32 {
  const bits = reinterpret<i32>(x) - 0x3f3504f3;
  const n = bits >> 23;
  const m = reinterpret<f32>(reinterpret<i32>(x) - (n << 23));
  const s = (m - 1) / (m + 1);
  const s2 = s * s;
  const series: f32 =
    1 + s2 * (<f32>(1.0 / 3.0) + s2 * (<f32>0.2 + s2 * (<f32>(1.0 / 7.0) + s2 * <f32>(1.0 / 9.0))));
  return <f32>n * <f32>Math.LN2 + 2 * s * series;
}

/** out[row] = −Σ_k t_k log softmax(z)_k. `scratch` has 4·rows·classes bytes. */
export function crossEntropy(out: usize, z: usize, t: usize, rows: i32, classes: i32, scratch: usize): void {
  exponentials(scratch, z, rows, classes);
  for (let row = 0; row < rows; row++) {
    let top = load<f32>(z);
    let total: f32 = 0;
    for (let k = 0; k < classes; k++) {
      top = max(top, load<f32>(z + 4 * <usize>k));
      total += load<f32>(scratch);
      scratch += 4;
    }
    const logTotal = logOf(total);
    let loss: f32 = 0;
    let weights: f32 = 0;
    for (let k = 0; k < classes; k++) {
      const weight = load<f32>(t);
      weights += weight;
      if (weight !== 0) loss += weight * (logTotal - (load<f32>(z) - top));
      z += 4;
      t += 4;
    }
    // NaN if a logit is NaN, unless the row has weight 0.
    store<f32>(out, weights === 0 ? 0 : loss + (total - total));
    out += 4;
  }
}

/** out[row, k] = ct[row]·(softmax(z)_k·Σt − t_k). */
export function crossEntropyPull(out: usize, ct: usize, z: usize, t: usize, rows: i32, classes: i32): void {
  exponentials(out, z, rows, classes);
  for (let row = 0; row < rows; row++) {
    let total: f32 = 0;
    let weight: f32 = 0;
    for (let k = 0; k < classes; k++) {
      total += load<f32>(out + 4 * <usize>k);
      weight += load<f32>(t + 4 * <usize>k);
    }
    const share = load<f32>(ct);
    ct += 4;
    const scale = weight / total;
    for (let k = 0; k < classes; k++) {
      const own = share * (load<f32>(out) * scale - load<f32>(t));
      store<f32>(out, weight === 0 ? 0 : own);
      out += 4;
      t += 4;
    }
  }
}
