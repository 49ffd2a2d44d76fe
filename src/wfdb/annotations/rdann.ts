/** Annotation listings as `rdann` prints them: `Time  Sample #  Type  Sub Chan  Num  Aux`, headed or not. */

import { plainLines, syntax } from '../csv/layout.ts';
import type { Annotation } from './annotation-file.ts';

// The time is elapsed (0:00.050) or, in brackets, of day and with or without a date, whose blanks belong to it.
const row =
  /^\s*(?:\[[^\]]*\]|-?[\d:.]+)\s+(-?\d{1,15})\s+(\S+)\s+(-?\d{1,4})\s+(-?\d{1,4})\s+(-?\d{1,4})(?:\t(.*)|\s+(\S.*))?$/;
const heading = /^\s*(Elapsed time|Time)\s/;
const headings = /\bType\s+Sub\s+Chan\s+Num\b/;

/**
 * The annotations of a listing, in the order they stand there. The printed time is rounded and not used: the sample
 * number says it exactly. Throws `WfdbError` for a line that is no annotation and for a text without any; listings
 * of `rdann -x` carry no sample numbers and are refused.
 *
 * @example
 * parseRdann('    0:00.214       77     N    0    0    0\n')[0].sample; // => 77
 */
export function parseRdann(text: string, options: { readonly file?: string } = {}): Annotation[] {
  const { file = 'annotations.txt' } = options;
  const annotations: Annotation[] = [];
  const lines = plainLines(text).split('\n');
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '' || (annotations.length === 0 && heading.test(line) && headings.test(line)))
      continue;
    const match = row.exec(line);
    if (!match) throw syntax(file, i + 1, 'time, sample number, type, sub, chan, num and aux', line.trim());
    const [, sample, symbol, subtype, channel, num, aux] = match;
    annotations.push({
      sample: Number(sample),
      symbol: symbol!,
      subtype: Number(subtype),
      channel: Number(channel),
      num: Number(num),
      aux: aux ?? match[7] ?? '',
    });
  }
  if (annotations.length === 0) throw syntax(file, 1, 'a listing with annotations', '');
  return annotations;
}
