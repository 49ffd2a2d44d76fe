/** Waves as a cardiologist marked them in an annotation file of `(`, peak and `)`, one file per lead. */

/** A P, QRS or T wave; sample indices. A border that was not marked is undefined. */
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

/** The waves among annotations in order of time: a peak with the `(` just before and the `)` just after it. */
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
