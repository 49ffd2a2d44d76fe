/**
 * Multi-segment records. In a fixed layout all segments have the same signals. In a variable layout the first segment
 * is a header of length 0 that lists all signals of the record; each segment has some of them, in any order and with
 * individual gains. A segment named `~` is a gap. Reading a window opens only the segments concerned.
 */

import { checkExpansion } from './allocation-limit.ts';
import { WfdbError, type WfdbErrorCode } from './errors.ts';
import { type Header, readHeader, type SegmentHeader, type SignalHeader } from './header.ts';
import { type SampleRate, samplesPerFrameAt } from './samples-per-frame.ts';
import { folderOf, type OpenSegment, openSegment } from './segment.ts';
import type { Source } from './source.ts';
import { type Losses, type Report, reportError } from './warnings.ts';

/** A segment with its position in the record, frames `[start, end)`. */
interface Placed extends SegmentHeader {
  readonly start: number;
  readonly end: number;
}

/**
 * Opens a multi-segment record. `from` is the start of the window that will be read, if known: the signals of a fixed
 * layout are taken from the segment there.
 */
export async function openSegments(
  source: Source,
  name: string,
  master: Header,
  from: number,
  losses: Losses,
): Promise<OpenSegment> {
  const segments = place(master.segments!);
  const isVariable = segments[0]!.length === 0 && segments[0]!.name !== undefined;
  const named = segments.filter(segment => segment.name !== undefined && segment.length > 0);
  const first = named.find(segment => segment.end > from) ?? named.at(-1);
  const candidates = isVariable ? [segments[0]!] : first === undefined ? [] : [first, ...named];
  const { model, modelHeader } = await findModel(source, name, master, candidates, losses.report);
  const lines = modelHeader.signals;
  if (!isVariable) checkSignalCount(name, model, modelHeader, master.signalCount);
  const layout = { source, name, master, losses, model, modelHeader, isVariable };
  const opener = segmentOpener(layout);
  return {
    lines,
    length: segments.at(-1)!.end,
    close: opener.close,
    async read(from, to, chosen, rate) {
      const end = to ?? segments.at(-1)!.end;
      const collected = collectParts(layout, chosen, rate);
      for (let s = firstEndingAfter(segments, from); s < segments.length && segments[s]!.start < end; s++) {
        const segment = segments[s]!;
        if (segment.name === undefined || segment.length === 0) continue;
        try {
          await collected.take(await opener.open(segment), from, end);
        } catch (error) {
          const lost = { count: segment.length, what: gapWhat };
          reportError(losses.report, error, unreadable, lost);
        }
      }
      const frames = end - from;
      const widths = chosen.map(i => samplesPerFrameAt(lines[i]!, rate));
      const absent = widths.map((width, slot) => (frames - collected.framesOf(slot)) * width);
      checkExpansion(
        `${name}.hea`,
        absent.reduce((sum, samples) => sum + samples, 0),
      );
      const signals = widths.map((width, slot) => ({
        physical: join(collected.parts[slot]!, width, frames),
        sum: 0,
      }));
      return { frames, signals };
    },
  };
}

/** The state of a multi-segment record after its first header has been read. */
interface Layout {
  readonly source: Source;
  readonly name: string;
  readonly master: Header;
  readonly losses: Losses;
  readonly model: Placed;
  readonly modelHeader: Header;
  readonly isVariable: boolean;
}

/** Opens segments and keeps the last one open, since consecutive windows are mostly in the same segment. */
function segmentOpener({ source, name, master, losses, model, modelHeader, isVariable }: Layout) {
  const lines = modelHeader.signals;
  const keys = isVariable ? keysOf(lines) : [];
  let current: Opened | undefined;
  return {
    close: () => current?.open.close(),
    async open(segment: Placed): Promise<Opened> {
      if (current?.segment === segment) return current;
      current?.open.close();
      current = undefined;
      const header = segment === model ? modelHeader : await segmentHeader(source, name, master, segment);
      if (!isVariable) checkSignalCount(name, segment, header, lines.length);
      const places = isVariable ? placesOf(keys, header.signals) : lines.map((_, i) => i);
      const open = openSegment(source, folderOf(name) + segment.name, header, losses);
      current = { segment, places, open };
      return current;
    },
  };
}

/** Collects the samples of the selected signals from the segments of a window. */
function collectParts({ name, modelHeader }: Layout, chosen: readonly number[], rate: SampleRate) {
  const lines = modelHeader.signals;
  const parts: Part[][] = chosen.map(() => []);
  const there = chosen.map(() => 0);
  const sourcesRead = new Set<string>();
  let repeated = 0;
  return {
    parts,
    framesOf: (slot: number): number => there[slot]!,
    /** Reads the part of the window, frames `[from, end)` of the record, that is in a segment. */
    async take({ segment, open, places }: Opened, from: number, end: number): Promise<void> {
      const first = Math.max(from, segment.start);
      const last = Math.min(end, segment.end);
      const present = chosen.flatMap((i, slot) => (places[i] === undefined ? [] : [{ i: places[i], slot }]));
      for (const { i, slot } of present) checkLike(name, segment, open.lines[i]!, lines[chosen[slot]!]!);
      if (present.length === 0) return;
      for (const { i, slot } of present) {
        const { fileName, byteOffset } = open.lines[i]!;
        const origin = `${folderOf(segment.name!)}${fileName}+${byteOffset} ${i}`;
        if (sourcesRead.has(origin))
          repeated += (last - first) * samplesPerFrameAt(lines[chosen[slot]!]!, rate);
        sourcesRead.add(origin);
      }
      checkExpansion(`${name}.hea`, repeated);
      const { signals } = await open.read(
        first - segment.start,
        last - segment.start,
        present.map(({ i }) => i),
        rate,
      );
      for (const [k, { slot }] of present.entries()) {
        parts[slot]!.push({ frame: first - from, physical: signals[k]!.physical });
        there[slot]! += last - first;
      }
    },
  };
}

