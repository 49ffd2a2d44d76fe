/** Annotation listings as `rdann` prints them: `Time  Sample #  Type  Sub Chan  Num  Aux`, headed or not. */

import { eachLine, syntax } from '../csv/split.ts';
import type { Annotation } from './annotation-file.ts';

/**
 * Parses a listing and returns its annotations in the order of the lines. The printed time is rounded and therefore
 * ignored in favour of the sample number. Throws `WfdbError` for a malformed line and for a listing without
 * annotations; listings of `rdann -x` have no sample numbers and are refused. Runs in linear time.
 *
 * @example
 * parseRdann('    0:00.214       77     N    0    0    0\n')[0].sample; // => 77
 */
export function parseRdann(text: string, options: { readonly file?: string } = {}): Annotation[] {
  const { file = 'annotations.txt' } = options;
  const annotations: Annotation[] = [];
  eachLine(text, (line, number) => {
    const { words, rest } = wordsOf(line);
    if (words.length === 0 || (annotations.length === 0 && isHeading(words))) return;
    const annotation = annotationOf(words, rest);
    if (annotation === undefined) {
      throw syntax(file, number, 'time, sample number, type, sub, chan, num and aux', line.trim());
    }
    annotations.push(annotation);
  });
  if (annotations.length === 0) throw syntax(file, 1, 'a listing with annotations', '');
  return annotations;
}

/** Columns before the auxiliary text: time, sample number, type, sub, chan, num. */
const wordsBefore = 6;

const isBlank = (letter: string | undefined): boolean => letter === ' ' || letter === '\t';

/**
 * The first words of a line and the rest of it: verbatim after a tab, otherwise without leading spaces. A time in
 * brackets may contain spaces.
 */
function wordsOf(line: string): { words: string[]; rest: string } {
  const words: string[] = [];
  let at = 0;
  while (words.length < wordsBefore) {
    while (isBlank(line[at])) at++;
    if (at >= line.length) return { words, rest: '' };
    const start = at;
    if (words.length === 0 && line[at] === '[') at = Math.max(at, line.indexOf(']', at));
    while (at < line.length && !isBlank(line[at])) at++;
    words.push(line.slice(start, at));
  }
  if (line[at] === '\t') return { words, rest: line.slice(at + 1) };
  while (isBlank(line[at])) at++;
  return { words, rest: line.slice(at) };
}

function isHeading(words: readonly string[]): boolean {
  const isTime = words[0] === 'Time' || (words[0] === 'Elapsed' && words[1]?.toLowerCase() === 'time');
  return isTime && words.some(word => /^(Sample|Date)/.test(word.slice(0, 10)));
}

function annotationOf(words: readonly string[], aux: string): Annotation | undefined {
  const [time, sample, symbol, subtype, channel, num] = words;
  if (num === undefined || !isTime(time!)) return undefined;
  if (!isInteger(sample!, 15) || ![subtype!, channel!, num].every(word => isInteger(word, 4)))
    return undefined;
  return {
    sample: Number(sample),
    symbol: symbol!,
    subtype: Number(subtype),
    channel: Number(channel),
    num: Number(num),
    aux,
  };
}

/** `0:00.050`, `-1.5`, `[12:00:00.050 24/12/1989]`. */
const isTime = (word: string): boolean =>
  (word.startsWith('[') && word.endsWith(']')) || (word.length <= 40 && /^-?[\d:.]+$/.test(word));

/** Whether a word is an integer of at most `digits` digits. */
const isInteger = (word: string, digits: number): boolean =>
  word.length <= digits + 1 && /^-?\d+$/.test(word) && word.replace('-', '').length <= digits;
