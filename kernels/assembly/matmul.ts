/**
 * Matrix product. Each result is summed over the shared axis in order, one rounding a product and one a sum, so it
 * is the number a plain loop gives, to the bit. Speed comes from a tile of 4 rows by two vectors kept in registers
 * (8 columns of f32, 4 of f64) and from a panel of the right factor packed so that it streams.
 *
 * Addresses and strides are in bytes. AssemblyScript: TypeScript's syntax over WebAssembly's types. `Real` is f32 or
 * f64: kernels/build.ts compiles every file once for each.
 */

/** Columns of a tile: two vectors. */
export function tileColumns(): i32 {
  return 32 / <i32>sizeof<Real>();
}

/** Stores the first `width` numbers of a tile's row. */
function storeRow(to: usize, first: v128, second: v128, width: i32): void {
  const lanes = 16 / <i32>sizeof<Real>();
  let vector = first;
  if (width >= lanes) {
    v128.store(to, first);
    if (width === 2 * lanes) {
      v128.store(to, second, 16);
      return;
    }
    to += 16;
    width -= lanes;
    vector = second;
  }
  if (width > 0) store<Real>(to, v128.extract_lane<Real>(vector, 0));
  if (sizeof<Real>() === 4) {
    if (width > 1) store<Real>(to, v128.extract_lane<Real>(vector, 1), 4);
    if (width > 2) store<f32>(to, f32x4.extract_lane(vector, 2), 8);
  }
}

/**
 * A tile of four rows: row r of the result, at `c + r·cRow`, is Σ_p a_r[p]·panel[p], where a_r[p] lies at
 * `a_r + p·step`. With `adding` the sum goes on from what is there (whole tiles only).
 */
export function tile4(
  c: usize,
  cRow: usize,
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  step: usize,
  panel: usize,
  k: i32,
  width: i32,
  adding: bool,
): void {
  let s00 = v128.splat<Real>(<Real>0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (adding) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c + cRow);
    s11 = v128.load(c + cRow, 16);
    s20 = v128.load(c + 2 * cRow);
    s21 = v128.load(c + 2 * cRow, 16);
    s30 = v128.load(c + 3 * cRow);
    s31 = v128.load(c + 3 * cRow, 16);
  }
  const end = panel + 32 * <usize>k;
  while (panel < end) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let a = v128.splat<Real>(load<Real>(a0));
    s00 = v128.add<Real>(s00, v128.mul<Real>(a, b0));
    s01 = v128.add<Real>(s01, v128.mul<Real>(a, b1));
    a = v128.splat<Real>(load<Real>(a1));
    s10 = v128.add<Real>(s10, v128.mul<Real>(a, b0));
    s11 = v128.add<Real>(s11, v128.mul<Real>(a, b1));
    a = v128.splat<Real>(load<Real>(a2));
    s20 = v128.add<Real>(s20, v128.mul<Real>(a, b0));
    s21 = v128.add<Real>(s21, v128.mul<Real>(a, b1));
    a = v128.splat<Real>(load<Real>(a3));
    s30 = v128.add<Real>(s30, v128.mul<Real>(a, b0));
    s31 = v128.add<Real>(s31, v128.mul<Real>(a, b1));
    a0 += step;
    a1 += step;
    a2 += step;
    a3 += step;
    panel += 32;
  }
  storeRow(c, s00, s01, width);
  storeRow(c + cRow, s10, s11, width);
  storeRow(c + 2 * cRow, s20, s21, width);
  storeRow(c + 3 * cRow, s30, s31, width);
}

/** A tile of one row, for what four do not divide. */
export function tile1(c: usize, a: usize, step: usize, panel: usize, k: i32, width: i32, adding: bool): void {
  let s0 = v128.splat<Real>(<Real>0);
  let s1 = s0;
  if (adding) {
    s0 = v128.load(c);
    s1 = v128.load(c, 16);
  }
  const end = panel + 32 * <usize>k;
  while (panel < end) {
    const factor = v128.splat<Real>(load<Real>(a));
    s0 = v128.add<Real>(s0, v128.mul<Real>(factor, v128.load(panel)));
    s1 = v128.add<Real>(s1, v128.mul<Real>(factor, v128.load(panel, 16)));
    a += step;
    panel += 32;
  }
  storeRow(c, s0, s1, width);
}

/** Packs `width` columns of k rows from `b` into a panel, row after row, filled up with zeros. */
export function pack(panel: usize, b: usize, row: usize, column: usize, k: i32, width: i32): void {
  const whole = tileColumns();
  if (column === sizeof<Real>() && width === whole) {
    for (let p = 0; p < k; p++) {
      v128.store(panel, v128.load(b));
      v128.store(panel, v128.load(b, 16), 16);
      b += row;
      panel += 32;
    }
    return;
  }
  for (let p = 0; p < k; p++) {
    let from = b;
    for (let j = 0; j < width; j++) {
      store<Real>(panel, load<Real>(from));
      from += column;
      panel += sizeof<Real>();
    }
    for (let j = width; j < whole; j++) {
      store<Real>(panel, <Real>0);
      panel += sizeof<Real>();
    }
    b += row;
  }
}

/**
 * c[m×n] = A·B, with A[i,p] at `a + i·aRow + p·aColumn` and B[p,j] at `b + p·bRow + j·bColumn`. `panel` has room for
 * 32·k bytes.
 */
export function matmul(
  c: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  m: i32,
  k: i32,
  n: i32,
  panel: usize,
): void {
  const columns = tileColumns();
  const cRow = sizeof<Real>() * <usize>n;
  for (let j = 0; j < n; j += columns) {
    const width = min(columns, n - j);
    pack(panel, b + <usize>j * bColumn, bRow, bColumn, k, width);
    let row = a;
    let to = c + <usize>j * sizeof<Real>();
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      tile4(to, cRow, row, row + aRow, row + 2 * aRow, row + 3 * aRow, aColumn, panel, k, width, false);
      row += 4 * aRow;
      to += 4 * cRow;
    }
    for (; i < m; i++) {
      tile1(to, row, aColumn, panel, k, width, false);
      row += aRow;
      to += cRow;
    }
  }
}
