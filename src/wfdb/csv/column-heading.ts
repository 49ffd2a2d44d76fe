/** Interprets column headings: units in any spelling, and columns of times or sample numbers. */
import { unguarded } from './formula.ts';

/** A column's name and units, from its heading. */
export interface Heading {
  readonly name: string;
  readonly units: string | undefined;
}

const voltUnits: ReadonlyMap<string, string> = new Map(
  (
    [
      ['V', ['v', 'volt', 'volts']],
      ['mV', ['mv', 'millivolt', 'millivolts', 'milivolt', 'milivolts', 'мв']],
      ['uV', ['uv', 'microvolt', 'microvolts', 'mikrovolt', 'mcv', 'мкв']],
      ['µV', ['µv']],
      ['nV', ['nv', 'nanovolt', 'nanovolts']],
    ] as const
  ).flatMap(([unit, spellings]) => spellings.map(spelling => [spelling, unit] as const)),
);

const timeUnits: ReadonlyMap<string, number> = new Map(
  (
    [
      [1, ['s', 'sec', 'secs', 'second', 'seconds', 'sek', 'sekunde', 'sekunden', 'seconde', 'secondes']],
      [1e-3, ['ms', 'msec', 'msecs', 'millisecond', 'milliseconds', 'millis', 'millisekunden']],
      [1e-6, ['us', 'µs', 'usec', 'microsecond', 'microseconds', 'micros', 'mikrosekunden']],
      [1e-9, ['ns', 'nsec', 'nanosecond', 'nanoseconds', 'nanos', 'nanosekunden']],
      [60, ['min', 'mins', 'minute', 'minutes', 'minuten']],
      [3600, ['h', 'hour', 'hours', 'stunden']],
    ] as const
  ).flatMap(([seconds, spellings]) => spellings.map(spelling => [spelling, seconds] as const)),
);

/** Other units recognised in a row of units. */
const otherUnits = new Set(
  'nu adu lsb counts count a.u. au bpm /min 1/min mmhg cmh2o kpa pa % spo2 g mg m/s2 m/s^2 deg °/s °c °f ohm ω hz n/a'.split(
    ' ',
  ),
);

/** Normalises to lower case, half-width letters and a single micro sign. */
const plain = (text: string): string => text.normalize('NFKC').replaceAll('μ', 'µ').trim().toLowerCase();

/** The canonical spelling of a unit of voltage (`V`, `mV`, `uV`, `µV`, `nV`); undefined for other text. */
export const voltUnit = (text: string): string | undefined =>
  text.length > 20 ? undefined : voltUnits.get(plain(text));

/** Seconds per unit of time; undefined for other text. */
export const secondsIn = (text: string | undefined): number | undefined =>
  text === undefined || text.length > 20 ? undefined : timeUnits.get(plain(text));

/** Whether the text is a lower-case unit of at most a second: `h` and `min` alone may mean heart rate and minimum. */
const isShortUnit = (text: string): boolean => (secondsIn(text) ?? 2) <= 1 && text === text.toLowerCase();

/** Whether a cell looks like a unit. */
export function looksLikeUnit(cell: string): boolean {
  if (cell.length > 30) return false;
  const isInBrackets = opening.has(cell[0]!) && closing.has(cell.at(-1)!);
  const text = bare(cell);
  const isKnown =
    voltUnit(text) !== undefined || secondsIn(text) !== undefined || otherUnits.has(plain(text));
  return isInBrackets || isKnown || / sec$/.test(text) || text.startsWith('hh:mm:ss');
}

const opening = new Set('([（［');
const closing = new Set(')]）］');

/** A unit without surrounding brackets, with voltage units in their canonical spelling. */
export function bare(text: string): string {
  const letters = text.trim();
  const from = opening.has(letters[0] ?? '') ? 1 : 0;
  const to = closing.has(letters.at(-1) ?? '') ? letters.length - 1 : letters.length;
  const inside = letters.slice(from, to).trim();
  return voltUnit(inside) ?? inside;
}

