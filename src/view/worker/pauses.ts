/**
 * Pauses between the parts of long work: waiting calls are served, and the page can suspend the work while it is
 * panned.
 */

export interface Pauses {
  /** Resolves after waiting messages have been served, and not while the work is suspended. */
  readonly pause: () => Promise<void>;
  /** Suspends the work for this many milliseconds from now. */
  readonly rest: (milliseconds: number) => void;
}

export function createPauses(): Pauses {
  let restUntil = 0;
  const macrotask = (delay: number): Promise<void> => new Promise(resolve => setTimeout(resolve, delay));
  return {
    async pause() {
      await macrotask(0);
      for (;;) {
        const left = restUntil - performance.now();
        if (left <= 0) return;
        await macrotask(left);
      }
    },
    rest(milliseconds) {
      restUntil = performance.now() + milliseconds;
    },
  };
}
