/**
 * Metadata of an annotation file: notes (code 22) at time 0 before all other annotations.
 *
 *   ## time resolution: 1000            ticks per second, if other than the record's sampling frequency
 *   ## annotation type definitions
 *   15 c calibration pulse              code, mnemonic, description
 *   ## end of definitions
 *
 * A null annotation (code 0) that follows at time 0 only ends the notes.
 */
import { InputError } from '../../input-error.ts';
import type { Annotation } from './mit-format.ts';

/** An annotation type defined in the file. */
export interface AnnotationDefinition {
  /** 1 to 49. */
  readonly code: number;
  /** Mnemonic, without spaces. */
  readonly symbol: string;
  readonly description: string;
}

/** The metadata in the notes, and the number of leading annotations that hold it. */
export interface FileNotes {
  readonly timeResolution: number | undefined;
  readonly definitions: readonly AnnotationDefinition[];
  readonly count: number;
}

const note = '"';
const nothing = ' ';
const startOfDefinitions = '## annotation type definitions';
const endOfDefinitions = '## end of definitions';

/**
 * Reads the notes at the start of a file, decoded with the standard mnemonics. A note of any other form is an ordinary
 * annotation.
 */
export function readNotes(annotations: readonly Annotation[]): FileNotes {
  let timeResolution: number | undefined;
  const definitions: AnnotationDefinition[] = [];
  let isInside = false;
  let count = 0;
  for (const annotation of annotations) {
    if (annotation.sample !== 0) break;
    if (annotation.symbol === nothing && count > 0) {
      count++;
      break;
    }
    if (annotation.symbol !== note) break;
    const text = annotation.aux.trim();
    const resolution = /^## time resolution: *(\d+\.?\d*(?:[eE][+-]?\d+)?)/.exec(text);
    const [code = '', symbol = ''] = isInside ? text.split(/\s+/, 2) : [];
    if (resolution !== null && Number(resolution[1]) > 0) timeResolution = Number(resolution[1]);
    else if (text.startsWith(startOfDefinitions)) isInside = true;
    else if (text.startsWith(endOfDefinitions)) isInside = false;
    else if (symbol !== '' && /^\d+$/.test(code) && Number(code) >= 1 && Number(code) <= 49) {
      const description = text.slice(code.length).trimStart().slice(symbol.length).trimStart();
      definitions.push({ code: Number(code), symbol, description });
    } else break;
    count++;
  }
  return { timeResolution, definitions, count };
}

/** The notes that hold this metadata, followed by the null annotation that ends them; empty if there is none. */
export function writeNotes(
  timeResolution: number | undefined,
  definitions: readonly AnnotationDefinition[],
): readonly Annotation[] {
  if (timeResolution !== undefined && !(timeResolution > 0 && Number.isFinite(timeResolution))) {
    throw new InputError(`a time resolution is a positive number of ticks per second, not ${timeResolution}`);
  }
  const lines = timeResolution === undefined ? [] : [`## time resolution: ${timeResolution}`];
  if (definitions.length > 0) {
    lines.push(startOfDefinitions);
    for (const { code, symbol, description } of definitions) {
      if (
        !Number.isInteger(code) ||
        code < 1 ||
        code > 49 ||
        !/^\S+$/.test(symbol) ||
        /[\r\n]/.test(description)
      ) {
        throw new InputError(`an annotation type cannot be defined as '${code} ${symbol} ${description}'`);
      }
      lines.push(`${code} ${symbol} ${description}`.trim());
    }
    lines.push(endOfDefinitions);
  }
  const plain = { sample: 0, subtype: 0, channel: 0, num: 0 };
  const notes = lines.map(aux => ({ ...plain, symbol: note, aux }));
  return notes.length === 0 ? [] : [...notes, { ...plain, symbol: nothing, aux: '' }];
}
