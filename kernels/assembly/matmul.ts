/**
 * Matrix product. Each element is summed over the shared axis in order, with one rounding per product and one per sum, so
 * it is bit-identical to that of a plain loop. Speed comes from a tile of 4 rows by two vectors kept in registers
 * (8 columns of f32, 4 of f64) and from a panel of the right factor packed for sequential access.
 *
 * Addresses and strides are in bytes. AssemblyScript: TypeScript's syntax over WebAssembly's types. `Real` is f32 or
 * f64: kernels/build.ts compiles every file for both.
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
 * `a_r + p·step`. With `adding` the sum is added to the existing values (whole tiles only).
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

/** A tile of one row, for the rows that remain after groups of four. */
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

/** Packs `width` columns of k rows from `b` into a panel, row after row, padded with zeros. */
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

/** Rows and shared indices of the block of A, and tiles of the block of B, that are worked on while they are in the cache. */
const blockRows: i32 = 64;
const blockShared: i32 = 256;
const blockTiles: i32 = 32;

/** Number of tiles from which packing into blocks is faster. */
const leastTiles: i32 = 3;

/** Packs `rows` (a multiple of four) rows of k numbers, four rows at a time: the four numbers of one p lie side by side. */
function packRows(to: usize, a: usize, aRow: usize, aColumn: usize, rows: i32, k: i32): void {
  const size = sizeof<Real>();
  for (let i = 0; i < rows; i += 4) {
    let from = a + <usize>i * aRow;
    if (aRow === size) {
      for (let p = 0; p < k; p++) {
        v128.store(to, v128.load(from));
        if (sizeof<Real>() === 8) v128.store(to, v128.load(from, 16), 16);
        from += aColumn;
        to += 4 * size;
      }
      continue;
    }
    let second = from + aRow;
    let third = second + aRow;
    let fourth = third + aRow;
    for (let p = 0; p < k; p++) {
      store<Real>(to, load<Real>(from));
      store<Real>(to + size, load<Real>(second));
      store<Real>(to + 2 * size, load<Real>(third));
      store<Real>(to + 3 * size, load<Real>(fourth));
      from += aColumn;
      second += aColumn;
      third += aColumn;
      fourth += aColumn;
      to += 4 * size;
    }
  }
}

/** As `tile4` of a whole tile, from four rows packed by `packRows`. */
function tilePacked(c: usize, cRow: usize, rows: usize, panel: usize, k: i32, adding: bool): void {
  const size = sizeof<Real>();
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
    let a = v128.splat<Real>(load<Real>(rows));
    s00 = v128.add<Real>(s00, v128.mul<Real>(a, b0));
    s01 = v128.add<Real>(s01, v128.mul<Real>(a, b1));
    a = v128.splat<Real>(load<Real>(rows + size));
    s10 = v128.add<Real>(s10, v128.mul<Real>(a, b0));
    s11 = v128.add<Real>(s11, v128.mul<Real>(a, b1));
    a = v128.splat<Real>(load<Real>(rows + 2 * size));
    s20 = v128.add<Real>(s20, v128.mul<Real>(a, b0));
    s21 = v128.add<Real>(s21, v128.mul<Real>(a, b1));
    a = v128.splat<Real>(load<Real>(rows + 3 * size));
    s30 = v128.add<Real>(s30, v128.mul<Real>(a, b0));
    s31 = v128.add<Real>(s31, v128.mul<Real>(a, b1));
    rows += 4 * size;
    panel += 32;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c + cRow, s10);
  v128.store(c + cRow, s11, 16);
  v128.store(c + 2 * cRow, s20);
  v128.store(c + 2 * cRow, s21, 16);
  v128.store(c + 3 * cRow, s30);
  v128.store(c + 3 * cRow, s31, 16);
}

/** One block of B (k rows by `tiles` tiles, packed) by all rows of A: adds to c, or with the first block sets it. */
function multiplyBlock(
  c: usize,
  cRow: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  m: i32,
  k: i32,
  panels: usize,
  tiles: i32,
  rows: usize,
  adding: bool,
): void {
  const whole = m - (m % 4);
  const panelBytes = 32 * <usize>k;
  const groupBytes = 4 * sizeof<Real>() * <usize>k;
  for (let ib = 0; ib < whole; ib += blockRows) {
    const count = min(blockRows, whole - ib);
    packRows(rows, a + <usize>ib * aRow, aRow, aColumn, count, k);
    for (let tile = 0; tile < tiles; tile++) {
      const panel = panels + <usize>tile * panelBytes;
      let to = c + <usize>ib * cRow + 32 * <usize>tile;
      let group = rows;
      for (let i = 0; i < count; i += 4) {
        tilePacked(to, cRow, group, panel, k, adding);
        to += 4 * cRow;
        group += groupBytes;
      }
    }
  }
  for (let i = whole; i < m; i++) {
    for (let tile = 0; tile < tiles; tile++) {
      const to = c + <usize>i * cRow + 32 * <usize>tile;
      tile1(to, a + <usize>i * aRow, aColumn, panels + <usize>tile * panelBytes, k, tileColumns(), adding);
    }
  }
}

/**
 * c[m×n] = A·B, with A[i,p] at `a + i·aRow + p·aColumn` and B[p,j] at `b + p·bRow + j·bColumn`. Wide products are computed block
 * by block over p, each block adding to the sums of the previous ones, so that data that is read repeatedly stays in the
 * cache. `panel` has `matmulScratch` bytes (src/diff/wasm-kernels.ts).
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
  const tiles = n / columns;
  let j = 0;
  if (tiles >= leastTiles && m >= 4 && k > 0) {
    for (let first = 0; first < tiles; first += blockTiles) {
      const count = min(blockTiles, tiles - first);
      const left = <usize>(first * columns);
      for (let p = 0; p < k; p += blockShared) {
        const depth = min(blockShared, k - p);
        const panelBytes = 32 * <usize>depth;
        for (let tile = 0; tile < count; tile++) {
          const from = b + <usize>p * bRow + (left + <usize>(tile * columns)) * bColumn;
          pack(panel + <usize>tile * panelBytes, from, bRow, bColumn, depth, columns);
        }
        const rows = panel + <usize>count * panelBytes;
        const to = c + left * sizeof<Real>();
        multiplyBlock(to, cRow, a + <usize>p * aColumn, aRow, aColumn, m, depth, panel, count, rows, p > 0);
      }
    }
    j = tiles * columns;
  }
  for (; j < n; j += columns) {
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
