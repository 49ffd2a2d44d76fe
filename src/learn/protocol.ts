/**
 * Evaluation protocols: the AAMI beat classes, and the inter-patient division of the MIT-BIH Arrhythmia Database by de
 * Chazal, O'Dwyer & Reilly 2004 (IEEE Trans Biomed Eng 51:1196).
 *
 * Records 201 (DS1) and 202 (DS2) are of the same person: `withoutTestPatients` leaves 201 out of training.
 */
import { type BeatClass, beatClass, beatClasses, type ClassMap } from '../beat/score/beat-classes.ts';
import { InputError } from '../input-error.ts';
import { type RecordName, recordNames } from './record-name.ts';

/**
 * The five classes of ANSI/AAMI EC57: normal, supraventricular ectopic, ventricular ectopic, fusion, unknown.
 *
 * @example aamiClasses // => ['N', 'S', 'V', 'F', 'Q']
 */
export const aamiClasses = beatClasses;
export type AamiClass = BeatClass;

/**
 * The AAMI class of an annotation symbol under the `deChazal` mapping of `beatClass` (N: N L R e j; S: A a J S; V: V E;
 * F: F; Q: / f Q), or another one; undefined for a symbol that it leaves unclassified.
 *
 * @example aamiClass('L') // => 'N'
 */
export const aamiClass = (symbol: string, classMap: ClassMap = 'deChazal'): AamiClass | undefined =>
  beatClass(symbol, classMap);

/**
 * The 22 training records of de Chazal 2004.
 *
 * @example ds1.length // => 22
 */
export const ds1: readonly string[] = [
  ...['101', '106', '108', '109', '112', '114', '115', '116', '118', '119', '122'],
  ...['124', '201', '203', '205', '207', '208', '209', '215', '220', '223', '230'],
];

/**
 * The 22 test records of de Chazal 2004. Records 102, 104, 107 and 217 (paced) are in neither set.
 *
 * @example ds2.filter(record => ds1.includes(record)) // => []
 */
export const ds2: readonly string[] = [
  ...['100', '103', '105', '111', '113', '117', '121', '123', '200', '202', '210'],
  ...['212', '213', '214', '219', '221', '222', '228', '231', '232', '233', '234'],
];

/** Everything that the metrics of a beat classifier depend on besides the classifier. Plain data. */
export interface Protocol {
  readonly name: string;
  readonly database: string;
  readonly training: readonly string[];
  readonly test: readonly string[];
  /** Records of the database that are in neither set, and the reason. */
  readonly leftOut: readonly { readonly records: readonly string[]; readonly reason: string }[];
  /** Persons with records in both sets: kept for comparability with published results, although it is a leak. */
  readonly sharedPatients: readonly string[];
  /** The leads in order of preference: the first one that a record has is used. */
  readonly leads: readonly string[];
  /** Mapping from annotation symbols to classes; the same for training and test. */
  readonly classMap: 'deChazal' | 'ec57';
  /**
   * How much of a test record the features and decisions of its beats depend on, without its annotations. `record`: all
   * of it (transductive). `past`: the five minutes before, and at most 30 s after (causal but for that delay).
   */
  readonly context: 'record' | 'past';
  /** Which beats are excluded from both sets. */
  readonly beatsLeftOut: string;
}

const paced = { records: ['102', '104', '107', '217'], reason: 'paced (de Chazal 2004, after EC57)' };
const common = {
  database: 'mitdb',
  test: ds2,
  leads: ['MLII', 'II'],
  classMap: 'deChazal',
  context: 'record',
  beatsLeftOut: 'symbols without a class (B, n, r, ?); beats over invalid samples',
} as const;

/** How far back the features of a beat reach in the context `past`, s. */
export const pastSeconds = 300;
/** Duration of the blocks in which beats are classified in the context `past`, s: the longest delay of a class. */
export const blockSeconds = 30;

/** The protocols by name. `dechazal` is as published; in `dechazal-clean` no person is in both sets. */
export const protocols: Readonly<Record<'dechazal' | 'dechazal-clean', Protocol>> = {
  dechazal: {
    ...common,
    name: 'dechazal',
    training: ds1,
    leftOut: [paced],
    sharedPatients: ['201 (training) and 202 (test) are of one person'],
  },
  'dechazal-clean': {
    ...common,
    name: 'dechazal-clean',
    training: ds1.filter(record => record !== '201'),
    leftOut: [paced, { records: ['201'], reason: 'of the person of test record 202' }],
    sharedPatients: [],
  },
};

/**
 * A protocol with another class map or context. In the EC57 map, B, n, r and ? have classes too, and e and j are S.
 *
 * @example protocolVariant(protocols.dechazal, 'ec57', 'past').beatsLeftOut // => 'beats over invalid samples'
 */
export const protocolVariant = (
  protocol: Protocol,
  classMap: Protocol['classMap'],
  context: Protocol['context'],
): Protocol => ({
  ...protocol,
  ...{ classMap, context },
  beatsLeftOut: classMap === 'ec57' ? 'beats over invalid samples' : protocol.beatsLeftOut,
});

/**
 * Parses a list of records: `DS1`, `DS2`, or record names and numeric ranges separated by commas, of `database` where
 * they name none. Throws `InputError` for a range whose end is before its start.
 *
 * @example recordSet('100-102, ./201', 'mitdb').map(recordText) // => ['mitdb/100', 'mitdb/101', 'mitdb/102', 'mitdb/201']
 */
export function recordSet(text: string, database: string): RecordName[] {
  if (text.trim() === 'DS1') return recordNames(ds1.join(), database);
  if (text.trim() === 'DS2') return recordNames(ds2.join(), database);
  return recordNames(text.split(',').flatMap(numbersBetween).join(), database);
}

/** Limit of the length of a range of records. */
const longestRange = 1_000_000;

/**
 * The record numbers of a range such as `100-105`, with the same number of digits; any other text is returned as it is.
 */
function numbersBetween(text: string): string[] {
  const parts = /^\s*(\d{1,9})-(\d{1,9})\s*$/.exec(text);
  if (parts === null) return [text];
  const [from, to] = [Number(parts[1]), Number(parts[2])];
  if (!(from <= to && to - from < longestRange)) throw new InputError(`no range of records: ${text}`);
  return Array.from({ length: to - from + 1 }, (_, k) => String(from + k).padStart(parts[1]!.length, '0'));
}

/**
 * Divides groups (records, patients) into `count` folds of similar size by greedy filling: the largest group first,
 * each into the smallest fold so far. Rows of one group stay together. Throws `RangeError` when there are fewer groups
 * than folds.
 *
 * @example groupFolds(['101', '101', '101', '106', '106', '108'], 2) // => [['101'], ['106', '108']]
 */
export function groupFolds<G>(groups: readonly G[], count: number): G[][] {
  const sizes = new Map<G, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  if (!(count >= 2) || sizes.size < count) {
    throw new InputError(`groupFolds: ${sizes.size} groups do not make ${count} folds`);
  }
  const folds = Array.from({ length: count }, () => ({ rows: 0, groups: [] as G[] }));
  for (const [group, rows] of [...sizes].sort((a, b) => b[1] - a[1])) {
    const smallest = folds.reduce((least, fold) => (fold.rows < least.rows ? fold : least));
    smallest.groups.push(group);
    smallest.rows += rows;
  }
  return folds.map(fold => fold.groups);
}
