/** Annotation files (`.atr`, `.qrs`, …) in the MIT or, rarely, the AHA format; the first bytes distinguish the two. */

import { InputError } from '../../input-error.ts';
import { WfdbError } from '../errors.ts';
import { readHeader } from '../header.ts';
import type { Sink, Source } from '../source.ts';
import { collectLosses, type Leniency, type ReadWarning, type Report, strictly } from '../warnings.ts';
import { decodeAhaAnnotations, isAhaFormat, startsAsAha } from './aha-format.ts';
import { type Annotation, decodeMitAnnotations, encodeMitAnnotations } from './mit-format.ts';
import { type AnnotationDefinition, readNotes, writeNotes } from './notes.ts';
import { codeOf, symbolOf } from './symbols.ts';

export type { Annotation } from './mit-format.ts';

/** The contents of an annotation file. */
export interface AnnotationFile {
  /** Sorted by time; annotations at the same time keep their order in the file. */
  readonly annotations: Annotation[];
  /** Annotation types defined in the file, in addition to the standard ones or overriding them. */
  readonly definitions: readonly AnnotationDefinition[];
  /** Ticks per second of the times in the file; undefined if the file does not specify it. */
  readonly timeResolution: number | undefined;
  /** What could not be read and was skipped; see `AnnotationOptions.lenient`. */
  readonly warnings: readonly ReadWarning[];
}

/** Which annotations to read. With `lenient`, a damaged file yields the annotations that are intact. */
export interface AnnotationOptions extends Leniency {
  /** Start of the window, in `unit`; default 0. */
  readonly from?: number;
  /** End of the window (exclusive), in `unit`; default: the end of the record. */
  readonly to?: number;
  /** Unit of `from` and `to`. Default `samples`. */
  readonly unit?: 'samples' | 'seconds';
  /** Mnemonics to keep; default: all. */
  readonly symbols?: readonly string[];
  /** Channels to keep; default: all. */
  readonly channels?: readonly number[];
  /** Sampling frequency of the record, Hz. Default: read from its header, if it is needed. */
  readonly samplingFrequency?: number;
}

/** Larger files are refused: at one beat per second this is three months of annotations. */
const maxBytes = 1 << 24;

/**
 * Reads the annotations in `name.annotator`, e.g. `mitdb/100.atr`, sorted by time. The whole file is read even for a
 * window, because times in a file need not be monotonic. Throws `WfdbError` for a missing or malformed file and
 * `RangeError` for an empty or negative window.
 *
 * @example (await readAnnotations(source, 'synth/s01', 'atr')).length // => 215
 */
export async function readAnnotations(
  source: Source,
  name: string,
  annotator: string,
  options: AnnotationOptions = {},
): Promise<Annotation[]> {
  return (await readAnnotationFile(source, name, annotator, options)).annotations;
}

/**
 * Reads annotations as `readAnnotations` does, together with the metadata of the file. Throws as `readAnnotations` does.
 *
 * @example (await readAnnotationFile(source, 'synth/s01', 'atr')).annotations.length // => 215
 */
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
  if (!(from >= 0) || !(to > from)) throw new InputError(`${file}: invalid window: samples ${from} to ${to}`);

  const bytes = await source.read(file, 0, maxBytes + 1);
  if (bytes.length > maxBytes) {
    const expected = `annotations of at most ${maxBytes} bytes`;
    throw new WfdbError({ code: 'too-large', file, expected, found: 'more' });
  }
  const losses = collectLosses(options.lenient);
  const { annotations, definitions, timeResolution } = decode(bytes, file, losses.report);
  const scale = timeResolution === undefined ? 1 : (await samplingFrequency()) / timeResolution;
  const kept = choose(rescale(annotations, scale, file), from, to, options);
  return { annotations: inOrder(kept), definitions, timeResolution, warnings: losses.warnings };
}

/**
 * Decodes the bytes of an annotation file; times are those in the file, not rescaled to samples. `file` is its name,
 * used in errors.
 *
 * @example
 * const marks = [{ sample: 77, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' }];
 * decodeAnnotations(encodeAnnotations(marks), 'x.atr')[0].sample // => 77
 */
export function decodeAnnotations(bytes: Uint8Array, file: string): Annotation[] {
  return inOrder(decode(bytes, file, strictly).annotations);
}

const usualSymbols = Array.from({ length: 59 }, (_, code) => symbolOf(code));

/** The annotations after the leading notes, in file order, with the metadata from the notes. */
function decode(bytes: Uint8Array, file: string, report: Report): Omit<AnnotationFile, 'warnings'> {
  if (isAhaFormat(bytes)) {
    const annotations = decodeAhaAnnotations(bytes, file, report);
    return { annotations, definitions: [], timeResolution: undefined };
  }
  const plain = decodeMitAnnotations(bytes, file, usualSymbols, report);
  const { count, definitions, timeResolution } = readNotes(plain);
  if (definitions.length === 0) {
    return { annotations: count === 0 ? plain : plain.slice(count), definitions, timeResolution };
  }
  const symbols = [...usualSymbols];
  for (const { code, symbol } of definitions) symbols[code] = symbol;
  const own = decodeMitAnnotations(bytes, file, symbols, () => {}); // all was reported once
  return { annotations: own.slice(count), definitions, timeResolution };
}

