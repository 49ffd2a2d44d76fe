/** The exponential and related functions in f32, accurate to 2 units in the last place, four at a time. */

export const EXP = 0;
const TANH = 1;
const SIGMOID = 2;

/**
 * Functions of the exponential. t = n·ln 2 + r with |r| ≤ ½ ln 2, and e^r − 1 is its Taylor series to r⁷, with a
 * remainder below 6e-9. Then e^t = 2^n·(1 + (e^r − 1)), and with u = e^2x − 1 = 2^n·(e^r − 1) + (2^n − 1), which is
 * accurate for small x, tanh x = u / (u + 2).
 *
 * exp gives 0 for results below the smallest normal number. Processes whole vectors, as `relu`.
 */
export function map(op: i32, out: usize, x: usize, n: i32): void {
  const end = out + 4 * <usize>n;
  const one = f32x4.splat(1);
  const inverse = f32x4.splat(Mathf.LOG2E);
  // ln 2 in two parts, the first with zeros at its end so that n times it is exact (Cody & Waite 1980).
  const high = f32x4.splat(0.693359375);
  const low = f32x4.splat(2.1219444e-4);
  while (out < end) {
    const given = v128.load(x);
    let t = given;
    if (op === TANH) {
      // Beyond ±10 it is ±1 in f32.
      t = f32x4.pmin(f32x4.pmax(t, f32x4.splat(-10)), f32x4.splat(10));
      t = f32x4.add(t, t);
    } else {
      if (op === SIGMOID) t = f32x4.neg(t);
      t = f32x4.pmin(f32x4.pmax(t, f32x4.splat(-87.34)), f32x4.splat(88.73));
    }
    const power = f32x4.nearest(f32x4.mul(t, inverse));
    const r = f32x4.add(f32x4.sub(t, f32x4.mul(power, high)), f32x4.mul(power, low));
    let q = f32x4.splat(1.0 / 5040.0);
    q = f32x4.add(f32x4.mul(q, r), f32x4.splat(1.0 / 720.0));
    q = f32x4.add(f32x4.mul(q, r), f32x4.splat(1.0 / 120.0));
    q = f32x4.add(f32x4.mul(q, r), f32x4.splat(1.0 / 24.0));
    q = f32x4.add(f32x4.mul(q, r), f32x4.splat(1.0 / 6.0));
    q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.5));
    const series = f32x4.add(r, f32x4.mul(f32x4.mul(r, r), q));
    const whole = i32x4.trunc_sat_f32x4_s(power);
    let y: v128;
    if (op === TANH) {
      const scale = i32x4.shl(i32x4.add(whole, i32x4.splat(127)), 23);
      const u = f32x4.add(f32x4.mul(scale, series), f32x4.sub(scale, one));
      y = f32x4.div(u, f32x4.add(u, f32x4.splat(2)));
    } else {
      // 2^n in two steps: n = 128 does not fit one exponent.
      const half = i32x4.shr_s(whole, 1);
      const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
      const second = i32x4.shl(i32x4.add(i32x4.sub(whole, half), i32x4.splat(127)), 23);
      y = f32x4.mul(f32x4.mul(f32x4.add(one, series), first), second);
      if (op === SIGMOID) y = f32x4.div(one, f32x4.add(one, y));
      else y = v128.andnot(y, f32x4.lt(given, f32x4.splat(-87.3365)));
    }
    v128.store(out, y);
    out += 16;
    x += 16;
  }
}

export function exp(out: usize, x: usize, n: i32): void {
  map(EXP, out, x, n);
}

export function tanh(out: usize, x: usize, n: i32): void {
  map(TANH, out, x, n);
}

export function sigmoid(out: usize, x: usize, n: i32): void {
  map(SIGMOID, out, x, n);
}
