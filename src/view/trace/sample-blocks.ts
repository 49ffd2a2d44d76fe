/** A cache of samples: blocks of a record, fetched when a window touches them, with the most recently used kept. */

/** Samples of every lead from `from` on, NaN where invalid. */
export interface SampleWindow {
  readonly from: number;
  readonly leads: readonly Float64Array[];
}

export interface SampleBlocks {
  /**
   * The samples of all blocks that contain `[from, to)`; undefined while some are being fetched, after which
   * `onArrival` is called. The same blocks give the same object.
   */
  window(from: number, to: number): SampleWindow | undefined;
}

/** Samples per block. */
export const blockLength = 1 << 14;
/** Values kept in all: some 32 MB. */
const mostValues = 1 << 22;

export function createSampleBlocks(
  length: number,
  leads: number,
  read: (from: number, to: number) => Promise<Float64Array[]>,
  onArrival: (error?: Error) => void,
): SampleBlocks {
  const blocks = new Map<number, readonly Float64Array[]>();
  const asked = new Set<number>();
  const mostBlocks = Math.max(8, Math.floor(mostValues / (blockLength * leads)));
  let joined: { readonly key: string; readonly window: SampleWindow } | undefined;

  const ask = (block: number): void => {
    if (blocks.has(block) || asked.has(block) || block < 0 || block * blockLength >= length) return;
    asked.add(block);
    read(block * blockLength, Math.min(length, (block + 1) * blockLength)).then(
      samples => {
        asked.delete(block);
        blocks.set(block, samples);
        for (const oldest of blocks.keys()) {
          if (blocks.size <= mostBlocks) break;
          blocks.delete(oldest);
        }
        onArrival();
      },
      // The block stays requested: a read error is reported once, not at every frame.
      (error: Error) => onArrival(error),
    );
  };

  return {
    window(from, to) {
      const first = Math.max(0, Math.floor(from / blockLength));
      const last = Math.min(Math.ceil(length / blockLength) - 1, Math.floor((to - 1) / blockLength));
      if (last < first) return undefined;
      const key = `${first} ${last}`;
      if (joined?.key === key) {
        // Prefetch the neighbours.
        ask(first - 1);
        ask(last + 1);
        return joined.window;
      }
      let isWhole = true;
      for (let block = first; block <= last; block++) {
        const held = blocks.get(block);
        if (held === undefined) {
          ask(block);
          isWhole = false;
          continue;
        }
        // Move to the end: the least recently used is evicted first.
        blocks.delete(block);
        blocks.set(block, held);
      }
      if (!isWhole) return undefined;
      const parts = Array.from({ length: last - first + 1 }, (_, k) => blocks.get(first + k)!);
      joined = { key, window: { from: first * blockLength, leads: join(parts, leads) } };
      return joined.window;
    },
  };
}

function join(parts: readonly (readonly Float64Array[])[], leads: number): Float64Array[] {
  if (parts.length === 1) return [...parts[0]!];
  return Array.from({ length: leads }, (_, lead) => {
    const whole = new Float64Array(parts.reduce((sum, part) => sum + part[lead]!.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part[lead]!, at);
      at += part[lead]!.length;
    }
    return whole;
  });
}
