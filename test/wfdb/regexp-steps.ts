/**
 * How many steps a backtracking matcher takes for a regular expression on a text: the work that a wall clock would show
 * on long inputs, counted exactly on short ones. The matcher follows ECMA-262 §22.2.2 for the part of the grammar that
 * the parsers use; an expression outside it throws, so none goes uncounted.
 */

type Next = (at: number) => boolean;
type Matcher = (at: number, next: Next) => boolean;

interface Run {
  readonly text: string;
  steps: number;
}

type Compiled = (run: Run) => Matcher;

const setCache = new Map<string, Map<string, boolean>>();

/** Whether one character is in what `source`, a class, an escape or a literal, stands for; asked of the engine itself. */
function isIn(source: string, flags: string, character: string): boolean {
  const key = `${flags}/${source}`;
  const known = setCache.get(key) ?? new Map<string, boolean>();
  setCache.set(key, known);
  let answer = known.get(character);
  if (answer === undefined) {
    answer = nativeExec.call(new RegExp(`^(?:${source})$`, flags), character) !== null;
    known.set(character, answer);
  }
  return answer;
}

export const nativeExec = RegExp.prototype.exec;

const charAt = (text: string, at: number, isUnicode: boolean): string =>
  isUnicode ? String.fromCodePoint(text.codePointAt(at)!) : text.charAt(at);

/** Steps that matching takes from `lastIndex` (sticky or global) or the start; and where it matched, if it did. */
export function countSteps(
  pattern: RegExp,
  text: string,
  from: number,
): { steps: number; at: number | undefined } {
  const run: Run = { text, steps: 0 };
  const matcher = compile(pattern)(run);
  for (let at = from; at <= text.length; at++) {
    run.steps++;
    if (matcher(at, () => true)) return { steps: run.steps, at };
    if (pattern.sticky) break;
  }
  return { steps: run.steps, at: undefined };
}

const compiledCache = new Map<string, Compiled>();

function compile({ source, flags }: RegExp): Compiled {
  const key = `${flags}/${source}`;
  let compiled = compiledCache.get(key);
  if (compiled === undefined) {
    const parser = new Parser(source, flags);
    compiled = parser.alternatives();
    if (!parser.isAtEnd()) throw new Error(`cannot count the steps of /${source}/`);
    compiledCache.set(key, compiled);
  }
  return compiled;
}

interface Atom {
  readonly compiled: Compiled;
  /** The source of a set of single characters, where it is one. */
  readonly set: string | undefined;
}

class Parser {
  private at = 0;
  private readonly source: string;
  private readonly flags: string;

  constructor(source: string, flags: string) {
    this.source = source;
    this.flags = flags.replace(/[gyd]/g, '');
  }

  isAtEnd(): boolean {
    return this.at === this.source.length;
  }

  alternatives(): Compiled {
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    if (options.length === 1) return options[0]!;
    return run => {
      const matchers = options.map(option => option(run));
      return (at, next) => matchers.some(matcher => matcher(at, next));
    };
  }

  private sequence(): Compiled {
    const parts: Compiled[] = [];
    while (!this.isAtEnd() && !'|)'.includes(this.source[this.at]!)) parts.push(this.term());
    return run => {
      const matchers = parts.map(part => part(run));
      const from =
        (index: number, next: Next): Next =>
        at =>
          index === matchers.length ? next(at) : matchers[index]!(at, from(index + 1, next));
      return (at, next) => from(0, next)(at);
    };
  }

  private term(): Compiled {
    const atom = this.atom();
    const range = this.quantifier();
    if (range === undefined) return atom.compiled;
    const isLazy = this.take('?');
    return atom.set === undefined || isLazy
      ? repeatGroup(atom.compiled, range, isLazy)
      : repeatSet(atom.set, this.flags, range);
  }

  private quantifier(): readonly [number, number] | undefined {
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    const braces = nativeExec.call(/^\{(\d+)(,(\d*))?\}/, this.source.slice(this.at));
    if (braces === null) return undefined;
    this.at += braces[0].length;
    const least = Number(braces[1]);
    return [least, braces[2] === undefined ? least : braces[3] === '' ? Infinity : Number(braces[3])];
  }

  private atom(): Atom {
    const { source } = this;
    if (this.take('^')) return anchor((at, run) => at === 0 || (this.isMultiline() && isBreak(run, at - 1)));
    if (this.take('$'))
      return anchor((at, run) => at === run.text.length || (this.isMultiline() && isBreak(run, at)));
    if (this.take('(?=')) return this.lookahead(true);
    if (this.take('(?!')) return this.lookahead(false);
    if (this.take('(?:') || this.take('(')) {
      const inner = this.alternatives();
      if (!this.take(')')) throw new Error(`cannot count the steps of /${source}/`);
      return { compiled: inner, set: undefined };
    }
    const set = nativeExec.call(
      /^(?:\[(?:[^\]\\]|\\.)*\]|\\[pP]\{[^}]*\}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[dDwWsSnrtv0]|\\\W|[^\\()*+?{])/iu,
      source.slice(this.at),
    )?.[0];
    if (set === undefined) throw new Error(`cannot count the steps of /${source}/`);
    this.at += set.length;
    return { compiled: repeatSet(set, this.flags, [1, 1]), set };
  }

  private lookahead(isWanted: boolean): Atom {
    const inner = this.alternatives();
    if (!this.take(')')) throw new Error(`cannot count the steps of /${this.source}/`);
    const compiled: Compiled = run => {
      const matcher = inner(run);
      return (at, next) => matcher(at, () => true) === isWanted && next(at);
    };
    return { compiled, set: undefined };
  }

  private isMultiline(): boolean {
    return this.flags.includes('m');
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }
}

const isBreak = ({ text }: Run, at: number): boolean => '\n\r\u2028\u2029'.includes(text.charAt(at) || 'x');

const anchor = (holds: (at: number, run: Run) => boolean): Atom => ({
  set: undefined,
  compiled: run => (at, next) => {
    run.steps++;
    return holds(at, run) && next(at);
  },
});

/** Greedy: as many characters of the set as there are, then fewer until the rest matches. */
function repeatSet(set: string, flags: string, [least, most]: readonly [number, number]): Compiled {
  const isUnicode = flags.includes('u');
  return run => (at, next) => {
    const ends = [at];
    for (let end = at; ends.length <= most && end < run.text.length; ends.push(end)) {
      run.steps++;
      const character = charAt(run.text, end, isUnicode);
      if (!isIn(set, flags, character)) break;
      end += character.length;
    }
    for (let count = ends.length - 1; count >= least; count--) {
      run.steps++;
      if (next(ends[count]!)) return true;
    }
    return false;
  };
}

function repeatGroup(inner: Compiled, [least, most]: readonly [number, number], isLazy: boolean): Compiled {
  return run => {
    const matcher = inner(run);
    const from =
      (count: number, start: number, next: Next): Next =>
      at => {
        run.steps++;
        if (count > least && at === start) return false; // an empty repetition adds nothing
        const more = (): boolean => count < most && matcher(at, from(count + 1, at, next));
        if (count < least) return more();
        return isLazy ? next(at) || more() : more() || next(at);
      };
    return (at, next) => from(0, -1, next)(at);
  };
}
