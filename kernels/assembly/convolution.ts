/**
 * One-dimensional convolution (cross-correlation, as is usual in machine learning) of `[batch, channels, length]` with
 * `[outputs, channels, taps]`, and its two adjoints. Each is the matrix product of matmul.ts over the matrix whose
 * row (channel, tap) is the input shifted by that tap; only one panel of the matrix is built at a time.
 *
 * `padded` is a buffer for one padded sample: `channels` rows of `paddedLength` numbers.
 */
import { pack, tile1, tile4, tileColumns } from './matmul';

/** Copies one sample between margins of zeros. */
function padSample(
  padded: usize,
  x: usize,
  channels: i32,
  length: i32,
  padding: i32,
  paddedLength: i32,
): void {
  const size = sizeof<Real>();
  const kept = min(length, paddedLength - padding);
  for (let c = 0; c < channels; c++) {
    memory.fill(padded, 0, <usize>paddedLength * size);
    memory.copy(padded + <usize>padding * size, x, <usize>kept * size);
    padded += <usize>paddedLength * size;
    x += <usize>length * size;
  }
}

/** y[b, o, j] = Σ_{c,t} w[o, c, t]·x[b, c, j·stride + t·dilation − padding]. `panel` holds 32·channels·taps bytes. */
export function convolve(
  y: usize,
  x: usize,
  w: usize,
  batch: i32,
  channels: i32,
  length: i32,
  outputs: i32,
  taps: i32,
  positions: i32,
  stride: i32,
  padding: i32,
  dilation: i32,
  padded: usize,
  paddedLength: i32,
  panel: usize,
): void {
  const size = sizeof<Real>();
  const columns = tileColumns();
  const rows = channels * taps;
  const wRow = <usize>rows * size;
  const yRow = <usize>positions * size;
  const jump = <usize>stride * size;
  for (let b = 0; b < batch; b++) {
    padSample(padded, x, channels, length, padding, paddedLength);
    for (let j = 0; j < positions; j += columns) {
      let to = panel;
      for (let c = 0; c < channels; c++) {
        let from = padded + (<usize>c * <usize>paddedLength + <usize>j * <usize>stride) * size;
        for (let t = 0; t < taps; t++) {
          if (stride === 1) {
            v128.store(to, v128.load(from));
            v128.store(to, v128.load(from, 16), 16);
          } else {
            let at = from;
            for (let q = 0; q < columns; q++) {
              store<Real>(to + <usize>q * size, load<Real>(at));
              at += jump;
            }
          }
          to += 32;
          from += <usize>dilation * size;
        }
      }
      const width = min(columns, positions - j);
      let out = y + <usize>j * size;
      let row = w;
      let o = 0;
      for (; o + 4 <= outputs; o += 4) {
        tile4(out, yRow, row, row + wRow, row + 2 * wRow, row + 3 * wRow, size, panel, rows, width, false);
        out += 4 * yRow;
        row += 4 * wRow;
      }
      for (; o < outputs; o++) {
        tile1(out, row, size, panel, rows, width, false);
        out += yRow;
        row += wRow;
      }
    }
    x += <usize>(channels * length) * size;
    y += <usize>(outputs * positions) * size;
  }
}

/**
 * The adjoint in x: x[b, c, j·stride + t·dilation − padding] sums w[o, c, t]·y[b, o, j]. `panel` holds
 * 32·outputs bytes, `shares` 32·channels·taps.
 */
