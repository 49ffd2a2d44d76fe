/**
 * Which recording is meant, however it is spelled: `101`, `./101`, `mitdb/101`, `MITDB//101/`, `mitdb/1.0.0/101` and
 * `/data/mitdb/101.hea` are one record of one database. What is compared is this value, never the text it came from.
 */

/** A record of a database. */
export interface RecordName {
  /** In lower case, without its version; empty when no text names it. */
  readonly database: string;
  readonly record: string;
  /** Where it is read on a search path: the text as given, without what changes nothing. Not part of its identity. */
  readonly path: string;
}

/** Databases that are known under other folder names, as the archives of PhysioNet unpack. */
const archiveNames: Readonly<Record<string, string>> = {
  'mit-bih-arrhythmia-database': 'mitdb',
  'mit-bih-noise-stress-test-database': 'nstdb',
  'mit-bih-supraventricular-arrhythmia-database': 'svdb',
  'qt-database': 'qtdb',
  'european-st-t-database': 'edb',
  'ptb-diagnostic-ecg-database': 'ptbdb',
};
/** Databases whose name, among several folders, is the database; a record can then be in a folder of its own. */
const known = new Set(Object.values(archiveNames));

const isVersion = (name: string): boolean => /^\d+\.\d+(\.\d+)?$/.test(name);
const databaseName = (folder: string): string => {
  const plain = folder.toLowerCase().replace(/-\d+\.\d+(\.\d+)?$/, '');
  return Object.hasOwn(archiveNames, plain) ? archiveNames[plain]! : plain;
};

/** The names in a path, without empty ones, `.`, and those that a `..` takes back. */
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
 * The record a text names. One name is a record of `database`; with folders before it, the text names the database
 * itself, as on a search path. Throws `RangeError` for a text without a name.
 *
 * @example recordName('./101', 'mitdb') // => { database: 'mitdb', record: '101', path: 'mitdb/101' }
 */
export function recordName(text: string, database = ''): RecordName {
  const given = namesIn(text.replace(/\.hea\s*$/, ''));
  if (given.length === 0) throw new RangeError(`'${text}' names no record`);
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
 * A record as text, which `recordName` reads back as the same record: `mitdb/101`.
 *
 * @example recordText(recordName('/data/mitdb/101.hea')) // => 'mitdb/101'
 */
export const recordText = ({ database, record }: RecordName): string =>
  database === '' ? record : `${database}/${record}`;

/**
 * The records a text names, separated by commas, each once.
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
