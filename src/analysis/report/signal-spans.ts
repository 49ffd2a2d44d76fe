/**
 * Derives time spans (rhythm, ventricular flutter, noise, artefacts and comments) from annotations that do not mark
 * beats, with the meanings that the WFDB Applications Guide gives to the symbols `+ [ ] ~ | "`.
 */

/** What a span marks; `asystole`, `fibrillation` and `quality` are found in the signal, `noise` there or annotated, the others annotated. */
export type SpanKind =
  | 'rhythm'
  | 'flutter'
  | 'noise'
  | 'artefact'
  | 'comment'
  | 'asystole'
  | 'fibrillation'
  | 'quality';

/** A labelled time interval; an instant if `startSeconds` equals `endSeconds`. */
export interface SignalSpan {
  /** Start and end, s from the start of the record. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly kind: SpanKind;
  /** Text of the annotation, e.g. `AFIB`; empty if there is none. */
  readonly label: string;
}

/** The fields of an annotation from which spans are derived. */
export interface SpanMark {
  readonly sample: number;
  readonly symbol: string;
  readonly subtype: number;
  readonly aux: string;
}

/**
 * The spans of a record, in order of their start. `annotations` are sorted by time, at `samplingFrequency` (Hz);
 * `end` is the end of the record, s. A rhythm lasts until the next rhythm change, flutter from `[` to `]`, and noise
 * (`~` with a non-zero subtype) until the next `~`; a span without an end lasts until the end of the record.
 *
 * @example signalSpans([{ sample: 360, symbol: '+', subtype: 0, aux: '(AFIB' }], 360, 10)
 *   // => [{ startSeconds: 1, endSeconds: 10, kind: 'rhythm', label: 'AFIB' }]
 */
export function signalSpans(
  annotations: readonly SpanMark[],
  samplingFrequency: number,
  end: number,
): SignalSpan[] {
  const spans: SignalSpan[] = [];
  const open = new Map<SpanKind, { readonly from: number; readonly label: string }>();
  const close = (kind: SpanKind, to: number): void => {
    const span = open.get(kind);
    open.delete(kind);
    if (span && to > span.from)
      spans.push({ startSeconds: span.from, endSeconds: to, kind, label: span.label });
  };
  const start = (kind: SpanKind, from: number, label: string): void => {
    close(kind, from);
    open.set(kind, { from, label });
  };
  for (const { sample, symbol, subtype, aux } of annotations) {
    const time = sample / samplingFrequency;
    const text = readable(aux);
    if (symbol === '+') {
      // A rhythm change without a name only ends the current rhythm.
      if (text === '') close('rhythm', time);
      else start('rhythm', time, text);
    } else if (symbol === '[') start('flutter', time, text);
    else if (symbol === ']') close('flutter', time);
    else if (symbol === '~') {
      if (subtype === 0) close('noise', time);
      else start('noise', time, text === '' ? noiseLabel(subtype) : text);
    } else if (symbol === '|')
      spans.push({ startSeconds: time, endSeconds: time, kind: 'artefact', label: text });
    else if (symbol === '"')
      spans.push({ startSeconds: time, endSeconds: time, kind: 'comment', label: text });
  }
  for (const kind of [...open.keys()]) close(kind, end);
  return spans.sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds);
}

/**
 * The aux text without the leading parenthesis of rhythm names and without null bytes, with which some files are
 * padded.
 */
const readable = (aux: string): string =>
  [...aux]
    .filter(character => character >= ' ' && character !== '\u007f')
    .join('')
    .replace(/^\(/, '')
    .trim();

/**
 * Label of a signal quality change with the affected leads, numbered from 1: bits 0 to 3 of the subtype mark noisy
 * leads, bits 4 to 7 unreadable leads; −1 means that all are unreadable.
 */
export function noiseLabel(subtype: number): string {
  if (subtype === -1) return 'unreadable';
  const leads = (shift: number): string =>
    [0, 1, 2, 3]
      .filter(k => subtype & (1 << (k + shift)))
      .map(k => k + 1)
      .join(', ');
  return [leads(0), leads(4) === '' ? '' : `unreadable ${leads(4)}`].filter(text => text !== '').join('; ');
}
