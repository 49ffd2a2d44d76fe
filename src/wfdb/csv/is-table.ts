/** Detects text tables from their first bytes. */
import { WfdbError } from '../errors.ts';
import { mostNumbers, usesSingleQuotes } from './delimiter.ts';
import { decodeTable } from './encoding.ts';
import { firstRows } from './first-rows.ts';
import { readLayout } from './layout.ts';
import { eachRow } from './split.ts';

/**
 * Whether the first bytes of a file (or all of them) look like a table of samples: text in which, below a header, most
 * rows have the same number of cells and contain a number. Markup and JSON are never tables. WFDB headers look similar:
 * test for them first.
 *
 * @example
 * isTable(new TextEncoder().encode('time,I\n0.000,0.5\n0.004,0.6\n')); // => true
 */
export function isTable(bytes: Uint8Array): boolean {
  const { text } = decodeTable(bytes);
  const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
  // The last line may be truncated.
  const head = end < 0 ? text : text.slice(0, end);
  const begin = head.slice(0, 100).trimStart();
  if (head.includes('\0') || begin.startsWith('<') || /^[{[]\s*["{}\]]/.test(begin)) return false;
  try {
    const quote = usesSingleQuotes(head) ? "'" : '"';
    const delimiter = mostNumbers(head, quote, 'table') ?? '\t';
    const rows = firstRows(onRow => eachRow(head, { delimiter, quote }, 'table', onRow), 'table');
    const { headRows, columns } = readLayout(rows, delimiter, undefined, 'table');
    const below = rows.slice(headRows).filter(({ cells }) => cells.some(cell => cell !== ''));
    return 2 * below.filter(({ cells }) => cells.length >= columns).length > below.length;
  } catch (error) {
    if (error instanceof WfdbError) return false;
    throw error;
  }
}
