/** The marks of one annotator during editing, with unlimited undo. */
import { InputError } from '../../input-error.ts';
import { lowerBoundBy } from '../../lower-bound.ts';
import type { Annotation } from '../../wfdb/annotations/mit-format.ts';

/** An annotation with an identity that is independent of its position. */
export interface Mark extends Annotation {
  /** Proposed by a program and not yet confirmed. */
  readonly isProposed?: boolean;
}

/** An edit: the marks that are removed and added. */
export interface Edit {
  readonly removed: readonly Mark[];
  readonly added: readonly Mark[];
}

export interface MarkDocument {
  /** The marks in order of sample. */
  readonly marks: readonly Mark[];
  /** Incremented by every change. */
  readonly revision: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /**
   * Applies an edit; one that changes nothing is ignored. Throws `RangeError` for a mark that is not in the document.
   */
  edit(edit: Edit): void;
  undo(): void;
  redo(): void;
  /** Replaces all marks and clears the undo history, for another file or another annotator. */
  load(marks: readonly Mark[]): void;
  /**
   * Calls `listener` with every edit, and with undefined after `load`; returns a function that ends the subscription.
   */
  follow(listener: (edit: Edit | undefined) => void): () => void;
}

export function createMarkDocument(initial: readonly Mark[] = []): MarkDocument {
  let marks: readonly Mark[] = inOrder(initial);
  let revision = 0;
  const done: Edit[] = [];
  const undone: Edit[] = [];
  const listeners = new Set<(edit: Edit | undefined) => void>();

  const apply = (edit: Edit): void => {
    marks = applied(marks, edit);
    revision++;
    for (const listener of listeners) listener(edit);
  };
  return {
    get marks() {
      return marks;
    },
    get revision() {
      return revision;
    },
    get canUndo() {
      return done.length > 0;
    },
    get canRedo() {
      return undone.length > 0;
    },
    edit(edit) {
      if (edit.removed.length === 0 && edit.added.length === 0) return;
      apply(edit);
      done.push(edit);
      undone.length = 0;
    },
    undo() {
      const edit = done.pop();
      if (edit === undefined) return;
      undone.push(edit);
      apply({ removed: edit.added, added: edit.removed });
    },
    redo() {
      const edit = undone.pop();
      if (edit === undefined) return;
      done.push(edit);
      apply(edit);
    },
    load(loaded) {
      marks = inOrder(loaded);
      done.length = 0;
      undone.length = 0;
      revision++;
      for (const listener of listeners) listener(undefined);
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const inOrder = (marks: readonly Mark[]): readonly Mark[] => [...marks].sort((a, b) => a.sample - b.sample);

function applied(marks: readonly Mark[], { removed, added }: Edit): readonly Mark[] {
  const gone = new Set(removed);
  const kept = marks.filter(mark => !gone.delete(mark));
  if (gone.size > 0) {
    const [missing] = gone;
    throw new InputError(`there is no mark ${missing!.symbol} at sample ${missing!.sample} to change`);
  }
  return added.length === 0 ? kept : inOrder([...kept, ...added]);
}

/** Index of the first mark at or after a sample; the number of marks when there is none. */
export const firstMarkFrom = (marks: readonly Mark[], sample: number): number =>
  lowerBoundBy(marks.length, k => marks[k]!.sample < sample);

/** The marks at samples `[from, to)`. */
export const marksWithin = (marks: readonly Mark[], from: number, to: number): readonly Mark[] =>
  marks.slice(firstMarkFrom(marks, from), firstMarkFrom(marks, to));

/** The mark nearest to a sample for which `matches` is true, at most `within` samples away. */
export function nearestMark(
  marks: readonly Mark[],
  sample: number,
  within: number,
  matches: (mark: Mark) => boolean = () => true,
): Mark | undefined {
  return marksWithin(marks, sample - within, sample + within + 1)
    .filter(matches)
    .sort((a, b) => Math.abs(a.sample - sample) - Math.abs(b.sample - sample))[0];
}

/** The next (1) or previous (−1) mark from a sample for which `matches` is true. */
export function nextMark(
  marks: readonly Mark[],
  sample: number,
  direction: 1 | -1,
  matches: (mark: Mark) => boolean,
): Mark | undefined {
  if (direction === 1) return marks.slice(firstMarkFrom(marks, sample + 1)).find(matches);
  return marks.slice(0, firstMarkFrom(marks, sample)).findLast(matches);
}

/** Creates a mark of `symbol`, with default values of all other properties. */
export const markAt = (sample: number, symbol: string, rest: Partial<Mark> = {}): Mark => ({
  sample,
  symbol,
  subtype: 0,
  channel: 0,
  num: 0,
  aux: '',
  ...rest,
});