export function convolveInput(
  x: usize,
  y: usize,
  w: usize,
  batch: i32,
  channels: i32,
  length: i32,
  outputs: i32,
  taps: i32,
  positions: i32,
  stride: i32,
  padding: i32,
  dilation: i32,
  padded: usize,
  paddedLength: i32,
  panel: usize,
  shares: usize,
): void {
  const size = sizeof<Real>();
  const columns = tileColumns();
  const rows = channels * taps;
  const wRow = <usize>rows * size;
  const yRow = <usize>positions * size;
  const jump = <usize>stride * size;
  const kept = min(length, paddedLength - padding);
  for (let b = 0; b < batch; b++) {
    memory.fill(padded, 0, <usize>(channels * paddedLength) * size);
    for (let j = 0; j < positions; j += columns) {
      pack(panel, y + <usize>j * size, yRow, size, outputs, min(columns, positions - j));
      let p = 0;
      for (; p + 4 <= rows; p += 4) {
        const a = w + <usize>p * size;
        tile4(
          shares + 32 * <usize>p,
          32,
          a,
          a + size,
          a + 2 * size,
          a + 3 * size,
          wRow,
          panel,
          outputs,
          columns,
          false,
        );
      }
      for (; p < rows; p++) {
        tile1(shares + 32 * <usize>p, w + <usize>p * size, wRow, panel, outputs, columns, false);
      }
      let share = shares;
      for (let c = 0; c < channels; c++) {
        let to = padded + (<usize>c * <usize>paddedLength + <usize>j * <usize>stride) * size;
        for (let t = 0; t < taps; t++) {
          if (stride === 1) {
            v128.store(to, v128.add<Real>(v128.load(to), v128.load(share)));
            v128.store(to, v128.add<Real>(v128.load(to, 16), v128.load(share, 16)), 16);
          } else {
            let at = to;
            for (let q = 0; q < columns; q++) {
              store<Real>(at, load<Real>(at) + load<Real>(share + <usize>q * size));
              at += jump;
            }
          }
          share += 32;
          to += <usize>dilation * size;
        }
      }
    }
    for (let c = 0; c < channels; c++) {
      if (kept < length) memory.fill(x, 0, <usize>length * size);
      memory.copy(x, padded + (<usize>c * <usize>paddedLength + <usize>padding) * size, <usize>kept * size);
      x += <usize>length * size;
    }
    y += <usize>(outputs * positions) * size;
  }
}

/**
 * The adjoint in w: w[o, c, t] = Σ_{b,j} y[b, o, j]·x[b, c, j·stride + t·dilation − padding]. `panel` holds
 * 32·positions bytes, `sums` 32·channels·taps for each group of tile columns among the outputs.
 */
export function convolveWeights(
  w: usize,
  x: usize,
  y: usize,
  batch: i32,
  channels: i32,
  length: i32,
  outputs: i32,
  taps: i32,
  positions: i32,
  stride: i32,
  padding: i32,
  dilation: i32,
  padded: usize,
  paddedLength: i32,
  panel: usize,
  sums: usize,
): void {
  const size = sizeof<Real>();
  const columns = tileColumns();
  const rows = channels * taps;
  const yRow = <usize>positions * size;
  const jump = <usize>stride * size;
  const groups = (outputs + columns - 1) / columns;
  memory.fill(sums, 0, 32 * <usize>(groups * rows));
  for (let b = 0; b < batch; b++) {
    padSample(padded, x, channels, length, padding, paddedLength);
    for (let g = 0; g < groups; g++) {
      const o = g * columns;
      pack(panel, y + <usize>o * yRow, size, yRow, positions, min(columns, outputs - o));
      let to = sums + 32 * <usize>(g * rows);
      for (let c = 0; c < channels; c++) {
        let at = padded + <usize>(c * paddedLength) * size;
        const next = <usize>dilation * size;
        let t = 0;
        for (; t + 4 <= taps; t += 4) {
          tile4(to, 32, at, at + next, at + 2 * next, at + 3 * next, jump, panel, positions, columns, true);
          to += 128;
          at += 4 * next;
        }
        for (; t < taps; t++) {
          tile1(to, at, jump, panel, positions, columns, true);
          to += 32;
          at += next;
        }
      }
    }
    x += <usize>(channels * length) * size;
    y += <usize>(outputs * positions) * size;
  }
  for (let o = 0; o < outputs; o++) {
    const g = o / columns;
    let from = sums + 32 * <usize>(g * rows) + <usize>(o - g * columns) * size;
    for (let p = 0; p < rows; p++) {
      store<Real>(w, load<Real>(from));
      w += size;
      from += 32;
    }
  }
}
