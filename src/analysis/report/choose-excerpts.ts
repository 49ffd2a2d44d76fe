/** Chooses the excerpts of a long recording that a report shows at full resolution. */
import type { SampleSpan } from '../../beat/sample-span.ts';
import type { ReportBeat } from './report-data.ts';

/** A span of the lead, and the reason for showing it. */
export interface Excerpt extends SampleSpan {
  readonly why: string;
}

export interface ExcerptOptions {
  /** Number of samples in the lead. */
  readonly length: number;
  /** Hz */
  readonly samplingFrequency: number;
  /** Index in the record of the lead's first sample. */
  readonly start: number;
  /** Index of the explained beat, from 0. */
  readonly explained: number | undefined;
}

const excerptSeconds = 30;
const mostExcerpts = 24;
/** Maximum number of samples in all excerpts, each with voltage and dV/dt: about 4 MB of page. */
const mostSamples = 360_000;

/**
 * Chooses 30 s excerpts, in this order of priority: around the explained beat; at the start; around the first, middle
 * and last beat of each class, rarest class first; around the beats with the steepest and the flattest upstroke; and
 * at evenly spaced positions, up to 24 excerpts or the maximum page size. Returns them in order of time, without
 * overlap. The excerpt of the explained beat is centred on it, except near the ends of the lead.
 */
export function chooseExcerpts(
  beats: readonly ReportBeat[],
  { length, samplingFrequency, start, explained }: ExcerptOptions,
): readonly Excerpt[] {
  const size = Math.min(length, Math.max(1, Math.round(excerptSeconds * samplingFrequency)));
  const count = Math.min(mostExcerpts, Math.max(2, Math.floor(mostSamples / size)));
  const chosen: Excerpt[] = [];
  const add = (centre: number, why: string): void => {
    if (chosen.length >= count || chosen.some(({ start, end }) => centre >= start && centre < end)) return;
    const begin = Math.max(0, Math.min(length - size, Math.round(centre - size / 2)));
    // Samples already in another excerpt are not repeated.
    const from = Math.max(begin, ...chosen.filter(other => other.end <= centre).map(other => other.end));
    const to = Math.min(
      begin + size,
      ...chosen.filter(other => other.start > centre).map(other => other.start),
    );
    chosen.push({ start: from, end: to, why });
  };
  const sampleOf = ({ time }: ReportBeat): number => Math.round(time * samplingFrequency) - start;
  const addBeat = (beat: ReportBeat | undefined, why: string): void => {
    if (beat !== undefined) add(sampleOf(beat), why);
  };

  if (explained !== undefined) addBeat(beats[explained], 'explained beat');
  add(0, 'start');
  for (const [name, members] of byClass(beats)) {
    for (const place of [0, members.length >> 1, members.length - 1]) addBeat(members[place], `${name} beat`);
  }
  const measured = beats.filter(({ upstroke }) => upstroke !== undefined);
  const steeper = (sign: 1 | -1): ReportBeat | undefined =>
    measured.reduce<ReportBeat | undefined>(
      (best, beat) =>
        best === undefined || sign * beat.upstroke!.slope > sign * best.upstroke!.slope ? beat : best,
      undefined,
    );
  addBeat(steeper(1), 'steepest upstroke');
  addBeat(steeper(-1), 'flattest upstroke');
  for (let k = 1; k < count; k++) add((k * length) / count, 'evenly spread');
  return chosen.sort((a, b) => a.start - b.start);
}

/** The beats of each class, rarest class first. */
function byClass(beats: readonly ReportBeat[]): readonly [string, readonly ReportBeat[]][] {
  const classes = new Map<string, ReportBeat[]>();
  for (const beat of beats) {
    const name = beat.class ?? beat.symbol;
    if (!classes.has(name)) classes.set(name, []);
    classes.get(name)!.push(beat);
  }
  return [...classes].sort((a, b) => a[1].length - b[1].length);
}
