/**
 * What annotations say about time intervals and instants rather than beats: rhythm, ventricular flutter, noise, artefacts and
 * comments, with the meanings that the WFDB Applications Guide gives to the symbols `+ [ ] ~ | "`.
 */

export type SpanKind = 'rhythm' | 'flutter' | 'noise' | 'artefact' | 'comment';

/** A labelled time interval; an instant if `from` equals `to`. */
export interface SignalSpan {
  /** s, on the record's clock. */
  readonly from: number;
  readonly to: number;
  readonly kind: SpanKind;
  /** As the annotator wrote it, e.g. `AFIB`; empty where the kind says it all. */
  readonly label: string;
}

/** The parts of an annotation that describe a span. */
export interface SpanMark {
  readonly sample: number;
  readonly symbol: string;
  readonly subtype: number;
  readonly aux: string;
}

/**
 * The spans of a record, in order of their start. `annotations` ascend in time, at `samplingFrequency` (Hz); `end` is
 * where the record ends, s. A rhythm lasts to the next one, flutter from `[` to `]`, noise (`~` with a subtype that is
 * not 0) to the next `~`; what is not ended lasts to the end of the record.
 *
 * @example signalSpans([{ sample: 360, symbol: '+', subtype: 0, aux: '(AFIB' }], 360, 10)
 *   // => [{ from: 1, to: 10, kind: 'rhythm', label: 'AFIB' }]
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
    if (span && to > span.from) spans.push({ from: span.from, to, kind, label: span.label });
  };
  const start = (kind: SpanKind, from: number, label: string): void => {
    close(kind, from);
    open.set(kind, { from, label });
  };
  for (const { sample, symbol, subtype, aux } of annotations) {
    const time = sample / samplingFrequency;
    const text = readable(aux);
    if (symbol === '+') {
      // A rhythm change without a name ends the one before.
      if (text === '') close('rhythm', time);
      else start('rhythm', time, text);
    } else if (symbol === '[') start('flutter', time, text);
    else if (symbol === ']') close('flutter', time);
    else if (symbol === '~') {
      if (subtype === 0) close('noise', time);
      else start('noise', time, text === '' ? noiseLabel(subtype) : text);
    } else if (symbol === '|') spans.push({ from: time, to: time, kind: 'artefact', label: text });
    else if (symbol === '"') spans.push({ from: time, to: time, kind: 'comment', label: text });
  }
  for (const kind of [...open.keys()]) close(kind, end);
  return spans.sort((a, b) => a.from - b.from || a.to - b.to);
}

/** The aux text without the parenthesis that rhythms begin with and without the null bytes that some files pad with. */
const readable = (aux: string): string =>
  [...aux]
    .filter(character => character >= ' ' && character !== '\u007f')
    .join('')
    .replace(/^\(/, '')
    .trim();

/**
 * The leads that a signal quality change names, counted from 1: bits 0 to 3 of the subtype are noisy leads, bits 4 to 7
 * unreadable ones; −1 is unreadable altogether.
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
