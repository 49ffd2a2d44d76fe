/** One segment of a record, or an ordinary record, which is one: its signal files behind one way to read a window. */

import type { SignalSamples } from './columns.ts';
import { WfdbError } from './errors.ts';
import type { Header, SignalHeader } from './header.ts';
import { resample, type SampleRate } from './rate.ts';
import { openSignalFile, type SignalFile } from './signal-file.ts';
import type { Source } from './source.ts';

/** What a window of a record holds. */
export interface Stretch {
  readonly frames: number;
  /** One entry per signal chosen. */
  readonly signals: readonly SignalSamples[];
}

/** An open record or segment. */
export interface OpenSegment {
  /** The signals it has, in the order `chosen` counts them. */
  readonly lines: readonly SignalHeader[];
  /** Frames; undefined where only reading to the end tells. */
  readonly length: number | undefined;
  /** Frames `[from, to)` of the signals with the indices `chosen`; `to` undefined means to the end. */
  read(from: number, to: number | undefined, chosen: readonly number[], rate: SampleRate): Promise<Stretch>;
  close(): void;
}

/** Opens the signal files of a header that has no segments. Files are first touched by `read`. */
export function openSegment(source: Source, name: string, header: Header): OpenSegment {
  const lines = header.signals;
  const groups = groupByFile(lines, `${name}.hea`);
  const folder = folderOf(name);
  const files = new Map<string, SignalFile>();
  const verify = checksumVerifier(folder, header);
  const fileNamed = (fileName: string, indices: readonly number[]): SignalFile => {
    const open = files.get(fileName);
    if (open !== undefined) return open;
    const file = openSignalFile(
      source,
      folder + fileName,
      indices.map(i => lines[i]!),
    );
    files.set(fileName, file);
    return file;
  };
  return {
    lines,
    length: header.length,
    close() {
      for (const file of files.values()) file.close();
    },
    async read(from, to, chosen, rate) {
      const found: (SignalSamples | undefined)[] = lines.map(() => undefined);
      for (const [fileName, indices] of groups) {
        const wanted = indices.map(i => chosen.includes(i));
        if (!wanted.includes(true)) continue;
        const samples = await fileNamed(fileName, indices).read(from, to, wanted);
        for (const [k, i] of indices.entries()) found[i] = samples[k];
      }
      verify(found, from, to);
      // A record of unknown length is as long as its shortest file.
      const lengths = chosen.map(i => found[i]!.physical.length / lines[i]!.samplesPerFrame);
      const frames = to === undefined ? Math.min(...lengths) : to - from;
      return { frames, signals: chosen.map(i => resample(found[i]!, lines[i]!, frames, rate)) };
    },
  };
}

/** The folder part of a record name, with its `/`: `mitdb/` of `mitdb/100`. */
export const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1);

/** Indices of the signals in each file, in frame order. Signals of one file must agree on format and offset. */
function groupByFile(lines: readonly SignalHeader[], file: string): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [i, line] of lines.entries()) {
    const group = groups.get(line.fileName);
    if (group === undefined) {
      groups.set(line.fileName, [i]);
      continue;
    }
    const last = group.at(-1)!;
    const before = lines[last]!;
    if (last !== i - 1 || before.format !== line.format || before.byteOffset !== line.byteOffset) {
      throw new WfdbError({
        code: 'inconsistent',
        file,
        expected: `signals of '${line.fileName}' one after the other, of one format and byte offset`,
        found: `signal ${last} in ${before.format}+${before.byteOffset} and signal ${i} in ${line.format}+${line.byteOffset}`,
      });
    }
    group.push(i);
  }
  return groups;
}

/**
 * The checksums a header gives, as signed 16-bit numbers (files hold both 65135 and −401). None are given where all
 * are 0: published records have that where nobody computed them, and a record whose signals all sum to 0 cannot be
 * told from those.
 */
export function givenChecksums(header: Header): readonly (number | undefined)[] {
  const given = header.signals.map(line => line.checksum);
  return given.every(sum => sum === undefined || sum === 0)
    ? given.map(() => undefined)
    : given.map(sum => (sum === undefined ? undefined : signed16(sum)));
}

/** A sum as checksums are written: modulo 2¹⁶, signed. */
export const signed16 = (sum: number): number => (sum << 16) >> 16;

/**
 * Verifies checksums as windows are read: of each signal whose samples have been read from first to last without a
 * break, in one window or many.
 */
function checksumVerifier(folder: string, header: Header) {
  const given = givenChecksums(header);
  const progress = header.signals.map(() => ({ frames: 0, sum: 0 }));
  return (found: readonly (SignalSamples | undefined)[], from: number, to: number | undefined): void => {
    if (to === undefined) return;
    for (const [i, line] of header.signals.entries()) {
      const samples = found[i];
      const expected = given[i];
      if (samples === undefined || expected === undefined || line.format === 0) continue;
      const before = from === 0 ? { frames: 0, sum: 0 } : progress[i]!;
      if (before.frames !== from) continue;
      const sum = (before.sum + samples.sum) | 0;
      progress[i] = { frames: to, sum };
      if (to !== header.length || signed16(sum) === expected) continue;
      throw new WfdbError({
        code: 'checksum',
        file: folder + line.fileName,
        expected: `samples of signal ${i} ('${line.name}') that sum to ${expected}`,
        found: `${signed16(sum)}`,
      });
    }
  };
}
