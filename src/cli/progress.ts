/** A progress bar on a terminal; no output in a pipe. */
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** `done` of the announced total, with a short note shown beside the bar. */
  update(done: number, note?: string): void;
  stop(): void;
}

/**
 * Starts a progress bar on standard error, which keeps standard output free for results; optionally shows the
 * remaining time.
 */
export function startProgress(
  title: string,
  total: number,
  { timeLeft = false }: { readonly timeLeft?: boolean } = {},
): Progress {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const bar = new SingleBar(
    {
      format: `${title} [{bar}] {value}/{total}${timeLeft ? ', {eta_formatted} left' : ''} {note}`,
      stream: process.stderr,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { note: '' });
  return {
    update: (done, note = '') => bar.update(done, { note }),
    stop: () => bar.stop(),
  };
}
