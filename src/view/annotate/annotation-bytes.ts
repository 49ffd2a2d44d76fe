/** Encoding of marks as an annotation file. */
import { encodeAnnotations } from '../../wfdb/annotations/annotation-file.ts';
import type { Annotation } from '../../wfdb/annotations/mit-format.ts';
import type { AnnotationDefinition } from '../../wfdb/annotations/notes.ts';
import { type Mark, markAt } from './mark-document.ts';

/** The author and time of an annotation file. */
export interface Signature {
  readonly who: string;
  readonly when: Date;
}

export interface MarkFileOptions {
  /** Annotation types in addition to the standard ones. */
  readonly definitions?: readonly AnnotationDefinition[];
  readonly signature?: Signature | undefined;
}

/**
 * Encodes marks as an annotation file in MIT format; a signature is stored as a comment at the first sample. Throws
 * `RangeError` for a mark that the format cannot represent.
 */
export function annotationBytes(
  marks: readonly Mark[],
  { definitions = [], signature }: MarkFileOptions = {},
): Uint8Array {
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
  return encodeAnnotations(plain, { definitions });
}
