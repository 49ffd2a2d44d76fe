/** The memory that the threads of a training share, and the signals between them. */
import type { Floats } from '../../diff/tensor.ts';
import { parametersOf } from '../../learn/model/network.ts';
import type { GradientTask, SharedGradient } from '../../learn/train/sharded-gradient.ts';

/** Positions in the shared array of signals. */
export const signal = {
  /** Raised by 1 for each round, in which the workers compute, or take a new task if one has been sent. */
  round: 0,
  /** The workers that are done in this round; from `failure` on, one has failed. */
  done: 1,
} as const;
export const signalCount = 2;
/** Added to `signal.done` by a failure. */
export const failure = 1 << 20;

/** A task as it is sent to the workers. */
export interface SentTask {
  readonly task: GradientTask;
  readonly memory: SharedArrayBuffer;
}

/** Arrays begin in cache lines of their own, so that no two threads write to one. */
const alignedBytes = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** The shared arrays of a task, the same on every thread: in new memory, or in what another thread has allocated. */
export function sharedArrays(
  { network, precision, batchSize, inputs, targetColumns, bounds }: GradientTask,
  given?: SharedArrayBuffer,
): Omit<SharedGradient, 'begin' | 'finish'> & { readonly memory: SharedArrayBuffer } {
  const workers = bounds.length - 1;
  const lengths = parametersOf(network).map(({ data }) => data.length);
  const size = precision === 'float32' ? 4 : 8;
  const layout = [
    ...[batchSize * inputs, batchSize * targetColumns, ...lengths],
    ...Array.from({ length: workers }, () => lengths).flat(),
  ].map(length => ({ length, bytes: length * size }));
  const ends = { length: workers, bytes: workers * 8 };
  const total = [...layout, ends, ends, ends].reduce((sum, { bytes }) => sum + alignedBytes(bytes), 0);
  const memory = given ?? new SharedArrayBuffer(total);
  let from = 0;
  const next = <T>(bytes: number, view: (at: number) => T): T => {
    const array = view(from);
    from += alignedBytes(bytes);
    return array;
  };
  const floats = layout.map(({ length, bytes }) =>
    next(
      bytes,
      (at): Floats =>
        size === 4 ? new Float32Array(memory, at, length) : new Float64Array(memory, at, length),
    ),
  );
  const numbers = (): Float64Array => next(ends.bytes, at => new Float64Array(memory, at, workers));
  const [x, targets, ...rest] = floats;
  return {
    ...{ memory, x: x!, targets: targets!, parameters: rest.slice(0, lengths.length) },
    gradients: Array.from({ length: workers }, (_, k) =>
      rest.slice((k + 1) * lengths.length, (k + 2) * lengths.length),
    ),
    ...{ shares: numbers(), losses: numbers(), lossSums: numbers() },
  };
}
