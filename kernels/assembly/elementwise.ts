/**
 * Elementwise loops, four f32 or two f64 at a time. A pair of operands is laid out as rows of n numbers: `aRow` bytes
 * lie between rows (0: the same row again) and `aStep` is 1, or 0 for one number along the row. Every operation
 * rounds once, as a plain loop does; `exp`, `tanh` and `sigmoid` are of f32 only, good to 2 units in the last place.
 */

// The operations of a pair, by number; src/diff/native.ts names them.
const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV = 3;
const GATE = 4;

function vectorOf<T>(op: i32, a: v128, b: v128): v128 {
  if (op === ADD) return v128.add<T>(a, b);
  if (op === SUB) return v128.sub<T>(a, b);
  if (op === MUL) return v128.mul<T>(a, b);
  if (op === DIV) return v128.div<T>(a, b);
  return v128.and(a, v128.gt<T>(b, v128.splat<T>(<T>0)));
}

function numberOf<T>(op: i32, a: T, b: T): T {
  if (op === ADD) return a + b;
  if (op === SUB) return a - b;
  if (op === MUL) return a * b;
  if (op === DIV) return a / b;
  return b > <T>0 ? a : <T>0;
}

function pairRow<T>(op: i32, out: usize, a: usize, aStep: i32, b: usize, bStep: i32, n: i32): void {
  const lanes = 16 / <i32>sizeof<T>();
  let i = 0;
  if (aStep === 1 && bStep === 1) {
    for (; i + lanes <= n; i += lanes) {
      v128.store(out, vectorOf<T>(op, v128.load(a), v128.load(b)));
      out += 16;
      a += 16;
      b += 16;
    }
  } else if (aStep === 1) {
    const repeated = v128.splat<T>(load<T>(b));
    for (; i + lanes <= n; i += lanes) {
      v128.store(out, vectorOf<T>(op, v128.load(a), repeated));
      out += 16;
      a += 16;
    }
  } else if (bStep === 1) {
    const repeated = v128.splat<T>(load<T>(a));
    for (; i + lanes <= n; i += lanes) {
      v128.store(out, vectorOf<T>(op, repeated, v128.load(b)));
      out += 16;
      b += 16;
    }
  }
  for (; i < n; i++) {
    store<T>(out, numberOf<T>(op, load<T>(a), load<T>(b)));
    out += sizeof<T>();
    a += <usize>aStep * sizeof<T>();
    b += <usize>bStep * sizeof<T>();
  }
}

function pair<T>(
  op: i32,
  out: usize,
  a: usize,
  aRow: usize,
  aStep: i32,
  b: usize,
  bRow: usize,
  bStep: i32,
  rows: i32,
  n: i32,
): void {
  for (let r = 0; r < rows; r++) {
    // The operation is chosen once a row, so that each loop is straight.
    if (op === ADD) pairRow<T>(ADD, out, a, aStep, b, bStep, n);
    else if (op === SUB) pairRow<T>(SUB, out, a, aStep, b, bStep, n);
    else if (op === MUL) pairRow<T>(MUL, out, a, aStep, b, bStep, n);
    else if (op === DIV) pairRow<T>(DIV, out, a, aStep, b, bStep, n);
    else pairRow<T>(GATE, out, a, aStep, b, bStep, n);
    out += <usize>n * sizeof<T>();
    a += aRow;
    b += bRow;
  }
}

export function pair32(
  op: i32,
  out: usize,
  a: usize,
  aRow: usize,
  aStep: i32,
  b: usize,
  bRow: usize,
  bStep: i32,
  rows: i32,
  n: i32,
): void {
  pair<f32>(op, out, a, aRow, aStep, b, bRow, bStep, rows, n);
}

export function pair64(
  op: i32,
  out: usize,
  a: usize,
  aRow: usize,
  aStep: i32,
  b: usize,
  bRow: usize,
  bStep: i32,
  rows: i32,
  n: i32,
): void {
  pair<f64>(op, out, a, aRow, aStep, b, bRow, bStep, rows, n);
}

/** out[j] = Σ_r x[r, j], in the order of the rows. */
function sumRows<T>(out: usize, x: usize, rows: i32, n: i32): void {
  const row = <usize>n * sizeof<T>();
  const lanes = 16 / <i32>sizeof<T>();
  let j = 0;
  for (; j + lanes <= n; j += lanes) {
    let sum = v128.splat<T>(<T>0);
    let at = x;
    for (let r = 0; r < rows; r++) {
      sum = v128.add<T>(sum, v128.load(at));
      at += row;
    }
    v128.store(out, sum);
    out += 16;
    x += 16;
  }
  for (; j < n; j++) {
    let sum: T = <T>0;
    let at = x;
    for (let r = 0; r < rows; r++) {
      sum += load<T>(at);
      at += row;
    }
    store<T>(out, sum);
    out += sizeof<T>();
    x += sizeof<T>();
  }
}

export function sumRows32(out: usize, x: usize, rows: i32, n: i32): void {
  sumRows<f32>(out, x, rows, n);
}

export function sumRows64(out: usize, x: usize, rows: i32, n: i32): void {
  sumRows<f64>(out, x, rows, n);
}

/** Adds the sum of each row of n numbers to the number at `out`, `outRow` bytes further for each row. */
export function sumRuns32(out: usize, outRow: usize, x: usize, rows: i32, n: i32): void {
  for (let r = 0; r < rows; r++) {
    let sums = f32x4.splat(0);
    let i = 0;
    for (; i + 4 <= n; i += 4) {
      sums = f32x4.add(sums, v128.load(x));
      x += 16;
    }
    let sum =
      f32x4.extract_lane(sums, 0) +
      f32x4.extract_lane(sums, 1) +
      f32x4.extract_lane(sums, 2) +
      f32x4.extract_lane(sums, 3);
    for (; i < n; i++) {
      sum += load<f32>(x);
      x += 4;
    }
    store<f32>(out, load<f32>(out) + sum);
    out += outRow;
  }
}

export function clear32(out: usize, n: i32): void {
  memory.fill(out, 0, 4 * <usize>n);
}

/** max(x, 0), NaN kept. Whole vectors: the room of a tensor ends on one. */
function relu<T>(out: usize, x: usize, n: i32): void {
  const zero = v128.splat<T>(<T>0);
  const end = out + <usize>n * sizeof<T>();
  while (out < end) {
    v128.store(out, v128.max<T>(v128.load(x), zero));
    out += 16;
    x += 16;
  }
}

export function relu32(out: usize, x: usize, n: i32): void {
  relu<f32>(out, x, n);
}

export function relu64(out: usize, x: usize, n: i32): void {
  relu<f64>(out, x, n);
}

export const EXP = 0;
const TANH = 1;
const SIGMOID = 2;

/**
 * Functions over the exponential. t = n·ln 2 + r with |r| ≤ ½ ln 2, and e^r − 1 is its Taylor series to r⁷, whose rest
 * is below 6e-9. Then e^t = 2^n·(1 + (e^r − 1)), and with u = e^2x − 1 = 2^n·(e^r − 1) + (2^n − 1), which keeps the
 * small end, tanh x = u / (u + 2).
 *
 * exp flushes to 0 what is below the smallest normal number. Whole vectors, as relu.
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

export function exp32(out: usize, x: usize, n: i32): void {
  map(EXP, out, x, n);
}

export function tanh32(out: usize, x: usize, n: i32): void {
  map(TANH, out, x, n);
}

export function sigmoid32(out: usize, x: usize, n: i32): void {
  map(SIGMOID, out, x, n);
}
