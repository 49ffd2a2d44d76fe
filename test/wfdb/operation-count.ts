/**
 * Work counted, not timed: how often V8 enters each block of our own code (its precise coverage), the steps that the
 * regular expressions take (`regexp-steps.ts`), and the lengths that built-in string and array functions walk over.
 */
import { Session } from 'node:inspector';
import { countSteps, nativeExec } from './regexp-steps.ts';

type Post = (method: string, params?: object) => Promise<unknown>;

/** Counts blocks of scripts that are loaded after this call: import what is to be counted afterwards. */
export async function startCounting(isOurs: (url: string) => boolean) {
  const session = new Session();
  session.connect();
  const post: Post = (method, params = {}) =>
    new Promise((resolve, reject) =>
      session.post(method, params, (error, result) => (error === null ? resolve(result) : reject(error))),
    );
  await post('Profiler.enable');
  await post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

  async function blocks(): Promise<number> {
    const { result } = (await post('Profiler.takePreciseCoverage')) as Coverage;
    let total = 0;
    for (const script of result) {
      if (!isOurs(script.url)) continue;
      for (const { ranges } of script.functions) for (const { count } of ranges) total += count;
    }
    return total;
  }

  let isReset = false;
  return {
    /** Blocks, steps and lengths while `work` runs to its end or throws. */
    async count(work: () => unknown): Promise<number> {
      // Reading sets the counters to 0, and between two counts no code of ours runs.
      if (!isReset) await blocks();
      isReset = true;
      const patched = countBuiltIns();
      try {
        await work();
      } catch {
        // A refusal is as good as an answer: what counts is how soon it comes.
      } finally {
        patched.restore();
      }
      return (await blocks()) + patched.work();
    },
    stop: () => session.disconnect(),
  };
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

const walks: readonly [object, readonly string[]][] = [
  [
    String.prototype,
    ['split', 'trim', 'trimStart', 'trimEnd', 'indexOf', 'lastIndexOf', 'includes', 'replaceAll', 'match'],
  ],
  [
    Array.prototype,
    ['filter', 'map', 'some', 'every', 'find', 'indexOf', 'includes', 'join', 'slice', 'flatMap', 'sort'],
  ],
  [Object.getPrototypeOf(Uint8Array.prototype), ['indexOf', 'slice', 'fill', 'set']],
];

function countBuiltIns() {
  let work = 0;
  const restores: (() => void)[] = [];
  for (const [prototype, names] of walks) {
    for (const name of names) {
      const native = Object.getOwnPropertyDescriptor(prototype, name)!;
      Object.defineProperty(prototype, name, {
        ...native,
        value(this: { length: number }, ...words: unknown[]) {
          const result: unknown = Reflect.apply(native.value, this, words);
          // A search ends where it finds.
          if (name === 'indexOf') {
            work += (Number(result) < 0 ? this.length : Number(result)) - Number(words[1] ?? 0);
          } else work += this.length;
          return result;
        },
      });
      restores.push(() => Object.defineProperty(prototype, name, native));
    }
  }
  let isCounting = false;
  RegExp.prototype.exec = function exec(text) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const found = nativeExec.call(this, text);
    if (isCounting) return found;
    isCounting = true;
    const before = work; // what the counting itself walks over does not count
    try {
      const { steps, at } = countSteps(this, String(text), from);
      work = before + steps;
      if (at !== found?.index) throw new Error(`/${this.source}/ was counted wrongly`);
    } finally {
      isCounting = false;
    }
    return found;
  };
  restores.push(() => {
    RegExp.prototype.exec = nativeExec;
  });
  return {
    work: () => work,
    restore() {
      for (const restore of restores) restore();
    },
  };
}
