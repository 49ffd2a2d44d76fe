/** What is wrong with the files of a recording that could be opened nevertheless. */
import { samplesIn, signalFormats } from '../../wfdb/formats.ts';
import type { Header } from '../../wfdb/header.ts';
import type { Recording } from '../../wfdb/record.ts';
import type { ReadWarning } from '../../wfdb/warnings.ts';

/** A fault of a file; can be passed to `postMessage`. */
export interface FileFault {
  readonly code: string;
  readonly file: string;
  /** The library's message, in English, with file, line or byte, and finding. */
  readonly message: string;
  /** Samples of every lead of this file that are missing at its end, and the time from which on, s. */
  readonly missing?: { readonly samples: number; readonly fromSeconds: number };
  /** Leads whose signal file is missing altogether. */
  readonly leads?: readonly string[];
}

/** The faults found so far; `add` takes the warnings of a read of frames up to `to`. */
export interface FaultList {
  readonly all: readonly FileFault[];
  /** Number of frames of the longest of the signal files. */
  readonly presentFrames: number;
  add(warnings: readonly ReadWarning[], to?: number): void;
}

/** Whether a warning is of damage: assumed units are in the notes, and omitted comment lines hold no signal. */
const isDamage = ({ code, what }: ReadWarning): boolean =>
  code !== 'assumed' && !(code === 'omitted' && what === 'lines');

/** Faults of a file that is read whole. */
export const faultsOf = (warnings: readonly ReadWarning[]): FileFault[] =>
  warnings.filter(isDamage).map(({ code, file, message }) => ({ code, file, message }));

/**
 * The faults of a WFDB record, read in windows: of a file that ends early there is one, which says how much is missing in
 * all, whatever windows were read.
 */
export function recordFaults({
  header,
  signals,
}: Pick<Recording, 'signals'> & { header: Header }): FaultList {
  const { length = 0, samplingFrequency } = header;
  const found = new Map<string, FileFault>();
  const folderless = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
  const leadsOf = (file: string): string[] =>
    signals.flatMap(({ name, header: line }) =>
      line !== undefined && folderless(line.fileName) === folderless(file) ? [name] : [],
    );
  const lossOf = (name: string): number | undefined =>
    [...found.values()].find(({ file, missing }) => missing && folderless(file) === name)?.missing?.samples;
  return {
    get all() {
      return [...found.values()];
    },
    get presentFrames() {
      const losses = signals.map(({ header: line }) =>
        line === undefined ? 0 : (lossOf(folderless(line.fileName)) ?? 0),
      );
      return length - Math.min(...losses);
    },
    add(warnings, to = length) {
      for (const { code, file, byte, count, what, message } of warnings.filter(isDamage)) {
        const fault = { code, file, message };
        if (code === 'truncated' && header.segments === undefined) {
          const frames =
            what === 'bytes missing' ? framesBefore(header, folderless(file), byte!) : to - count;
          const known = found.get(`end of ${file}`)?.missing;
          if (known === undefined || known.samples < length - frames)
            found.set(`end of ${file}`, endsAt(fault, frames, length, samplingFrequency));
        } else if (code === 'not-found') found.set(message, { ...fault, leads: leadsOf(file) });
        else found.set(message, fault);
      }
    },
  };
}

/** The fault of a file that ends after `present` of `announced` frames. */
export const endsAt = (
  fault: FileFault,
  present: number,
  announced: number,
  samplingFrequency: number,
): FileFault => ({
  ...fault,
  missing: { samples: announced - present, fromSeconds: present / samplingFrequency },
});

/** Number of complete frames before a byte of a signal file. */
function framesBefore({ signals }: Header, file: string, byte: number): number {
  const lines = signals.filter(({ fileName }) => fileName.slice(fileName.lastIndexOf('/') + 1) === file);
  const { format, byteOffset } = lines[0]!;
  const perFrame = lines.reduce((sum, line) => sum + line.samplesPerFrame, 0);
  const samples = samplesIn(signalFormats.get(format)!.packing!, Math.max(0, byte - byteOffset));
  return Math.floor(samples / perFrame);
}
