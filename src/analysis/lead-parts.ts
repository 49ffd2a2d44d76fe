/** Reads a lead in parts with margins, so that memory does not grow with the length of the record. */
import type { PlacedPart } from '../beat/lead-part.ts';
import { leadPieces } from './leads.ts';
import type { OpenRecording } from './open-recording.ts';

/**
 * Divides a lead into parts of `length` samples, the last one shorter, each with up to `margin` samples of the lead
 * before and after it. The voltage of a part (mV) is valid only until the next part is requested; that of the last part
 * remains valid.
 */
export async function* leadParts(
  recording: OpenRecording,
  lead: string,
  { length, margin }: { readonly length: number; readonly margin: number },
): AsyncGenerator<PlacedPart, void, undefined> {
  // A short recording gets a buffer of its own length, because batches read many of them.
  let held = new Float64Array(0);
  /** Number of samples in `held`, index in the lead of its first sample, and index of the start of the next part. */
  let count = 0;
  let start = 0;
  let next = 0;

  const part = (to: number): PlacedPart => ({
    voltage: held.subarray(0, Math.min(count, to + margin - start)),
    start: next - start,
    end: to - start,
    offset: start,
  });
  const advance = (to: number): void => {
    next = to;
    const keepFrom = Math.max(0, next - margin - start);
    held.copyWithin(0, keepFrom, count);
    count -= keepFrom;
    start += keepFrom;
  };

  for await (const [piece] of leadPieces(recording, [lead])) {
    if (piece!.length === recording.length && piece!.length <= length) {
      yield { voltage: piece!, start: 0, end: piece!.length, offset: 0 };
      return;
    }
    if (count + piece!.length > held.length) {
      const usual = Math.min(length + 2 * margin, recording.length ?? 0);
      const longer = new Float64Array(Math.max(usual, count + piece!.length));
      longer.set(held.subarray(0, count));
      held = longer;
    }
    held.set(piece!, count);
    count += piece!.length;
    while (start + count >= next + length + margin) {
      yield part(next + length);
      advance(next + length);
    }
  }
  while (next < start + count) {
    const to = Math.min(next + length, start + count);
    yield part(to);
    if (to === start + count) return;
    advance(to);
  }
}
