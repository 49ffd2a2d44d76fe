/**
 * Elementwise loops and sums, four f32 or two f64 at a time. A pair of operands is laid out as rows of n numbers: `aRow`
 * bytes lie between rows (0: the same row again) and `aStep` is 1, or 0 for one number along the row. Every operation
 * rounds once, as in a plain loop.
 */

// The operations of a pair, by number; src/diff/wasm-kernels.ts names them.
const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV = 3;
const GATE = 4;
const MASKED_MUL = 5;

function vectorOf(op: i32, a: v128, b: v128): v128 {
  if (op === ADD) return v128.add<Real>(a, b);
  if (op === SUB) return v128.sub<Real>(a, b);
  if (op === MUL) return v128.mul<Real>(a, b);
  if (op === DIV) return v128.div<Real>(a, b);
  const zero = v128.splat<Real>(<Real>0);
  if (op === GATE) return v128.and(a, v128.gt<Real>(b, zero));
  return v128.andnot(v128.mul<Real>(a, b), v128.or(v128.eq<Real>(a, zero), v128.eq<Real>(b, zero)));
}

function numberOf(op: i32, a: Real, b: Real): Real {
  if (op === ADD) return a + b;
  if (op === SUB) return a - b;
  if (op === MUL) return a * b;
  if (op === DIV) return a / b;
  if (op === GATE) return b > <Real>0 ? a : <Real>0;
  return a === <Real>0 || b === <Real>0 ? <Real>0 : a * b;
}

function pairRow(op: i32, out: usize, a: usize, aStep: i32, b: usize, bStep: i32, n: i32): void {
  const lanes = 16 / <i32>sizeof<Real>();
  let i = 0;
  if (aStep === 1 && bStep === 1) {
    // Two vectors at a time reduce the loop overhead.
    for (; i + 2 * lanes <= n; i += 2 * lanes) {
      const second = vectorOf(op, v128.load(a, 16), v128.load(b, 16));
      v128.store(out, vectorOf(op, v128.load(a), v128.load(b)));
      v128.store(out, second, 16);
      out += 32;
      a += 32;
      b += 32;
    }
  } else if (aStep === 1) {
    const repeated = v128.splat<Real>(load<Real>(b));
    for (; i + 2 * lanes <= n; i += 2 * lanes) {
      const second = vectorOf(op, v128.load(a, 16), repeated);
      v128.store(out, vectorOf(op, v128.load(a), repeated));
      v128.store(out, second, 16);
      out += 32;
      a += 32;
    }
  } else if (bStep === 1) {
    const repeated = v128.splat<Real>(load<Real>(a));
    for (; i + 2 * lanes <= n; i += 2 * lanes) {
      const second = vectorOf(op, repeated, v128.load(b, 16));
      v128.store(out, vectorOf(op, repeated, v128.load(b)));
      v128.store(out, second, 16);
      out += 32;
      b += 32;
    }
  }
  for (; i < n; i++) {
    store<Real>(out, numberOf(op, load<Real>(a), load<Real>(b)));
    out += sizeof<Real>();
    a += <usize>aStep * sizeof<Real>();
    b += <usize>bStep * sizeof<Real>();
  }
}

export function pair(
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
    // The operation is selected once per row, so that the inner loops have no branch.
    if (op === ADD) pairRow(ADD, out, a, aStep, b, bStep, n);
    else if (op === SUB) pairRow(SUB, out, a, aStep, b, bStep, n);
    else if (op === MUL) pairRow(MUL, out, a, aStep, b, bStep, n);
    else if (op === DIV) pairRow(DIV, out, a, aStep, b, bStep, n);
    else if (op === GATE) pairRow(GATE, out, a, aStep, b, bStep, n);
    else pairRow(MASKED_MUL, out, a, aStep, b, bStep, n);
    out += <usize>n * sizeof<Real>();
    a += aRow;
    b += bRow;
  }
}

/** out[j] = Σ_r x[r, j], in the order of the rows. */
export function sumRows(out: usize, x: usize, rows: i32, n: i32): void {
  const row = <usize>n * sizeof<Real>();
  const lanes = 16 / <i32>sizeof<Real>();
  let j = 0;
  for (; j + lanes <= n; j += lanes) {
    let sum = v128.splat<Real>(<Real>0);
    let at = x;
    for (let r = 0; r < rows; r++) {
      sum = v128.add<Real>(sum, v128.load(at));
      at += row;
    }
    v128.store(out, sum);
    out += 16;
    x += 16;
  }
  for (; j < n; j++) {
    let sum: Real = <Real>0;
    let at = x;
    for (let r = 0; r < rows; r++) {
      sum += load<Real>(at);
      at += row;
    }
    store<Real>(out, sum);
    out += sizeof<Real>();
    x += sizeof<Real>();
  }
}

/** Adds the sum of each row of n numbers to the number at `out`, `outRow` bytes further for each row. */
export function sumRuns(out: usize, outRow: usize, x: usize, rows: i32, n: i32): void {
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

export function clear(out: usize, n: i32): void {
  memory.fill(out, 0, 4 * <usize>n);
}

/** max(x, 0), NaN kept. Processes whole vectors: the memory of a tensor is padded to one. */
export function relu(out: usize, x: usize, n: i32): void {
  const zero = v128.splat<Real>(<Real>0);
  const end = out + <usize>n * sizeof<Real>();
  while (out < end) {
    v128.store(out, v128.max<Real>(v128.load(x), zero));
    out += 16;
    x += 16;
  }
}
