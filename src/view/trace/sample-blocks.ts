/** Samples as they are needed: blocks of a record that are fetched when a window touches them, the latest kept. */

/** Samples of every lead from `from` on, NaN where invalid. */
export interface SampleWindow {
  readonly from: number;
  readonly leads: readonly Float64Array[];
}

export interface SampleBlocks {
  /**
   * Samples that hold `[from, to)` and whole blocks around them; undefined while some are on their way, which
   * `onArrival` tells. One window of the same blocks is one object.
   */
  window(from: number, to: number): SampleWindow | undefined;
}

/** Samples a block. */
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
      // The block stays asked for: a file that cannot be read is told of once, not at every frame.
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
        // The neighbours, before they are panned to.
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
        // Last used, last to go.
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
