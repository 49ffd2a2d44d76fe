/** Marks as an annotation file. */
import { encodeAnnotations } from '../../wfdb/annotations/annotation-file.ts';
import type { Annotation } from '../../wfdb/annotations/mit-format.ts';
import { type Mark, markAt } from './mark-document.ts';

/** Who saved, and when. */
export interface Signature {
  readonly who: string;
  readonly when: Date;
}

/**
 * The marks as the bytes of an MIT annotation file; with a signature, a comment at the first sample says who wrote it
 * and when. Throws `RangeError` for a mark that the format cannot hold.
 */
export function annotationBytes(marks: readonly Mark[], signature?: Signature): Uint8Array {
  const plain = marks.map(
    ({ sample, symbol, subtype, channel, num, aux }): Annotation => ({
      sample,
      symbol,
      subtype,
      channel,
      num,
      aux,
    }),
  );
  if (signature !== undefined) {
    const text = `edited by ${signature.who} ${signature.when.toISOString().slice(0, 19)}Z`;
    plain.unshift(markAt(0, '"', { aux: text.slice(0, 200) }));
  }
  return encodeAnnotations(plain);
}
