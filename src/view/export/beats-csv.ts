/** Beats as a CSV table. */
import { type BeatColumns, type BeatQuantity, beatQuantities } from '../beats/beat-columns.ts';

/** One row per beat; the provenance of the slopes is in the heading of the last column. */
export function beatsCsv(beats: BeatColumns, symbols: readonly string[], provenance: string): string {
  const names = Object.keys(beatQuantities) as BeatQuantity[];
  const heading = ['beat', 'symbol', ...names.map(name => cell(withUnit(name))), 'good', cell(provenance)];
  const rows = symbols.map((symbol, k) =>
    [
      k,
      cell(symbol),
      ...names.map(name => {
        const value = beats[name][k]! * beatQuantities[name].scale;
        return Number.isFinite(value) ? Number(value.toPrecision(9)) : '';
      }),
      beats.good[k],
      '',
    ].join(','),
  );
  return `${[heading.join(','), ...rows].join('\n')}\n`;
}

const withUnit = (name: BeatQuantity): string =>
  beatQuantities[name].unit === '' ? name : `${name} (${beatQuantities[name].unit})`;

/** Escapes a cell so that no spreadsheet interprets it as a formula (OWASP: CSV injection) and commas are quoted. */
export function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
