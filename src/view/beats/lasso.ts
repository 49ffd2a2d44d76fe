/** Point-in-polygon test of the lasso, and histogram counts. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Whether a point is inside a closed outline, by the even-odd rule. */
export function isInsideLasso({ x, y }: Point, outline: readonly Point[]): boolean {
  let isInside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [a, b] = [outline[i]!, outline[j]!];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) isInside = !isInside;
  }
  return isInside;
}

/** The number of values in each of `bins` equal bins over `[from, to]`; the last one includes its upper edge. */
export function histogramOf(
  values: readonly number[],
  from: number,
  to: number,
  bins: number,
): { readonly edges: readonly number[]; readonly counts: readonly number[] } {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins));
    if (bin >= 0 && value <= to) counts[bin]!++;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, k) => from + (k / bins) * (to - from)), counts };
}
