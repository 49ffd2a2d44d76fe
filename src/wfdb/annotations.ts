/**
 * Annotation files (`.atr`, `.qrs`, …): what was found where, by whom. Files are in MIT or, rarely, AHA format; their
 * first two bytes tell which.
 */
import { decodeAhaAnnotations, isAhaFormat } from './aha.ts';
import { type AnnotationDefinition, readNotes, writeNotes } from './annotation-notes.ts';
import { readHeader } from './header.ts';
import { decodeMitAnnotations, encodeMitAnnotations, type RawAnnotation } from './mit.ts';
import type { Sink, Source } from './source.ts';
import { codeOf, symbolOf } from './symbols.ts';

/** One annotation. */
export interface Annotation {
  /** Sample index in the record (at the record's sampling frequency), from 0. */
  readonly sample: number;
  /** Mnemonic, e.g. `N`, `V`, `+`. */
  readonly symbol: string;
  readonly subtype: number;
  readonly channel: number;
  readonly num: number;
  /** Auxiliary text, e.g. `(AFIB`; empty when there is none. */
  readonly aux: string;
}

/** A whole annotation file. */
export interface AnnotationFile {
  /** In order of time; those of one time in the order of the file. */
  readonly annotations: Annotation[];
  /** Annotation types that the file defines for itself, beside or instead of the usual ones. */
  readonly definitions: readonly AnnotationDefinition[];
  /** Ticks a second of the times in the file, where it gives them. */
  readonly timeResolution: number | undefined;
}

/** Which annotations to read. */
export interface AnnotationOptions {
  /** First sample wanted, in `unit`; default 0. */
  readonly from?: number;
  /** End of the window, itself not included, in `unit`; default the end. */
  readonly to?: number;
  /** Unit of `from` and `to`. Default `samples`. */
  readonly unit?: 'samples' | 'seconds';
  /** Mnemonics wanted; default all. */
  readonly symbols?: readonly string[];
  /** Channels wanted; default all. */
  readonly channels?: readonly number[];
  /** Hz, of the record. Default what its header says, which is read only where it is needed. */
  readonly samplingFrequency?: number;
}

/** Bytes read first where a window is asked for: enough for hours of beats. */
const firstBytes = 1 << 16;

/**
 * Reads the annotations in `name.annotator`, e.g. `mitdb/100.atr`, in order of time. Where `to` is given, a long file
 * is read only so far as to pass it. Throws `WfdbError` for a missing or malformed file and `RangeError` for a window
 * that is none.
 *
 * @example
 * (await readAnnotations(source, 'mitdb/100', 'atr')).length; // => 2274
 */
export async function readAnnotations(
  source: Source,
  name: string,
  annotator: string,
  options: AnnotationOptions = {},
): Promise<Annotation[]> {
  return (await readAnnotationFile(source, name, annotator, options)).annotations;
}

/** Reads annotations as `readAnnotations` does, with what the file says of itself. */
export async function readAnnotationFile(
  source: Source,
  name: string,
  annotator: string,
  options: AnnotationOptions = {},
): Promise<AnnotationFile> {
  const file = `${name}.${annotator}`;
  let frequency = options.samplingFrequency;
  const samplingFrequency = async (): Promise<number> => {
    frequency ??= (await readHeader(source, name)).samplingFrequency;
    return frequency;
  };
  const perUnit = options.unit === 'seconds' ? await samplingFrequency() : 1;
  const from = Math.round((options.from ?? 0) * perUnit);
  const to = options.to === undefined ? Number.POSITIVE_INFINITY : Math.round(options.to * perUnit);
  if (!(from >= 0) || !(to > from)) throw new RangeError(`${file}: samples ${from} to ${to} are no window`);

  for (let size = firstBytes; ; size *= 2) {
    const end = to === Number.POSITIVE_INFINITY ? undefined : size;
    const bytes = await source.read(file, 0, end);
    const isStart = end !== undefined && bytes.length === end;
    const isAha = isAhaFormat(bytes);
    if (isAha && isStart) continue;
    const raw = isAha ? decodeAhaAnnotations(bytes, file) : decodeMitAnnotations(bytes, file, isStart);
    const notes = readNotes(raw);
    const { timeResolution, definitions, count } = notes;
    const scale = timeResolution === undefined ? 1 : (await samplingFrequency()) / timeResolution;
    // A last annotation short of the window's end may still lack its modifiers.
    const reached = (raw.at(-1)?.time ?? 0) * scale;
    if (isStart && reached < to) continue;
    const keep = keeper(from, to, options);
    const annotations = translate(raw, count, scale, definitions, keep);
    return { annotations, definitions, timeResolution };
  }
}

