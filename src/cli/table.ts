/** A table for a terminal. */

/** Formats rows as aligned columns; the first row is the heading, and the first `left` columns are left-aligned. */
export function formatTable(rows: readonly (readonly string[])[], left = 1): string {
  const columns = Math.max(0, ...rows.map(row => row.length));
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map(row => (row[c] ?? '').length)),
  );
  return rows
    .map(row =>
      row
        .map((cell, c) => (c < left ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A fraction as a percentage with `digits` decimals; a dash if undefined. */
export function percent(share: number | undefined, digits = 1): string {
  return share === undefined ? '–' : (100 * share).toFixed(digits);
}
