/** Scheduling by animation frames and timers. */

/** Runs at most once a frame, however often it is called. */
export function oncePerFrame(run: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      run();
    });
  };
}

/** Runs at once and then at most once in this many milliseconds, the last time after the last call. */
export function everySoOften(run: () => void, milliseconds: number): () => void {
  let last = Number.NEGATIVE_INFINITY;
  let isDue = false;
  return () => {
    if (isDue) return;
    const left = last + milliseconds - performance.now();
    const now = (): void => {
      isDue = false;
      last = performance.now();
      run();
    };
    if (left <= 0) return now();
    isDue = true;
    setTimeout(now, left);
  };
}
