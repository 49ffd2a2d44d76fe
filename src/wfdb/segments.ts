/**
 * Records of several segments. In a fixed layout every segment has the same signals. In a variable layout the first
 * segment is a header of length 0, the layout, that names every signal of the record; a segment has some of them, in
 * any order and with gains of its own. A segment named `~` is a gap. A window opens only the segments it touches.
 */
import { WfdbError } from './errors.ts';
import { type Header, readHeader, type SegmentHeader, type SignalHeader } from './header.ts';
import { checkUnbacked } from './limits.ts';
import { samplesPerFrameAt } from './rate.ts';
import { folderOf, type OpenSegment, openSegment } from './segment.ts';
import type { Source } from './source.ts';

/** A segment with its place in the record, frames `[start, end)`. */
interface Placed extends SegmentHeader {
  readonly start: number;
  readonly end: number;
}

/**
 * Opens a multi-segment record. `from` and `to` are the window that will be read, as far as known: the signals of a
 * fixed layout are those of the first segment it touches.
 */
export async function openSegments(
  source: Source,
  name: string,
  master: Header,
  from: number,
): Promise<OpenSegment> {
  const segments = place(master.segments!);
  const isVariable = segments[0]!.length === 0 && segments[0]!.name !== undefined;
  const named = segments.filter(segment => segment.name !== undefined && segment.length > 0);
  const model = isVariable ? segments[0] : (named.find(segment => segment.end > from) ?? named.at(-1));
  if (model === undefined) {
    throw new WfdbError({
      code: 'inconsistent',
      file: `${name}.hea`,
      expected: 'a segment that says which signals there are',
      found: 'only gaps',
    });
  }
  const modelHeader = await segmentHeader(source, name, master, model);
  const lines = modelHeader.signals;
  if (!isVariable && lines.length !== master.signalCount) {
    throw signalCountError(name, model, lines.length, master.signalCount);
  }

  // Windows that follow one another mostly fall into the same segment: the last one stays open.
  let current: { readonly of: Placed; readonly open: OpenSegment } | undefined;
  const opened = async (segment: Placed): Promise<OpenSegment> => {
    if (current?.of === segment) return current.open;
    current?.open.close();
    current = undefined;
    const header = segment === model ? modelHeader : await segmentHeader(source, name, master, segment);
    if (!isVariable && header.signals.length !== lines.length) {
      throw signalCountError(name, segment, header.signals.length, lines.length);
    }
    current = { of: segment, open: openSegment(source, folderOf(name) + segment.name, header) };
    return current.open;
  };

  return {
    lines,
    length: segments.at(-1)!.end,
    close: () => current?.open.close(),
    async read(from, to, chosen, rate) {
      const end = to ?? segments.at(-1)!.end;
      const parts: Part[] = [];
      const there = chosen.map(() => 0);
      for (const segment of segments) {
        if (segment.end <= from || segment.start >= end || segment.name === undefined) continue;
        const open = await opened(segment);
        const first = Math.max(from, segment.start);
        const last = Math.min(end, segment.end);
        const indices = chosen.map(i =>
          isVariable ? open.lines.findIndex(line => line.name === lines[i]!.name) : i,
        );
        const present = indices.flatMap((index, slot) => (index < 0 ? [] : [{ index, slot }]));
        for (const { index, slot } of present) {
          checkWidth(name, segment, open.lines[index]!, lines[chosen[slot]!]!);
          there[slot]! += last - first;
        }
        if (present.length === 0) continue;
        const { signals } = await open.read(
          first - segment.start,
          last - segment.start,
          present.map(({ index }) => index),
          rate,
        );
        for (const [k, { index, slot }] of present.entries()) {
          parts.push({ slot, frame: first - from, physical: signals[k]!.physical, line: open.lines[index]! });
        }
      }
      const absent = chosen.map(
        (i, slot) => (end - from - there[slot]!) * samplesPerFrameAt(lines[i]!, rate),
      );
      checkUnbacked(
        `${name}.hea`,
        absent.reduce((sum, samples) => sum + samples, 0),
      );
      return {
        frames: end - from,
        signals: chosen.map((i, slot) => ({
          physical: join(parts, slot, samplesPerFrameAt(lines[i]!, rate), end - from),
          sum: 0,
        })),
      };
    },
  };
}

/** The samples of one chosen signal in one segment. */
interface Part {
  readonly slot: number;
  readonly frame: number;
  readonly physical: Float64Array;
  readonly line: SignalHeader;
}

function join(parts: readonly Part[], slot: number, width: number, frames: number): Float64Array {
  const mine = parts.filter(part => part.slot === slot);
  if (mine.length === 1 && mine[0]!.physical.length === frames * width) return mine[0]!.physical;
  const physical = new Float64Array(frames * width).fill(Number.NaN);
  for (const part of mine) physical.set(part.physical, part.frame * width);
  return physical;
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
  if (header.segments !== undefined) {
    throw new WfdbError({
      code: 'unsupported',
      file,
      expected: `a segment of '${name}' that has no segments itself`,
      found: `${header.segments.length} segments`,
    });
  }
  if (header.samplingFrequency !== master.samplingFrequency) {
    throw new WfdbError({
      code: 'inconsistent',
      file,
      expected: `${master.samplingFrequency} Hz, as '${name}' has`,
      found: `${header.samplingFrequency} Hz`,
    });
  }
  if (header.length !== undefined && header.length !== segment.length) {
    throw new WfdbError({
      code: 'inconsistent',
      file,
      expected: `${segment.length} samples a signal, as '${name}' says`,
      found: `${header.length}`,
    });
  }
  return header;
}

function signalCountError(name: string, segment: SegmentHeader, found: number, expected: number): WfdbError {
  return new WfdbError({
    code: 'inconsistent',
    file: `${folderOf(name)}${segment.name}.hea`,
    expected: `${expected} signals, as in all of '${name}'`,
    found: `${found}`,
  });
}

function checkWidth(name: string, segment: SegmentHeader, found: SignalHeader, expected: SignalHeader): void {
  if (found.samplesPerFrame === expected.samplesPerFrame) return;
  throw new WfdbError({
    code: 'inconsistent',
    file: `${folderOf(name)}${segment.name}.hea`,
    expected: `${expected.samplesPerFrame} samples a frame of '${expected.name}'`,
    found: `${found.samplesPerFrame}`,
  });
}
