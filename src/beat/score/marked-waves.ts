/** Waves marked by a cardiologist in an annotation file of `(`, peak and `)`, one file per lead. */

/** A P, QRS or T wave; sample indices. An unmarked boundary is undefined. */
export interface MarkedWave {
  readonly kind: 'P' | 'QRS' | 'T';
  readonly onset: number | undefined;
  readonly peak: number;
  readonly offset: number | undefined;
}

const kinds = new Map<string, MarkedWave['kind']>([
  ['p', 'P'],
  ['t', 'T'],
  ['N', 'QRS'],
]);

/** The waves among annotations in order of time: a peak with the `(` directly before and the `)` directly after it. */
export function markedWaves(
  annotations: readonly { readonly sample: number; readonly symbol: string }[],
): MarkedWave[] {
  return annotations.flatMap((mark, k): MarkedWave[] => {
    const kind = kinds.get(mark.symbol);
    if (kind === undefined) return [];
    const before = annotations[k - 1];
    const after = annotations[k + 1];
    return [
      {
        kind,
        onset: before?.symbol === '(' ? before.sample : undefined,
        peak: mark.sample,
        offset: after?.symbol === ')' ? after.sample : undefined,
      },
    ];
  });
}