/** Ticks to samples. */
function rescale(annotations: Annotation[], scale: number, file: string): Annotation[] {
  if (scale === 1) return annotations;
  return annotations.map(annotation => {
    const sample = Math.round(annotation.sample * scale);
    if (Number.isSafeInteger(sample)) return { ...annotation, sample };
    throw new WfdbError({
      code: 'inconsistent',
      file,
      expected: 'times that are sample numbers below 2⁵³',
      found: `tick ${annotation.sample}, ${scale} samples each`,
    });
  });
}

function choose(
  annotations: Annotation[],
  from: number,
  to: number,
  { symbols, channels }: AnnotationOptions,
): Annotation[] {
  if (from === 0 && to === Number.POSITIVE_INFINITY && symbols === undefined && channels === undefined) {
    return annotations;
  }
  return annotations.filter(
    ({ sample, symbol, channel }) =>
      sample >= from &&
      sample < to &&
      (symbols?.includes(symbol) ?? true) &&
      (channels?.includes(channel) ?? true),
  );
}

function inOrder(annotations: Annotation[]): Annotation[] {
  for (let i = 1; i < annotations.length; i++) {
    if (annotations[i]!.sample < annotations[i - 1]!.sample) {
      return annotations.sort((a, b) => a.sample - b.sample);
    }
  }
  return annotations;
}

/** Metadata to write into an annotation file. */
export interface EncodeOptions {
  /** Annotation types in addition to the standard ones, or overriding them. */
  readonly definitions?: readonly AnnotationDefinition[];
  /** Ticks per second of the annotation times, if other than the record's sampling frequency. */
  readonly timeResolution?: number;
}

/** A SKIP of 0, written first in a file whose first word would otherwise be mistaken for the AHA format. */
const skipOfNothing = Uint8Array.of(0, 59 << 2, 0, 0, 0, 0);

/**
 * Encodes annotations as an MIT annotation file, in the order of sample, then number, then channel that the format
 * requires. Throws `RangeError` for a value the format cannot hold: a negative sample, an unknown symbol or one whose
 * code is defined as another, a subtype or number outside −128…127, a channel outside 0…255, a text of more than 255
 * bytes in UTF-8; and for a first note that would be read back as metadata.
 *
 * @example
 * const marks = [{ sample: 77, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' }];
 * encodeAnnotations(marks) // => [77, 4, 0, 0]
 */
export function encodeAnnotations(
  annotations: readonly Annotation[],
  { definitions = [], timeResolution }: EncodeOptions = {},
): Uint8Array {
  const own = new Map(definitions.map(({ code, symbol }) => [symbol, code]));
  const sorted = [...annotations].sort(
    (a, b) => a.sample - b.sample || a.num - b.num || a.channel - b.channel,
  );
  const redefined = new Map(definitions.map(({ code, symbol }) => [code, symbol]));
  const codes = sorted.map(({ symbol, sample }) => {
    const code = own.get(symbol) ?? codeOf(symbol);
    if (code === undefined)
      throw new InputError(`'${symbol}' at sample ${sample} is not an annotation symbol`);
    const meaning = redefined.get(code) ?? symbol;
    if (meaning === symbol) return code;
    throw new InputError(`'${symbol}' at sample ${sample} has code ${code}, defined as '${meaning}'`);
  });
  const notes = writeNotes(timeResolution, definitions);
  if (notes.length === 0 && readNotes(sorted).count > 0) {
    throw new InputError(
      `the annotation at sample 0 would be read back as metadata of the file: ${sorted[0]!.aux}`,
    );
  }
  const noteCodes = notes.map(({ symbol }) => codeOf(symbol)!);
  const bytes = encodeMitAnnotations([...notes, ...sorted], [...noteCodes, ...codes]);
  if (!startsAsAha(bytes)) return bytes;
  const led = new Uint8Array(skipOfNothing.length + bytes.length);
  led.set(skipOfNothing);
  led.set(bytes, skipOfNothing.length);
  return led;
}

/**
 * Writes `name.annotator`. Throws as `encodeAnnotations` does.
 *
 * @example
 * const marks = [{ sample: 77, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' }];
 * const sink = memorySink();
 * await writeAnnotations(sink, 'x', 'atr', marks);
 * [...sink.files.keys()] // => ['x.atr']
 */
export async function writeAnnotations(
  sink: Sink,
  name: string,
  annotator: string,
  annotations: readonly Annotation[],
  options: EncodeOptions = {},
): Promise<void> {
  await sink.write(`${name}.${annotator}`, encodeAnnotations(annotations, options));
}
