/** An option whose value is a span of time. */
import type { TimeRange } from '../beat/slopes/relative-change.ts';
import { type Option, UsageError } from './option.ts';

/** `--name FROM-TO`, two times in seconds from the start of the record. */
export const timeRange = (says: string): Option<TimeRange | undefined> => ({
  value: 'FROM-TO',
  says: `${says}, in seconds from the start of the record`,
  absent: undefined,
  read(given, name) {
    const [, from, to] = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(given) ?? [];
    if (from === undefined || to === undefined || !(Number(to) > Number(from))) {
      throw new UsageError(`--${name} is two ascending times in seconds, such as 0-60, not ${given}`);
    }
    return { startSeconds: Number(from), endSeconds: Number(to) };
  },
});
