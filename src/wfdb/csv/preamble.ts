/**
 * Lines above a table that say something about it: `Sample Rate,512 hertz`, `# fs = 360`, `Einheit,µV`,
 * `Ableitung,Ableitung I`. Keys come in the language of the system that wrote them, so what a line says is told by its
 * value where that is possible, and by its key only for a bare number.
 */
import { voltUnit } from './column-heading.ts';
import { numberOf } from './number.ts';

/** What the lines say. */
export interface Preamble {
  /** Hz. */
  readonly samplingFrequency?: number;
  readonly units?: string;
  readonly lead?: string;
}

interface KeyAndValue {
  readonly key: string;
  readonly value: string;
}

/** A longer line says nothing that is understood here. */
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

/** Whether a word says that a unit follows. */
export const isUnitKey = (word: string): boolean => word.length <= 20 && unitKey.test(word);

/** Splits at the first `:`, `=`, `,`, `;` or tab; undefined when there is none. */
export function keyAndValue(line: string): KeyAndValue | undefined {
  const at = line.length > longestLine ? -1 : line.search(/[:=,;\t]/);
  if (at < 0) return undefined;
  const value = line.slice(at + 1).trim();
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
  return { key: line.slice(0, at).trim(), value: isQuoted ? value.slice(1, -1) : value };
}

/** What the lines above a table say of it. */
export function readPreamble(lines: readonly string[]): Preamble {
  const pairs = lines.map(keyAndValue).filter(pair => pair !== undefined);
  let samplingFrequency: number | undefined;
  for (const { key, value } of pairs) samplingFrequency ??= frequencyOf(key, value);
  for (const line of lines) samplingFrequency ??= frequencyInJson(line);
  const unitAt = pairs.findIndex(({ key, value }) => unitOf(key, value) !== undefined);
  const units = unitAt < 0 ? undefined : unitOf(pairs[unitAt]!.key, pairs[unitAt]!.value);
  // A name may end in a numeral too: without a known key, only the line beside the unit names a lead.
  const besideUnit = unitAt < 1 ? undefined : pairs[unitAt - 1]!.value;
  const lead =
    pairs.find(({ key }) => leadKey.test(key))?.value ??
    (besideUnit !== undefined && leadWord.test(besideUnit.slice(-40)) ? besideUnit : undefined);
  return {
    ...(samplingFrequency !== undefined && { samplingFrequency }),
    ...(units !== undefined && { units }),
    ...(lead && { lead }),
  };
}

const unitOf = (key: string, value: string): string | undefined =>
  voltUnit(value) ?? (unitKey.test(key) && /^\S{1,12}$/.test(value) ? value : undefined);

/** From `{"device": {"sampling rate": 1000, …}}` in a comment, as OpenSignals writes it. */
function frequencyInJson(line: string): number | undefined {
  const at = line.indexOf('"sampling rate"');
  const digits =
    at < 0
      ? undefined
      : /^"sampling rate" ?: ?(\d{1,6}(?:\.\d{1,6})?)[,}\s]/.exec(line.slice(at, at + 60))?.[1];
  return digits === undefined ? undefined : Number(digits) || undefined;
}

/** Recorders of heart signals lie between, in Hz; it decides whether `1,000` is 1 or 1000, and `511,562` likewise. */
const slowest = 20;
const fastest = 20_000;

function frequencyOf(key: string, value: string): number | undefined {
  const parts = /^([+\d.,]+)[\s\u00a0]*(k?)(\p{L}+)?$/iu.exec(value);
  if (parts === null) return undefined;
  const [, digits, kilo, word = ''] = parts;
  const isHertz = hertz.test(word);
  if (!isHertz && !(rateKey.test(key) && word === '')) return undefined;
  const readings = [numberOf(digits!, '.'), numberOf(digits!, ',')]
    .filter(reading => reading !== undefined)
    .map(reading => reading * (kilo ? 1000 : 1));
  return readings.find(reading => reading >= slowest && reading < fastest) ?? (readings[0] || undefined);
}
