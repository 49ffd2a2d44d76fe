/**
 * Maximum of each window along rows, and its adjoint, as in src/diff/pooling.ts: the first of equal values, and the first
 * NaN if there is one. Windows of two that fill their rows are processed four at a time in f32.
 */

/** Address of the maximum of `size` numbers at `from`. */
function largestAt(from: usize, size: i32): usize {
  let best = from;
  let top = load<Real>(from);
  for (let k = 1; k < size; k++) {
    from += sizeof<Real>();
    const value = load<Real>(from);
    // Greater, or NaN while the maximum so far is a number.
    const wins = value > top || (Number.isNaN(<f64>value) && !Number.isNaN(<f64>top));
    best = select<usize>(from, best, wins);
    top = select<Real>(value, top, wins);
  }
  return best;
}

/** Lanes in which the second of a pair is the maximum: greater, or NaN while the first is a number. */
function secondWins(first: v128, second: v128): v128 {
  const missing = v128.andnot(f32x4.ne(second, second), f32x4.ne(first, first));
  return v128.or(f32x4.gt(second, first), missing);
}

export function maxPool(
  out: usize,
  x: usize,
  rows: i32,
  length: i32,
  count: i32,
  size: i32,
  stride: i32,
): void {
  if (sizeof<Real>() === 4 && size === 2 && stride === 2 && length === 2 * count) {
    let left = rows * count;
    for (; left >= 4; left -= 4) {
      const low = v128.load(x);
      const high = v128.load(x, 16);
      const first = v128.shuffle<f32>(low, high, 0, 2, 4, 6);
      const second = v128.shuffle<f32>(low, high, 1, 3, 5, 7);
      v128.store(out, v128.bitselect(second, first, secondWins(first, second)));
      x += 32;
      out += 16;
    }
    for (; left > 0; left--) {
      store<Real>(out, load<Real>(largestAt(x, 2)));
      x += 8;
      out += 4;
    }
    return;
  }
  for (let row = 0; row < rows; row++) {
    let from = x;
    for (let j = 0; j < count; j++) {
      store<Real>(out, load<Real>(largestAt(from, size)));
      out += sizeof<Real>();
      from += <usize>stride * sizeof<Real>();
    }
    x += <usize>length * sizeof<Real>();
  }
}

export function maxPlace(
  out: usize,
  y: usize,
  x: usize,
  rows: i32,
  length: i32,
  count: i32,
  size: i32,
  stride: i32,
): void {
  if (sizeof<Real>() === 4 && size === 2 && stride === 2 && length === 2 * count) {
    let left = rows * count;
    for (; left >= 4; left -= 4) {
      const low = v128.load(x);
      const high = v128.load(x, 16);
      const wins = secondWins(
        v128.shuffle<f32>(low, high, 0, 2, 4, 6),
        v128.shuffle<f32>(low, high, 1, 3, 5, 7),
      );
      const share = v128.load(y);
      const first = v128.andnot(share, wins);
      const second = v128.and(share, wins);
      v128.store(out, v128.shuffle<f32>(first, second, 0, 4, 1, 5));
      v128.store(out, v128.shuffle<f32>(first, second, 2, 6, 3, 7), 16);
      x += 32;
      y += 16;
      out += 32;
    }
    for (; left > 0; left--) {
      const second = largestAt(x, 2) !== x;
      store<Real>(out, second ? <Real>0 : load<Real>(y));
      store<Real>(out + 4, second ? load<Real>(y) : <Real>0);
      x += 8;
      y += 4;
      out += 8;
    }
    return;
  }
  memory.fill(out, 0, <usize>(rows * length) * sizeof<Real>());
  for (let row = 0; row < rows; row++) {
    let from = x;
    for (let j = 0; j < count; j++) {
      const to = out + (largestAt(from, size) - x);
      store<Real>(to, load<Real>(to) + load<Real>(y));
      y += sizeof<Real>();
      from += <usize>stride * sizeof<Real>();
    }
    x += <usize>length * sizeof<Real>();
    out += <usize>length * sizeof<Real>();
  }
}
