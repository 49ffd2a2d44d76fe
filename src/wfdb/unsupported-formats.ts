/** File formats that are not supported but recognised by content, with advice on how to convert them. */
import { decodeMitAnnotations } from './annotations/mit-format.ts';
import { symbolOf } from './annotations/symbols.ts';
import { decodeText, isWebPage } from './text.ts';

/** A format that is recognised but not supported. */
export interface UnsupportedFormat {
  readonly name: string;
  readonly advice: string;
  /** Whether a file has this format, judged from its first kilobytes. */
  readonly matches: (bytes: Uint8Array) => boolean;
}

const biosig = 'save2gdf of BioSig (biosig-tools) converts it to EDF';
const exported = 'have the program that made it export EDF, CSV or WFDB';

/** Whether the ASCII text occurs at byte `at`. */
const has = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((character, i) => bytes[at + i] === character.charCodeAt(0));

/** Tests for XML with an element of that name, in any namespace, near the start. */
const isXmlOf =
  (element: RegExp) =>
  (bytes: Uint8Array): boolean => {
    const text = xmlText(bytes);
    return /^\s*<\?xml|^\s*</.test(text.slice(0, 200)) && element.test(text.slice(0, 4096));
  };

function xmlText(bytes: Uint8Array): string {
  const head = bytes.subarray(0, 8192);
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(head);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(head);
  return decodeText(head).replace(/^\ufeff/, '');
}

/** Most specific first. */
export const unsupportedFormats: readonly UnsupportedFormat[] = [
  {
    name: 'DICOM',
    advice: 'pydicom reads its waveforms (Dataset.waveform_array), to be saved as CSV',
    matches: bytes => has(bytes, 128, 'DICM'),
  },
  { name: 'SCP-ECG', advice: biosig, matches: bytes => has(bytes, 16, 'SCPECG') },
  {
    name: 'ISHNE Holter',
    advice: biosig,
    matches: bytes => has(bytes, 0, 'ISHNE1.0') || has(bytes, 0, 'ANN  1.0'),
  },
  { name: 'HL7 annotated ECG (XML)', advice: biosig, matches: isXmlOf(/<(\w+:)?AnnotatedECG\b/) },
  { name: 'Philips Sierra ECG (XML)', advice: exported, matches: isXmlOf(/<(\w+:)?restingecgdata\b/i) },
  { name: 'GE MUSE ECG (XML)', advice: exported, matches: isXmlOf(/<(\w+:)?RestingECG\b/) },
  {
    name: 'GE CardioSoft ECG (XML)',
    advice: exported,
    matches: isXmlOf(/<(\w+:)?(CardiologyXML|sapphire)\b/),
  },
  { name: 'GDF', advice: biosig, matches: bytes => has(bytes, 0, 'GDF ') },
  {
    name: 'MATLAB level 5',
    advice: 'save it with -v4, or as CSV',
    matches: bytes => has(bytes, 0, 'MATLAB 5.0 MAT-file'),
  },
  {
    name: 'HDF5 (or MATLAB 7.3)',
    advice: 'save it with -v4, or as CSV',
    matches: bytes => has(bytes, 0, '\x89HDF\r\n'),
  },
  { name: 'PDF', advice: exported, matches: bytes => has(bytes, 0, '%PDF-') },
  {
    name: 'ZIP or spreadsheet',
    advice: 'unpack it, or save it as CSV',
    matches: bytes => has(bytes, 0, 'PK\x03\x04'),
  },
  { name: 'gzip', advice: 'unpack it first', matches: bytes => bytes[0] === 0x1f && bytes[1] === 0x8b },
  {
    name: 'a web page',
    advice: 'it may be a login page, or a page that describes the file',
    matches: bytes => isWebPage(decodeText(bytes.subarray(0, 1000))),
  },
  { name: 'XML', advice: exported, matches: isXmlOf(/^\s*<\?xml\b/) },
  {
    name: 'WFDB annotations',
    advice:
      'its extension is the annotator: give the record and --annotator EXTENSION, or call readAnnotations(source, NAME, EXTENSION)',
    matches: looksLikeAnnotations,
  },
];

/** The unsupported format of a file; undefined if it is not recognised. */
export function unsupportedFormatOf(bytes: Uint8Array): UnsupportedFormat | undefined {
  return unsupportedFormats.find(format => format.matches(bytes));
}

const usualSymbols = Array.from({ length: 59 }, (_, code) => symbolOf(code));
const fewest = 4;

/** Whether bytes decode as MIT annotations, every one of a type that has a name. */
function looksLikeAnnotations(bytes: Uint8Array): boolean {
  let isWrong = false;
  const found = decodeMitAnnotations(bytes, '', usualSymbols, ({ code }) => {
    if (code !== 'truncated') isWrong = true;
  });
  const isNamed = found.every(({ symbol }) => symbol !== ' ' && !/^\[\d/.test(symbol));
  return !isWrong && isNamed && found.length >= fewest && found.at(-1)!.sample > 0;
}
