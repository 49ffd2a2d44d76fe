/** Reading windows of one segment, or of an ordinary record, from its signal files. */

import { checkExpansion } from './allocation-limit.ts';
import { WfdbError } from './errors.ts';
import { signalFormats } from './formats.ts';
import type { SignalSamples } from './frame-columns.ts';
import type { Header, SignalHeader } from './header.ts';
import { resample, type SampleRate, samplesPerFrameAt } from './samples-per-frame.ts';
import { openSignalFile, type SignalFile } from './signal-file.ts';
import type { Source } from './source.ts';
import { type Losses, type Report, reportError } from './warnings.ts';

/** The samples in a window of a record. */
export interface WindowSamples {
  readonly frames: number;
  /** One entry per selected signal. */
  readonly signals: readonly SignalSamples[];
}

/** An open record or segment. */
export interface OpenSegment {
  /** Its signals; `chosen` holds indices into them. */
  readonly lines: readonly SignalHeader[];
  /** Number of frames; undefined if it can only be determined by reading to the end. */
  readonly length: number | undefined;
  /** Frames `[from, to)` of the signals with the indices `chosen`; `to` undefined means to the end. */
  read(
    from: number,
    to: number | undefined,
    chosen: readonly number[],
    rate: SampleRate,
  ): Promise<WindowSamples>;
  close(): void;
}

/** Opens the signal files of a header without segments. Files are not accessed before `read`. */
export function openSegment(source: Source, name: string, header: Header, losses: Losses): OpenSegment {
  const lines = header.signals;
  const groups = groupByFile(lines, `${name}.hea`);
  const folder = folderOf(name);
  const files: (SignalFile | undefined)[] = [];
  const verify = checksumVerifier(folder, header, losses.report);
  checkSkews(`${name}.hea`, header, losses.report);
  return {
    lines,
    length: header.length,
    close() {
      for (const file of files) file?.close();
    },
    async read(from, to, chosen, rate) {
      const found: (SignalSamples | undefined)[] = lines.map(() => undefined);
      const isChosen = new Set(chosen);
      const missing: { group: readonly number[]; error: WfdbError }[] = [];
      for (const [g, group] of groups.entries()) {
        const wanted = group.map(i => isChosen.has(i));
        if (!wanted.includes(true)) continue;
        const file = folder + lines[group[0]!]!.fileName;
        const place = { source, file, lines: group.map(i => lines[i]!), length: header.length };
        files[g] ??= openSignalFile(place, losses);
        try {
          const samples = await files[g].read(from, to, wanted);
          for (const [k, i] of group.entries()) found[i] = samples[k];
        } catch (error) {
          if (!(error instanceof WfdbError && error.code === 'not-found')) throw error;
          missing.push({ group: group.filter(i => isChosen.has(i)), error });
        }
      }
      for (const { group, error } of missing) {
        // If all files are missing, lenient reading fails too.
        const isAll = chosen.every(i => found[i] === undefined || lines[i]!.format === 0);
        if (isAll) throw error;
        const lost = { count: group.length, what: 'signals without their file' };
        reportError(losses.report, error, ['not-found'], lost);
      }
      verify(found, from, to);
      // A record of unknown length is as long as its shortest file.
      const shortest = (): number =>
        chosen.reduce(
          (least, i) =>
            found[i] === undefined
              ? least
              : Math.min(least, found[i].physical.length / lines[i]!.samplesPerFrame),
          Number.POSITIVE_INFINITY,
        );
      const frames = to === undefined ? shortest() : to - from;
      for (const i of missing.flatMap(({ group }) => group)) {
        checkExpansion(`${name}.hea`, missing.length * frames * lines[i]!.samplesPerFrame);
        found[i] = {
          physical: new Float64Array(frames * lines[i]!.samplesPerFrame).fill(Number.NaN),
          sum: 0,
        };
      }
      const surplus = chosen.map(i => samplesPerFrameAt(lines[i]!, rate) - lines[i]!.samplesPerFrame);
      checkExpansion(
        `${name}.hea`,
        surplus.reduce((sum, more) => sum + frames * Math.max(0, more), 0),
      );
      return { frames, signals: chosen.map(i => resample(found[i]!, lines[i]!, frames, rate)) };
    },
  };
}