const gapWhat = 'samples a signal read as a gap';
/**
 * Errors that turn a segment into a gap in lenient mode. A name outside the folder or an excessive size is always
 * refused.
 */
const unreadable = ['not-found', 'syntax', 'unsupported', 'truncated', 'inconsistent'] as const;

/** The segment that defines the signals of the record: the first of `candidates` with a readable header. */
async function findModel(
  source: Source,
  name: string,
  master: Header,
  candidates: readonly Placed[],
  report: Report,
): Promise<{ model: Placed; modelHeader: Header }> {
  let first: unknown;
  for (const model of candidates) {
    try {
      return { model, modelHeader: await segmentHeader(source, name, master, model) };
    } catch (error) {
      first ??= error;
      const lost = { count: model.length, what: gapWhat };
      reportError(report, error, unreadable, lost);
    }
  }
  if (first !== undefined) throw first;
  throw new WfdbError({
    code: 'inconsistent',
    file: `${name}.hea`,
    line: master.line,
    expected: 'a segment that lists the signals',
    found: 'only gaps',
  });
}

/** An open segment, and the index of each signal of the record in it. */
interface Opened {
  readonly segment: Placed;
  readonly places: readonly (number | undefined)[];
  readonly open: OpenSegment;
}

/** The samples of one chosen signal in one segment. */
interface Part {
  readonly frame: number;
  readonly physical: Float64Array;
}

function join(parts: readonly Part[], width: number, frames: number): Float64Array {
  if (parts.length === 1 && parts[0]!.physical.length === frames * width) return parts[0]!.physical;
  const physical = new Float64Array(frames * width).fill(Number.NaN);
  for (const part of parts) physical.set(part.physical, part.frame * width);
  return physical;
}

/** Index of the first segment that ends after a frame. */
function firstEndingAfter(segments: readonly Placed[], frame: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle]!.end > frame) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Keys that identify signals across segments: their names, numbered if repeated. */
function keysOf(lines: readonly SignalHeader[]): readonly string[] {
  const counts = new Map<string, number>();
  return lines.map(({ name }) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return `${count} ${name}`;
  });
}

function placesOf(keys: readonly string[], lines: readonly SignalHeader[]): readonly (number | undefined)[] {
  const places = new Map(keysOf(lines).map((key, i) => [key, i]));
  return keys.map(key => places.get(key));
}

function place(segments: readonly SegmentHeader[]): readonly Placed[] {
  let start = 0;
  return segments.map(segment => {
    const placed = { ...segment, start, end: start + segment.length };
    start = placed.end;
    return placed;
  });
}

async function segmentHeader(source: Source, name: string, master: Header, segment: SegmentHeader) {
  const header = await readHeader(source, folderOf(name) + segment.name);
  const file = `${folderOf(name)}${segment.name}.hea`;
  const fail = (code: WfdbErrorCode, expected: string, found: string): never => {
    throw new WfdbError({ code, file, line: header.line, expected, found });
  };
  if (header.segments !== undefined) {
    fail(
      'unsupported',
      `a segment of '${name}' that has no segments itself`,
      `${header.segments.length} segments`,
    );
  }
  if (header.samplingFrequency !== master.samplingFrequency) {
    fail(
      'inconsistent',
      `${master.samplingFrequency} Hz, as '${name}' has`,
      `${header.samplingFrequency} Hz`,
    );
  }
  if (header.length !== undefined && header.length !== segment.length) {
    fail('inconsistent', `${segment.length} samples a signal, as stated in '${name}'`, `${header.length}`);
  }
  // The header of a segment may omit the length.
  return { ...header, length: segment.length > 0 ? segment.length : header.length };
}

function checkSignalCount(name: string, segment: SegmentHeader, header: Header, expected: number): void {
  if (header.signals.length === expected) return;
  throw new WfdbError({
    code: 'inconsistent',
    file: `${folderOf(name)}${segment.name}.hea`,
    line: header.line,
    expected: `${expected} signals, as in all of '${name}'`,
    found: `${header.signals.length}`,
  });
}

/** A signal must have the same number of samples per frame and the same units in all segments; gains may differ. */
function checkLike(name: string, segment: SegmentHeader, found: SignalHeader, expected: SignalHeader): void {
  const [what, wanted, there] =
    found.samplesPerFrame !== expected.samplesPerFrame
      ? ['samples a frame', expected.samplesPerFrame, found.samplesPerFrame]
      : found.calibrated && expected.calibrated && unitOf(found) !== unitOf(expected)
        ? ['as the unit', expected.units, found.units]
        : [];
  if (what === undefined) return;
  throw new WfdbError({
    code: 'inconsistent',
    file: `${folderOf(name)}${segment.name}.hea`,
    line: found.line,
    expected: `${wanted} ${what} of '${expected.name}', as elsewhere in '${name}'`,
    found: `${there}`,
  });
}

const unitOf = ({ units }: SignalHeader): string => units.toLowerCase().replace(/[µμ]/, 'u');
