/** Reads the annotated spans within a window of a record. */
import { readAnnotations } from '../../wfdb/annotations/annotation-file.ts';
import { WfdbError } from '../../wfdb/errors.ts';
import { readHeader } from '../../wfdb/header.ts';
import type { Source } from '../../wfdb/source.ts';
import { type SignalSpan, signalSpans } from './signal-spans.ts';

/**
 * Spans that overlap `from` … `to` (s), clipped to it; empty if there is no annotation file. Throws `WfdbError` for a
 * malformed file.
 */
export async function readSignalSpans(
  source: Source,
  record: string,
  annotator: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly SignalSpan[]> {
  try {
    const { samplingFrequency } = await readHeader(source, record);
    const annotations = await readAnnotations(source, record, annotator, { samplingFrequency });
    return signalSpans(annotations, samplingFrequency, to)
      .filter(span => span.endSeconds >= from && span.startSeconds < to)
      .map(span => ({
        ...span,
        startSeconds: Math.max(from, span.startSeconds),
        endSeconds: Math.min(to, span.endSeconds),
      }));
  } catch (error) {
    if (error instanceof WfdbError && error.code === 'not-found') return [];
    throw error;
  }
}
