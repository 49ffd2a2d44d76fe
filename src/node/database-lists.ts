/** Parses the lists of a published database: `SHA256SUMS.txt`, `RECORDS` and `ANNOTATORS`. */
import { quote } from '../wfdb/text.ts';
import type { Report } from '../wfdb/warnings.ts';

/**
 * Parses the output of `sha256sum` into a map of file name → SHA-256 sum (hex, lower case). Malformed lines are
 * reported.
 */
export function parseSums(lines: readonly string[], file: string, report: Report): Map<string, string> {
  const sums = new Map<string, string>();
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const sum = line.slice(0, 64);
    const name = line.slice(64).trim().replace(/^\*/, '').replace(/^\.\//, '');
    const isSeparate = line[64] === ' ' || line[64] === '\t';
    if (isSeparate && name !== '' && /^[0-9a-f]{64}$/i.test(sum)) sums.set(name, sum.toLowerCase());
    else {
      report({
        code: 'syntax',
        file,
        line: i + 1,
        expected: 'a SHA-256 sum and a file name',
        found: quote(line),
        count: 1,
        what: 'lines left out',
      });
    }
  }
  return sums;
}

/**
 * The entries of `RECORDS`: records, and folders (with a trailing `/`) that have their own list. Lines that begin with `#`
 * are comments, as in headers.
 */
export function recordEntries(lines: readonly string[]): string[] {
  return lines.map(line => line.trim()).filter(line => line !== '' && !line.startsWith('#'));
}

/**
 * Groups file names by the records to which they can belong: the base name up to its first `.`, or up to its last.
 * (`100.dat` belongs to record `100`, `a.b.hea` to record `a.b`.)
 */
export function namesByRecord(names: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const name of names) {
    const base = name.lastIndexOf('/') + 1;
    const dots = new Set([name.indexOf('.', base), name.lastIndexOf('.')]);
    for (const dot of dots) {
      if (dot < base) continue;
      const record = name.slice(0, dot);
      const list = found.get(record);
      if (list === undefined) found.set(record, [name]);
      else list.push(name);
    }
  }
  return found;
}
