/** One way into a recording, whatever container it is in: what it holds, and its samples piece by piece. */
import { InputError } from '../input-error.ts';
import {
  type Container,
  containers,
  detectContainer,
  detectionBytes,
  isUnsupported,
  tableContainer,
  unknownContainer,
} from '../wfdb/containers.ts';
import type { CsvRecording } from '../wfdb/csv/read-csv.ts';
import { WfdbError } from '../wfdb/errors.ts';
import type { Recording } from '../wfdb/record.ts';
import { hasFile, type Source } from '../wfdb/source.ts';
import { unsupportedFormatOf } from '../wfdb/unsupported-formats.ts';
import { openEdf } from './open-edf.ts';
import { openWfdb } from './open-wfdb.ts';
import { descriptionOf, type OpenOptions, type OpenRecording } from './opened-recording.ts';

export type {
  OpenAnnotations,
  OpenOptions,
  OpenRecording,
  SignalDescription,
  TimeWindow,
} from './opened-recording.ts';

/**
 * Opens a recording: a WFDB record by its name or header, a file of any other container by its file name. What a file
 * is, its first bytes tell, whatever its ending. Throws `InputError` for a window outside the recording, `WfdbError` for
 * bad files, with code `unsupported` and what can convert it for a file of a kind that is not read.
 *
 * @example
 * const recording = await openRecording(source, 'synth/twelve', { from: 0, to: 5 });
 * recording.signals.length // => 12
 */
export async function openRecording(
  source: Source,
  name: string,
  options: OpenOptions = {},
): Promise<OpenRecording> {
  const { table = {}, containers: rows = containers, ...reading } = options;
  const { container, name: found } = await findContainer(source, name, rows);
  if (container === 'WFDB') return openWfdb(source, found, reading);
  if (container.name === 'EDF' || container.name === 'BDF') {
    return openEdf(source, name, container.name, reading);
  }
  const { samplingFrequency, units, adcGain } = table;
  const { from, to, lenient } = reading;
  const recording = await container.read(source, name, {
    unit: 'seconds',
    table,
    ...(samplingFrequency !== undefined && { samplingFrequency }),
    ...(units !== undefined && { units }),
    ...(adcGain !== undefined && { adcGain }),
    ...(lenient !== undefined && { lenient }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  });
  return inMemory(name, container.name, recording);
}

/** What holds a recording: the row of its file; or `WFDB`, and the record's name, where that name has a header. */
export interface FoundContainer {
  readonly container: Container | 'WFDB';
  readonly name: string;
}

/**
 * Finds what holds the recording of that name, by its content. Throws `WfdbError` with code `not-found` where there is
 * no such file, and `unsupported` for one of another kind.
 */
export async function findContainer(
  source: Source,
  name: string,
  rows: readonly Container[] = containers,
): Promise<FoundContainer> {
  const record = name.replace(/\.hea$/i, '');
  if (await hasFile(source, `${record}.hea`)) return { container: 'WFDB', name: record };
  const bytes = await source.read(name, 0, detectionBytes).catch(error => {
    const isAbsent = error instanceof WfdbError && error.code === 'not-found';
    // A name without an ending is a record's: what is missing is its header.
    if (!isAbsent || name.includes('.')) throw error;
    return source.read(`${name}.hea`, 0, 1);
  });
  const container = detectContainer(bytes, rows);
  if (container !== undefined) return { container, name };
  // Text that is nothing else is a table gone wrong: reading it says where.
  if (isText(bytes)) return { container: tableContainer, name };
  throw (await signalFileError(source, name, bytes)) ?? unknownContainer(name, bytes, rows);
}

/**
 * Text of some encoding that is no format of its own. Only UTF-16 has zero bytes, every other one; other control bytes
 * no text has. The words of a text may look like an annotation file, which has no mark of its own.
 */
function isText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 4096);
  const zeros = start.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  const isWide = zeros >= 0.4 * start.length && zeros <= 0.6 * start.length;
  const isPlain = start.every(byte => byte >= 32 || (byte >= 9 && byte <= 13) || (byte === 0 && isWide));
  return start.length > 0 && isPlain && !isUnsupported(bytes);
}

/** The error for a file of a record that is no recording by itself: signals or annotations beside their header. */
async function signalFileError(
  source: Source,
  name: string,
  bytes: Uint8Array,
): Promise<WfdbError | undefined> {
  const [, record, ending] = /^(.+)\.([^./]+)$/.exec(name) ?? [];
  if (record === undefined || !(await hasFile(source, `${record}.hea`))) return undefined;
  const isSignal = ending === 'dat';
  const found = isSignal
    ? 'a signal file'
    : (unsupportedFormatOf(bytes)?.name ?? (bytes.length === 0 ? 'an empty file' : 'a file of a record'));
  const hint = isSignal
    ? `the record is ${record}: its header, ${record}.hea, says how the samples are stored`
    : `the record is ${record}; its annotations there: --annotator ${ending}, readAnnotations(source, '${record}', '${ending}')`;
  return new WfdbError({ code: 'unsupported', file: name, expected: 'a recording', found, hint });
}

/** A recording that was read whole. */
function inMemory(name: string, container: string, recording: Recording): OpenRecording {
  const { samplingFrequency, start, length, signals, warnings, header } = recording;
  const { annotations = [] } = recording as Partial<CsvRecording>;
  const chosen = (names: readonly string[] | undefined): Recording => ({
    ...recording,
    name,
    ...(names && { signals: signals.filter(signal => names.includes(signal.name)) }),
  });
  const opened: OpenRecording = {
    name,
    container,
    samplingFrequency,
    samplesPerFrame: 1,
    start,
    length,
    signals: signals.map(descriptionOf),
    baseTime: header?.baseTime,
    baseDate: header?.baseDate,
    warnings,
    async *pieces(names) {
      yield chosen(names);
    },
    read: async names => chosen(names),
    annotations: async () =>
      annotations.length === 0 ? undefined : { annotations: [...annotations], definitions: [] },
    withSignals(names) {
      const missing = names.find(wanted => !signals.some(signal => signal.name === wanted));
      if (missing !== undefined) throw new InputError(`${name} has no signal ${missing}`);
      return opened;
    },
  };
  return opened;
}
