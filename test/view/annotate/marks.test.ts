/** Editing marks: every edit can be undone, and what is saved reads back as it was. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annotationBytes } from '../../../src/view/annotate/annotation-bytes.ts';
import {
  accept,
  add,
  markUnusable,
  move,
  remove,
  retype,
  retypeRange,
  snapToPeak,
} from '../../../src/view/annotate/mark-actions.ts';
import {
  createMarkDocument,
  firstMarkFrom,
  type Mark,
  markAt,
  nearestMark,
  nextMark,
} from '../../../src/view/annotate/mark-document.ts';
import { reviewOrder, reviewProgress } from '../../../src/view/annotate/review.ts';
import { decodeAnnotations } from '../../../src/wfdb/annotations/annotation-file.ts';
import { isNewAnnotatorName } from '../../../src/wfdb/annotations/annotator-name.ts';
import { isBeat } from '../../../src/wfdb/annotations/symbols.ts';

const beats = (...samples: number[]): Mark[] => samples.map(sample => markAt(sample, 'N'));
const template = { symbol: 'V', subtype: 0, channel: 0, num: 0, aux: '' };

describe('mark document', () => {
  test('any series of edits, undone to the first, leaves what was there; redone, what it became', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(1000)), { maxLength: 40 }), steps => {
        const document = createMarkDocument(beats(10, 20, 30, 40));
        const before = document.marks;
        for (const [kind, value] of steps) {
          const mark = document.marks[value % Math.max(1, document.marks.length)];
          if (kind === 0) add(document, value, template);
          else if (mark === undefined) continue;
          else if (kind === 1) retype(document, [mark], 'S');
          else if (kind === 2) move(document, mark, value);
          else if (kind === 3) remove(document, [mark]);
          else retypeRange(document, value, value + 100, 'F');
          expect(document.marks.map(m => m.sample)).toEqual(
            document.marks.map(m => m.sample).sort((a, b) => a - b),
          );
        }
        const after = document.marks;
        while (document.canUndo) document.undo();
        expect(document.marks).toEqual(before);
        while (document.canRedo) document.redo();
        expect(document.marks).toEqual(after);
      }),
      { numRuns: 100 },
    );
  });

  test('a new edit forgets what was undone', () => {
    const document = createMarkDocument(beats(10));
    retype(document, [document.marks[0]!], 'V');
    document.undo();
    retype(document, [document.marks[0]!], 'S');
    document.redo();
    expect(document.marks[0]!.symbol).toBe('S');
  });

  test('a mark that is not there cannot be changed', () => {
    const document = createMarkDocument(beats(10));
    expect(() => remove(document, [markAt(10, 'N')])).toThrow(RangeError);
    expect(document.marks.length).toBe(1);
  });

  test('finds marks by place', () => {
    const marks = beats(10, 20, 30);
    expect(firstMarkFrom(marks, 20)).toBe(1);
    expect(nearestMark(marks, 26, 5)!.sample).toBe(30);
    expect(nearestMark(marks, 26, 3)).toBeUndefined();
    expect(nextMark(marks, 20, 1, () => true)!.sample).toBe(30);
    expect(nextMark(marks, 20, -1, () => true)!.sample).toBe(10);
  });
});

describe('edits', () => {
  test('retyping, moving and accepting confirm a proposal', () => {
    const document = createMarkDocument([markAt(10, 'N', { isProposed: true })]);
    for (const edit of [
      () => accept(document, [document.marks[0]!]),
      () => retype(document, [document.marks[0]!], 'V'),
      () => move(document, document.marks[0]!, 12),
    ]) {
      edit();
      expect(document.marks[0]!.isProposed).toBeUndefined();
      document.undo();
      expect(document.marks[0]!.isProposed).toBe(true);
    }
  });

  test('a beat added where one stands replaces it', () => {
    const document = createMarkDocument(beats(10));
    add(document, 10, template);
    expect(document.marks.map(mark => mark.symbol)).toEqual(['V']);
  });

  test('a peak is found near the cursor, up or down, on a sloping baseline', () => {
    const values = Float64Array.from({ length: 200 }, (_, k) => 0.01 * k - Math.exp(-((k - 90) ** 2) / 20));
    expect(snapToPeak({ from: 1000, values }, 1100, 30)).toBe(1090);
  });

  test('an unusable interval is stored as two comments', () => {
    const document = createMarkDocument(beats(50));
    markUnusable(document, 10, 90);
    expect(document.marks.map(mark => mark.aux)).toEqual(['unusable from', '', 'unusable to']);
  });

  test('review goes through the proposals from the least to the most certain', () => {
    const marks = [10, 20, 30, 40].map(sample => markAt(sample, 'N', { isProposed: true }));
    const confirmed = markAt(20, 'N');
    const order = reviewOrder(
      [marks[0], confirmed, marks[2], marks[3]],
      Float64Array.of(0.9, 0.1, Number.NaN, 0.5),
    );
    expect(order.map(mark => mark.sample)).toEqual([30, 40, 10]);
    expect(reviewProgress([confirmed, marks[0]!, markAt(5, '+')], isBeat)).toEqual({ total: 2, done: 1 });
  });
});

describe('saving', () => {
  test('what is saved reads back, every field of it', () => {
    const marks = [
      markAt(10, 'N'),
      markAt(20, 'V', { subtype: 3, channel: 1, num: 2, aux: 'multiform' }),
      markAt(30, '"', { aux: 'こんにちは' }),
    ];
    expect(decodeAnnotations(annotationBytes(marks), 'x.edit')).toEqual(marks);
  });

  test('the provenance note holds editor and time', () => {
    const bytes = annotationBytes([markAt(10, 'N')], {
      signature: { who: 'A. Smith', when: new Date(0) },
    });
    expect(decodeAnnotations(bytes, 'x.edit')[0]).toMatchObject({
      sample: 0,
      symbol: '"',
      aux: 'edited by A. Smith 1970-01-01T00:00:00Z',
    });
  });

  test('a reference annotator, a signal file or a path is no name for edits', () => {
    for (const name of ['atr', 'ATR', 'hea', 'dat', '', '../x', 'a.b', '1a', 'a'.repeat(21)]) {
      expect(isNewAnnotatorName(name)).toBe(false);
    }
    expect(isNewAnnotatorName('jk2')).toBe(true);
  });
});
