/**
 * The identity of a record, independent of spelling: `101`, `./101`, `mitdb/101`, `MITDB//101/`, `mitdb/1.0.0/101` and
 * `/data/mitdb/101.hea` are one record of one database. Records are compared by this value, not by the text.
 */
import { InputError } from '../input-error.ts';

/** A record of a database. */
export interface RecordName {
  /** The database, in lower case and without version; empty when the text does not name one. */
  readonly database: string;
  readonly record: string;
  /** The path of the record on a search path: the given text, normalised. Not part of the identity. */
  readonly path: string;
}

/** Databases whose archives on PhysioNet unpack to folders of another name. */
const archiveNames: Readonly<Record<string, string>> = {
  'mit-bih-arrhythmia-database': 'mitdb',
  'mit-bih-noise-stress-test-database': 'nstdb',
  'mit-bih-supraventricular-arrhythmia-database': 'svdb',
  'qt-database': 'qtdb',
  'european-st-t-database': 'edb',
  'ptb-diagnostic-ecg-database': 'ptbdb',
};
/** Databases that are recognised by name among several folders; a record can then be in a folder of its own. */
const known = new Set(Object.values(archiveNames));

const isVersion = (name: string): boolean => /^\d+\.\d+(\.\d+)?$/.test(name);
const databaseName = (folder: string): string => {
  const plain = folder.toLowerCase().replace(/-\d+\.\d+(\.\d+)?$/, '');
  return Object.hasOwn(archiveNames, plain) ? archiveNames[plain]! : plain;
};

/** The components of a path, without empty ones and `.`, and with `..` resolved. */
function namesIn(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split(/[/\\]/).map(part => part.trim())) {
    if (name === '' || name === '.') continue;
    if (name === '..' && names.length > 0 && names.at(-1) !== '..') names.pop();
    else names.push(name);
  }
  return names;
}

/**
 * Parses the name of a record. A single name is a record of `database`; with folders before it, the text itself names
 * the database, as on a search path. Throws `RangeError` for a text without a name.
 *
 * @example recordName('./101', 'mitdb') // => { database: 'mitdb', record: '101', path: 'mitdb/101' }
 */
export function recordName(text: string, database = ''): RecordName {
  const given = namesIn(text.replace(/\.hea\s*$/, ''));
  if (given.length === 0) throw new InputError(`'${text}' does not name a record`);
  const isAbsolute = /^\s*[/\\]/.test(text);
  const names = given.length === 1 && !isAbsolute ? [...namesIn(database), ...given] : given;
  const path = `${isAbsolute ? '/' : ''}${names.join('/')}`;
  const folders = names.slice(0, -1);
  const last = names.at(-1)!;
  const at = folders.findLastIndex(folder => known.has(databaseName(folder)));
  if (at >= 0) {
    const inside = folders.slice(at + 1).filter(folder => !isVersion(folder));
    return { database: databaseName(folders[at]!), record: [...inside, last].join('/'), path };
  }
  const folder = folders.findLast(name => !isVersion(name) && name !== '..');
  return { database: folder === undefined ? '' : databaseName(folder), record: last, path };
}

/**
 * The text of a record, which `recordName` parses to the same record: `mitdb/101`.
 *
 * @example recordText(recordName('/data/mitdb/101.hea')) // => 'mitdb/101'
 */
export const recordText = ({ database, record }: RecordName): string =>
  database === '' ? record : `${database}/${record}`;

/**
 * Parses record names separated by commas, without duplicates. Throws `RangeError` as `recordName` does.
 *
 * @example recordNames('100,./101,100', 'mitdb').map(recordText) // => ['mitdb/100', 'mitdb/101']
 */
export function recordNames(text: string, database = ''): RecordName[] {
  const names = text
    .split(',')
    .filter(part => part.trim() !== '')
    .map(part => recordName(part, database));
  return [...new Map(names.map(name => [recordText(name).toLowerCase(), name])).values()];
}