/** Other quantities that recorders store with the signals, and their units in WFDB (`NU`: none). */
const otherQuantities: ReadonlyMap<string, string> = new Map(
  Object.entries({
    hr: 'bpm',
    heartrate: 'bpm',
    pulse: 'bpm',
    bpm: 'bpm',
    rr: 'NU',
    rri: 'NU',
    ibi: 'NU',
    spo2: '%',
  }),
);

const separators = new Set(' _.-/:,|');

/**
 * Splits a heading into name and units: `MLII (mV)`, `ecg[µV]`, `ECG_uV`, `ecg.mv`, `EKG in mV`, `Time/s`, `ECGmV`,
 * `mV`, `t_ms`, `hr`. A final `V` after a separator means volts unless the heading names a lead (`Lead V`).
 */
export function readHeading(cell: string): Heading {
  const text = unguarded(cell).trim();
  const open = Math.max(...[...opening].map(bracket => text.lastIndexOf(bracket)));
  if (open >= 0 && closing.has(text.at(-1)!)) {
    return { name: text.slice(0, open).trim(), units: bare(text.slice(open)) };
  }
  const letters = closing.has(text.at(-1) ?? '') ? text.slice(0, -1).trim() : text;
  if (voltUnit(letters) !== undefined && letters.length > 1) return { name: text, units: voltUnit(letters)! };
  let at = letters.length;
  while (at > 0 && !separators.has(letters[at - 1]!) && !opening.has(letters[at - 1]!)) at--;
  const last = letters.slice(at);
  const name = withoutSeparators(letters.slice(0, at));
  const volts = voltUnit(last);
  const isLead = (last === 'v' || last === 'V') && !/ecg|ekg|volt|signal|ampl/i.test(name.slice(0, 100));
  if (name !== '' && volts !== undefined && !isLead) return { name, units: volts };
  if (name !== '' && isShortUnit(last)) return { name, units: last };
  const attached = /[\p{L}\d)]([mµμun]V)$/u.exec(letters.slice(-4))?.[1];
  if (attached !== undefined) return { name: letters.slice(0, -2), units: voltUnit(attached) };
  return {
    name: text,
    units: text.length > 20 ? undefined : otherQuantities.get(plain(text).replace(/[ _.-]/g, '')),
  };
}

/** Removes what only introduces the unit, as in `ecg in ` and `ECG_`. */
function withoutSeparators(text: string): string {
  let end = text.length;
  while (end > 0 && (separators.has(text[end - 1]!) || opening.has(text[end - 1]!))) end--;
  const name = text.slice(0, end);
  return /\sin$/i.test(name.slice(-3)) ? name.slice(0, -3).trimEnd() : name;
}

/** Words that identify a column of times, in addition to `t`, `ts` and bare units of time. */
const timeWords =
  'time timestamp timestamps datetime date elapsed epoch unix clock zeit uhrzeit zeitstempel datum temps heure horodatage tiempo hora fecha tempo ora tid tidpunkt klokkeslæt czas čas cas idő ido aika время дата 時刻 時間 时间 時間戳 时间戳 日時 시간 시각 zaman vrijeme laikas laiks aeg χρόνος זמן الوقت tijd tijdstip vreme thời'.split(
    ' ',
  );
const timeWordSet = new Set([...timeWords, 't', 'ts']);

/** Whether a heading names a column of times. `name` excludes the units. */
export function isTimeName(name: string): boolean {
  if (name.length > 60) return false;
  const words = plain(name)
    .split(/[^\p{L}\p{M}]+/u)
    .filter(Boolean);
  if (words.length === 0 || words.length > 3) return false;
  if (isShortUnit(name)) return true;
  return words.some(word => timeWordSet.has(word));
}

const sampleNumberName =
  /^(samples?|samp(le)?[ _.]?(#|no\.?|nr\.?|num(ber)?|index|interval)|index|idx|row|#|nr\.?|no\.?|frame|unnamed: 0)$/i;

/** Whether a heading names a column of sample numbers. */
export const isSampleNumberName = (name: string): boolean =>
  name.length <= 20 && sampleNumberName.test(name.trim());

/** Whether a heading names elapsed time (`Elapsed time`). */
export const isElapsedName = (name: string): boolean => /elapsed|relative/i.test(name.slice(0, 60));
