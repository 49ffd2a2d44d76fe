/**
 * Work counted, not timed: how often each block of our own code ran (V8's precise coverage counts them), and how many
 * characters and elements went through the built-in methods of strings, arrays and regular expressions, which no block
 * count shows. Backtracking inside a regular expression cannot be counted, so the longest text that one saw is.
 */
import { Session } from 'node:inspector/promises';

// Blocks are counted in functions that are compiled, at their first call, after the counting began; so it never ends.
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

export interface Work {
  readonly steps: number;
  /** Length of the longest text that a regular expression was run on. */
  readonly longestMatched: number;
}

/** Methods that go over their whole string or array, or as much of it as they find no reason to stop before. */
const stringMethods = [
  ...([
    'split',
    'replace',
    'replaceAll',
    'trim',
    'trimStart',
    'trimEnd',
    'toLowerCase',
    'normalize',
  ] as const),
  ...(['search', 'match', 'lastIndexOf'] as const),
] as const;
const arrayMethods = [
  ...([
    'indexOf',
    'includes',
    'find',
    'findIndex',
    'some',
    'every',
    'filter',
    'map',
    'flatMap',
    'splice',
  ] as const),
  ...(['shift', 'join', 'reduce', 'toSorted', 'concat', 'slice'] as const),
] as const;

/** Characters that a search from `from` on went over. */
const searched = (text: string, found: number, from: unknown): number =>
  (found < 0 ? text.length : found + 1) - Math.min(Number(from ?? 0), text.length);

/** Runs `run` and counts its work in scripts whose path contains `path`. */
export async function countWork(run: () => unknown, path: string): Promise<Work> {
  let handled = 0;
  let longestMatched = 0;
  const undo: (() => void)[] = [];
  const wrap = <T extends object>(
    prototype: T,
    name: keyof T & string,
    cost: (self: never, values: readonly unknown[], result: never) => number,
  ): void => {
    const own = prototype[name] as (...values: unknown[]) => unknown;
    const define = (value: unknown) =>
      Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
    define(function (this: unknown, ...values: unknown[]): unknown {
      const result = own.apply(this, values);
      handled += cost(this as never, values, result as never);
      return result;
    });
    undo.push(() => define(own));
  };
  await session.post('Profiler.takePreciseCoverage'); // what ran before
  try {
    for (const name of stringMethods) wrap(String.prototype, name, (self: string) => self.length);
    for (const name of arrayMethods) wrap(Array.prototype, name, (self: unknown[]) => self.length);
    for (const name of ['slice', 'substring'] as const) {
      wrap(String.prototype, name, (_, __, result: string) => result.length);
    }
    wrap(String.prototype, 'indexOf', (self: string, [, from], at: number) => searched(self, at, from));
    wrap(String.prototype, 'includes', (self: string, [, from], is: boolean) =>
      searched(self, is ? 0 : -1, from),
    );
    wrap(RegExp.prototype, 'exec', (_, [text]) => {
      const { length } = text as string;
      longestMatched = Math.max(longestMatched, length);
      return length;
    });
    run();
  } finally {
    for (const restore of undo) restore();
  }
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const blocks = result
    .filter(({ url }) => url.includes(path))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)));
  if (blocks.length === 0) throw new Error(`no code under ${path} ran`);
  return { steps: handled + blocks.reduce((sum, count) => sum + count, 0), longestMatched };
}