/** The folder part of a record name, including `/`: `mitdb/` for `mitdb/100`. */
export const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1);

/**
 * Groups the signals by file, in frame order. Signals of one file must be consecutive and have the same format and byte
 * offset. Null signals have no file and form groups of one.
 */
function groupByFile(lines: readonly SignalHeader[], file: string): readonly (readonly number[])[] {
  const groups: number[][] = [];
  const groupOf = new Map<string, number[]>();
  for (const [i, line] of lines.entries()) {
    const { format, byteOffset } = line;
    // A file is one under every name: `a.dat` and `./a.dat`.
    const fileName = line.fileName
      .split('/')
      .filter(part => part !== '' && part !== '.')
      .join('/');
    const group = format === 0 ? undefined : groupOf.get(fileName);
    const fail = (expected: string, found: string): never => {
      throw new WfdbError({ code: 'inconsistent', file, line: line.line, expected, found });
    };
    if (group === undefined) {
      groups.push([i]);
      if (format !== 0) groupOf.set(fileName, groups.at(-1)!);
      continue;
    }
    const before = lines[group.at(-1)!]!;
    if (group !== groups.at(-1) || before.format !== format || before.byteOffset !== byteOffset) {
      fail(
        `signals of '${fileName}' one after the other, of one format and byte offset`,
        `one in ${format}+${byteOffset}, the one before on line ${before.line} in ${before.format}+${before.byteOffset}`,
      );
    }
    const isFlac = signalFormats.get(format)!.kind === 'flac';
    if (isFlac && (group.length === 8 || before.samplesPerFrame !== line.samplesPerFrame)) {
      fail(
        `at most 8 signals in a FLAC file, with the same number of samples a frame`,
        `signal ${group.length + 1} with ${line.samplesPerFrame}, the one before with ${before.samplesPerFrame}`,
      );
    }
    group.push(i);
  }
  return groups;
}

/** Reports a skew so large that the signal has no samples in the record. */
function checkSkews(file: string, { length, signals }: Header, report: Report): void {
  if (length === undefined) return;
  for (const { line, name, skew, samplesPerFrame } of signals) {
    if (skew === 0 || Math.round(skew / samplesPerFrame) < length) continue;
    report({
      code: 'inconsistent',
      file,
      line,
      expected: `a skew below the ${length * samplesPerFrame} samples of '${name}'`,
      found: `${skew}`,
      count: length * samplesPerFrame,
      what: 'samples that the skew leaves invalid',
    });
  }
}

/**
 * The checksums in a header, as signed 16-bit numbers (both 65135 and −401 occur). If all are 0, they are taken as not
 * given: published records without computed checksums have zeros, and cannot be distinguished from signals that sum to
 * 0.
 */
export function givenChecksums(header: Header): readonly (number | undefined)[] {
  const given = header.signals.map(line => line.checksum);
  return given.every(sum => sum === undefined || sum === 0)
    ? given.map(() => undefined)
    : given.map(sum => (sum === undefined ? undefined : signed16(sum)));
}

/** A sum in the form of checksums: modulo 2¹⁶, signed. */
export const signed16 = (sum: number): number => (sum << 16) >> 16;

/**
 * Verifies the checksum of each signal once its samples have been read consecutively from first to last, in one window
 * or several.
 */
function checksumVerifier(folder: string, header: Header, report: Report) {
  const given = givenChecksums(header);
  const progress = header.signals.map(() => ({ frames: 0, sum: 0 }));
  return (found: readonly (SignalSamples | undefined)[], from: number, to: number | undefined): void => {
    if (to === undefined) return;
    for (const [i, line] of header.signals.entries()) {
      const samples = found[i];
      const expected = given[i];
      if (samples === undefined || expected === undefined || line.format === 0 || samples.isCut) continue;
      const before = from === 0 ? { frames: 0, sum: 0 } : progress[i]!;
      if (before.frames !== from) continue;
      const sum = (before.sum + samples.sum) | 0;
      progress[i] = { frames: to, sum };
      if (to !== header.length || signed16(sum) === expected) continue;
      report({
        code: 'checksum',
        file: folder + line.fileName,
        expected: `samples of signal ${i} ('${line.name}') that sum to ${expected}`,
        found: `${signed16(sum)}`,
        count: to,
        what: 'samples with a wrong checksum',
      });
    }
  };
}
