/**
 * Metadata lines above a table: `Sample Rate,512 hertz`, `# fs = 360`, `Einheit,µV`, `Ableitung,Ableitung I`. Keys may
 * be in any language, so a line is interpreted by its value if possible, and by its key only for a bare number.
 */
import { voltUnit } from './column-heading.ts';
import { type DecimalMark, numberOf } from './number.ts';

/** Metadata from the lines above a table. */
export interface Preamble {
  /** Hz. */
  readonly samplingFrequency?: number;
  /** The decimal mark that the sampling frequency is written with. */
  readonly decimal?: DecimalMark;
  readonly units?: string;
  readonly lead?: string;
}

interface KeyAndValue {
  readonly key: string;
  readonly value: string;
}

/** Longer lines are ignored. */
const longestLine = 200;

const hertz =
  /^(?:hz|hert[zs]\w*|herc\p{L}*|érc|гц|герц\p{L}*|ヘルツ|赫兹|赫茲|헤르츠|هرتز|הרץ|χερτζ|เฮิรตซ์|hertsiä)$/iu;
const rateKey =
  /^fs$|sampl\w*[ _]*(freq|rate)|(freq|rate)\w*[ _]+(of[ _]+)?sampl|abtast|messrate|échantillonnage|muestreo|campionamento|amostragem|bemonstering|дискретизац|частота|próbkowan|サンプリング|サンプルレート|采样|採樣|샘플/iu;
const unitKey =
  /^(units?|einheit|unité|unidad|unità|unidade|eenheid|единиц\p{L}*|jednostka|単位|单位|單位|단위)$/iu;
const leadKey =
  /^(lead|ableitung|dérivation|derivación|derivazione|derivação|afleiding|отведение|odprowadzenie|誘導|导联|導聯|유도)$/iu;
const leadWord = /(?:^|[^\p{Script=Latin}\d])(?:I{1,3}|aV[RLF]|V[1-9]|ML(?:I{1,3}|V\d))$/u;

/** Whether a key announces a unit. */
export const isUnitKey = (word: string): boolean => word.length <= 20 && unitKey.test(word);

/** Splits a line at the first `:`, `=`, `,`, `;` or tab; undefined if there is none. */
export function keyAndValue(line: string): KeyAndValue | undefined {
  const at = line.length > longestLine ? -1 : line.search(/[:=,;\t]/);
  if (at < 0) return undefined;
  const value = line.slice(at + 1).trim();
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
  return { key: line.slice(0, at).trim(), value: isQuoted ? value.slice(1, -1) : value };
}

/** Reads the metadata lines above a table. */
export function readPreamble(lines: readonly string[]): Preamble {
  const pairs = lines.map(keyAndValue).filter(pair => pair !== undefined);
  let samplingFrequency: number | undefined;
  let decimal: DecimalMark | undefined;
  for (const { key, value } of pairs) {
    if (samplingFrequency !== undefined) break;
    const found = frequencyOf(key, value);
    samplingFrequency = found?.samplingFrequency;
    decimal = found?.decimal;
  }
  for (const line of lines) samplingFrequency ??= frequencyInJson(line);
  const unitAt = pairs.findIndex(({ key, value }) => unitOf(key, value) !== undefined);
  const units = unitAt < 0 ? undefined : unitOf(pairs[unitAt]!.key, pairs[unitAt]!.value);
  // Other names may end in a numeral too: without a known key, only the line next to the unit can name a lead.
  const besideUnit = unitAt < 1 ? undefined : pairs[unitAt - 1]!.value;
  const lead =
    pairs.find(({ key }) => leadKey.test(key))?.value ??
    (besideUnit !== undefined && leadWord.test(besideUnit.slice(-40)) ? besideUnit : undefined);
  return {
    ...(samplingFrequency !== undefined && { samplingFrequency }),
    ...(decimal !== undefined && { decimal }),
    ...(units !== undefined && { units }),
    ...(lead && { lead }),
  };
}

const unitOf = (key: string, value: string): string | undefined =>
  voltUnit(value) ?? (unitKey.test(key) && /^\S{1,12}$/.test(value) ? value : undefined);

/** Sampling frequency from `{"device": {"sampling rate": 1000, …}}` in a comment, as written by OpenSignals. */
function frequencyInJson(line: string): number | undefined {
  const at = line.indexOf('"sampling rate"');
  const digits =
    at < 0
      ? undefined
      : /^"sampling rate" ?: ?(\d{1,6}(?:\.\d{1,6})?)[,}\s]/.exec(line.slice(at, at + 60))?.[1];
  return digits === undefined ? undefined : Number(digits) || undefined;
}

/** Plausible sampling frequencies, Hz: they decide whether `1,000` means 1 or 1000, and likewise `511,562`. */
const slowest = 20;
const fastest = 20_000;

function frequencyOf(
  key: string,
  value: string,
): { readonly samplingFrequency: number; readonly decimal: DecimalMark | undefined } | undefined {
  const parts = /^([+\d.,]+)[\s\u00a0]*(k?)(\p{L}+)?$/iu.exec(value);
  if (parts === null) return undefined;
  const [, digits, kilo, word = ''] = parts;
  const isHertz = hertz.test(word);
  if (!isHertz && !(rateKey.test(key) && word === '')) return undefined;
  const readings = (['.', ','] as const)
    .map(mark => ({ mark, reading: (numberOf(digits!, mark) ?? Number.NaN) * (kilo ? 1000 : 1) }))
    .filter(({ reading }) => !Number.isNaN(reading));
  const chosen =
    readings.find(({ reading }) => reading >= slowest && reading < fastest) ??
    (readings[0]?.reading ? readings[0] : undefined);
  if (chosen === undefined) return undefined;
  const isDecimal = !Number.isInteger(chosen.reading) && digits!.includes(chosen.mark);
  return { samplingFrequency: chosen.reading, decimal: isDecimal ? chosen.mark : undefined };
}
