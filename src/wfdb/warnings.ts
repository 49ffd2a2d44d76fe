/**
 * What is wrong with a file that can be read all the same. Strict reading, the default, stops there with a `WfdbError`;
 * lenient reading takes what is whole and lists each loss. One function decides: the parsers report, and do not ask.
 */
import { WfdbError, type WfdbErrorCode, type WfdbErrorDetail } from './errors.ts';

/** One thing that was lost, left out or set aside. */
export interface ReadWarning {
  /** Beside what errors have: something that the file does not say was `assumed`, or a part of it `omitted`. */
  readonly code: WfdbErrorCode | 'assumed' | 'omitted';
  readonly file: string;
  /** Line of the file, from 1, or byte from its start, where there is one place. */
  readonly line: number | undefined;
  readonly byte: number | undefined;
  /** How many `what` are concerned. */
  readonly count: number;
  /** Of what: `samples a signal`, `bytes`, `annotations`, … */
  readonly what: string;
  /** One printable line that says all of it. */
  readonly message: string;
}

/** A loss, as a parser reports it. */
export interface Loss extends WfdbErrorDetail {
  readonly count: number;
  readonly what: string;
}

/** Takes a loss. Where it returns, reading goes on with what is whole. */
export type Report = (loss: Loss) => void;

/** How a file is read that is damaged or contradicts itself. */
export interface Leniency {
  /** Read what is whole, and list what was lost in `warnings`. Default false: the first loss is a `WfdbError`. */
  readonly lenient?: boolean;
}

/** The way on that a strict error names. */
export const lenientHint = 'option lenient, --lenient, takes what is whole';

/** The losses of one reading, in the order in which they were met; each once. */
export interface Losses {
  /** Throws in strict reading, else notes a warning. */
  readonly report: Report;
  /** Notes a warning in both. */
  readonly note: Report;
  readonly warnings: readonly ReadWarning[];
}

/** A file that is nothing but damage would fill the memory with what is said about it. */
const mostWarnings = 1000;

/** Collects losses; with `lenient` false the first one reported is thrown as a `WfdbError`. */
export function collectLosses(lenient = false): Losses {
  const found = new Map<string, ReadWarning>();
  let others = 0;
  const note: Report = loss => {
    const warning = warningOf(loss);
    if (found.size < mostWarnings) found.set(warning.message, warning);
    else others++;
  };
  return {
    note,
    report: loss => {
      if (!lenient) throw new WfdbError({ hint: lenientHint, ...loss });
      note(loss);
    },
    get warnings() {
      const all = [...found.values()];
      if (others === 0) return all;
      const message = `${others} more warnings, not listed`;
      return [...all, { ...all.at(-1)!, count: others, what: 'more warnings', message }];
    },
  };
}

/** Throws every loss: for a reader of one piece that has no result to put warnings into. */
export const strictly: Report = loss => {
  throw new WfdbError(loss);
};

/** Reports an error as the loss of `count` `what`; throws it where it is no `WfdbError` or of a code not named. */
export function reportError(
  report: Report,
  error: unknown,
  codes: readonly WfdbErrorCode[],
  lost: { readonly count: number; readonly what: string },
): void {
  if (!(error instanceof WfdbError) || !codes.includes(error.code)) throw error;
  const { code, file, line, byte, expected, found } = error;
  report({
    code,
    file,
    ...(line !== undefined && { line }),
    ...(byte !== undefined && { byte }),
    expected,
    found,
    cause: error,
    ...lost,
  });
}

function warningOf({ code, file, line, byte, count, what, ...detail }: Loss): ReadWarning {
  // The message is that of the error it would have been.
  const error = new WfdbError({
    code,
    file,
    ...(line !== undefined && { line }),
    ...(byte !== undefined && { byte }),
    expected: detail.expected,
    found: detail.found,
  });
  return { code, file, line, byte, count, what, message: `${error.message} (${count} ${what})` };
}
