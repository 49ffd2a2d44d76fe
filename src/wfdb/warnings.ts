/**
 * Warnings about files that can be read despite damage. Strict reading, the default, throws a `WfdbError` at the first
 * problem; lenient reading returns all intact data and lists each loss. Parsers only report losses; one function here
 * decides whether to throw.
 */
import { WfdbError, type WfdbErrorCode, type WfdbErrorDetail } from './errors.ts';

/** One loss, omission or assumption. */
export interface ReadWarning {
  /** An error code, or `assumed` for missing information and `omitted` for a part that was not read. */
  readonly code: WfdbErrorCode | 'assumed' | 'omitted';
  readonly file: string;
  /** Line of the file, from 1, or byte offset, if there is a single position. */
  readonly line: number | undefined;
  readonly byte: number | undefined;
  /** Number of items affected. */
  readonly count: number;
  /** Kind of items: `samples a signal`, `bytes`, `annotations`, … */
  readonly what: string;
  /** The complete warning as one printable line. */
  readonly message: string;
}

/** A loss reported by a parser. */
export interface Loss extends WfdbErrorDetail {
  readonly count: number;
  readonly what: string;
}

/** Reports a loss. If it returns, reading continues with the intact data. */
export type Report = (loss: Loss) => void;

/** How to treat damaged or inconsistent files. */
export interface Leniency {
  /** Return all intact data and list losses in `warnings`. Default false: the first loss throws a `WfdbError`. */
  readonly lenient?: boolean;
}

/** Hint in errors of strict reading. */
export const lenientHint = 'option lenient, --lenient, reads the intact data';

/** The distinct losses of one read, in the order of occurrence. */
export interface Losses {
  /** Throws in strict mode; otherwise records a warning. */
  readonly report: Report;
  /** Records a warning in both modes. */
  readonly note: Report;
  readonly warnings: readonly ReadWarning[];
}

/** Limit on the number of warnings, so that a thoroughly damaged file cannot exhaust memory. */
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

/** Throws every loss: for readers that cannot return warnings. */
export const strictly: Report = loss => {
  throw new WfdbError(loss);
};

/**
 * Reports an error as the loss of `count` `what`. Rethrows it if it is not a `WfdbError` with one of the given codes.
 */
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
  // The message equals that of the error in strict mode.
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
