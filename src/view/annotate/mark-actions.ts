/** Editing actions on marks, each a single undoable edit. */
import { isBeat } from '../../wfdb/annotations/symbols.ts';
import type { Curve } from '../trace/trace-signals.ts';
import { type Mark, type MarkDocument, markAt, marksWithin } from './mark-document.ts';

/** The properties of the next mark to be added. */
export type MarkTemplate = Pick<Mark, 'symbol' | 'subtype' | 'channel' | 'num' | 'aux'>;

const without = ({ isProposed: _, ...mark }: Mark): Mark => mark;

/** Changes the symbol of marks and confirms them; returns the new marks. */
export function retype(document: MarkDocument, marks: readonly Mark[], symbol: string): readonly Mark[] {
  return replace(document, marks, mark => ({ ...without(mark), symbol }));
}

/** Confirms proposals unchanged. */
export const accept = (document: MarkDocument, marks: readonly Mark[]): readonly Mark[] =>
  replace(document, marks, without);

/** Replaces each mark by the result of `change`. */
export function replace(
  document: MarkDocument,
  marks: readonly Mark[],
  change: (mark: Mark) => Mark,
): readonly Mark[] {
  const added = marks.map(change);
  document.edit({ removed: marks, added });
  return added;
}

export function move(document: MarkDocument, mark: Mark, sample: number): Mark {
  return replace(document, [mark], m => ({ ...without(m), sample }))[0]!;
}

/** Adds a mark, replacing one of the same channel at that sample. */
export function add(document: MarkDocument, sample: number, template: MarkTemplate): Mark {
  const mark = markAt(sample, template.symbol, template);
  const there = marksWithin(document.marks, sample, sample + 1).filter(
    other => other.channel === mark.channel && isBeat(other.symbol) === isBeat(mark.symbol),
  );
  document.edit({ removed: there, added: [mark] });
  return mark;
}

export const remove = (document: MarkDocument, marks: readonly Mark[]): void =>
  document.edit({ removed: marks, added: [] });

/** Sets the symbol of every beat at samples `[from, to)`. */
export function retypeRange(
  document: MarkDocument,
  from: number,
  to: number,
  symbol: string,
): readonly Mark[] {
  const beats = marksWithin(document.marks, from, to).filter(mark => isBeat(mark.symbol));
  return retype(document, beats, symbol);
}

/** Marks samples `[from, to]` as unusable, by a comment at each end. */
export function markUnusable(document: MarkDocument, from: number, to: number): void {
  document.edit({
    removed: [],
    added: [markAt(from, '"', { aux: 'unusable from' }), markAt(to, '"', { aux: 'unusable to' })],
  });
}

/**
 * The sample, within `reach` samples, of the largest deflection from the straight line between the ends of that range:
 * the R peak of a nearby beat. Returns `sample` itself where there is no signal.
 */
export function snapToPeak({ from, values }: Curve, sample: number, reach: number): number {
  const first = Math.max(from, sample - reach);
  const last = Math.min(from + values.length - 1, sample + reach);
  const [start, end] = [values[first - from]!, values[last - from]!];
  let best = sample;
  let largest = 0;
  for (let i = first; i <= last; i++) {
    const level = start + ((i - first) / Math.max(1, last - first)) * (end - start);
    const height = Math.abs(values[i - from]! - level);
    if (height > largest) {
      largest = height;
      best = i;
    }
  }
  return best;
}