/** Decodes the bytes of an annotation file, times as they are in it. `file` is its name, for errors. */
export function decodeAnnotations(bytes: Uint8Array, file: string): Annotation[] {
  const raw = isAhaFormat(bytes) ? decodeAhaAnnotations(bytes, file) : decodeMitAnnotations(bytes, file);
  const { count, definitions } = readNotes(raw);
  return translate(raw, count, 1, definitions, undefined);
}

type Keep = ((annotation: Annotation) => boolean) | undefined;

function keeper(from: number, to: number, { symbols, channels }: AnnotationOptions): Keep {
  if (from === 0 && to === Number.POSITIVE_INFINITY && symbols === undefined && channels === undefined) {
    return undefined;
  }
  return ({ sample, symbol, channel }) =>
    sample >= from &&
    sample < to &&
    (symbols?.includes(symbol) ?? true) &&
    (channels?.includes(channel) ?? true);
}

/** Ticks to samples, codes to mnemonics, file order to time order. */
function translate(
  raw: readonly RawAnnotation[],
  skipped: number,
  scale: number,
  definitions: readonly AnnotationDefinition[],
  keep: Keep,
): Annotation[] {
  const symbols = Array.from({ length: 59 }, (_, code) => symbolOf(code));
  for (const { code, symbol } of definitions) symbols[code] = symbol;
  const found: Annotation[] = [];
  let isSorted = true;
  let before = 0;
  for (let i = skipped; i < raw.length; i++) {
    const { time, code, subtype, channel, num, aux } = raw[i]!;
    const sample = scale === 1 ? time : Math.round(time * scale);
    const annotation = { sample, symbol: symbols[code]!, subtype, channel, num, aux };
    if (keep !== undefined && !keep(annotation)) continue;
    if (sample < before) isSorted = false;
    before = sample;
    found.push(annotation);
  }
  return isSorted ? found : found.sort((a, b) => a.sample - b.sample);
}

/** What an annotation file is to say of itself. */
export interface EncodeOptions {
  /** Annotation types beside or instead of the usual ones. */
  readonly definitions?: readonly AnnotationDefinition[];
  /** Samples a second of the annotations' times, where not the record's sampling frequency. */
  readonly timeResolution?: number;
}

/**
 * Encodes annotations as an MIT annotation file, in the order of sample, then number, then channel that the format
 * requires. Throws `RangeError` for a value the format cannot hold: a negative sample, an unknown symbol, a subtype or
 * number outside −128…127, a channel outside 0…255, a text of more than 255 bytes in UTF-8.
 */
export function encodeAnnotations(
  annotations: readonly Annotation[],
  { definitions = [], timeResolution }: EncodeOptions = {},
): Uint8Array {
  const own = new Map(definitions.map(({ code, symbol }) => [symbol, code]));
  const sorted = [...annotations].sort(
    (a, b) => a.sample - b.sample || a.num - b.num || a.channel - b.channel,
  );
  const raw = sorted.map(({ sample, symbol, subtype, channel, num, aux }) => {
    const code = own.get(symbol) ?? codeOf(symbol);
    if (code === undefined) throw new RangeError(`'${symbol}' at sample ${sample} is no annotation symbol`);
    return { time: sample, code, subtype, channel, num, aux };
  });
  return encodeMitAnnotations([...writeNotes(timeResolution, definitions), ...raw]);
}

/** Writes `name.annotator`. Throws as `encodeAnnotations` does. */
export async function writeAnnotations(
  sink: Sink,
  name: string,
  annotator: string,
  annotations: readonly Annotation[],
  options: EncodeOptions = {},
): Promise<void> {
  await sink.write(`${name}.${annotator}`, encodeAnnotations(annotations, options));
}
