/**
 * Whose heart a record shows. A patient is in the training set or in the test set, never in both, however the records
 * are spelled and whichever databases they come from.
 */
import { type RecordName, recordName } from './record-name.ts';

/**
 * A table for each database that tells more than that every record is a person: the patient of a record, as
 * `database/record` of the first record of that person; undefined where the record stands for itself.
 */
const patientTables: Readonly<Record<string, (record: string) => string | undefined>> = {
  // The database's directory: 201 and 202 are of one man.
  mitdb: record => (record === '202' ? 'mitdb/201' : undefined),
  // Records 118 and 119 of mitdb with noise added: 118e24, 119e_6.
  nstdb: record => {
    const [, source] = /^(11[89])e/.exec(record) ?? [];
    return source === undefined ? undefined : `mitdb/${source}`;
  },
  // Excerpts of other databases: sel100 of mitdb/100, sel803 of svdb/803, sele0104 of edb/e0104 (Laguna et al. 1997).
  qtdb: record => {
    const [, source = ''] = /^sel(.+)$/.exec(record) ?? [];
    if (/^[12]\d\d$/.test(source)) return patientOf(recordName(`mitdb/${source}`));
    if (/^8\d\d$/.test(source)) return `svdb/${source}`;
    return /^e\d{4}$/.test(source) ? `edb/${source}` : undefined;
  },
  // One folder a patient.
  ptbdb: record => (record.includes('/') ? `ptbdb/${record.split('/')[0]}` : undefined),
};

/**
 * One text for each patient, in lower case. A database without a table has a patient a record.
 *
 * @example patientOf(recordName('mitdb/202')) === patientOf(recordName('mitdb/201')) // => true
 */
export function patientOf({ database, record }: RecordName): string {
  const name = record.toLowerCase();
  // An excerpt that is passed on under its database's and record's name, as `mitdb-208-excerpt`.
  const [, excerpt] = /^mitdb-(\d{3})\b/.exec(name) ?? [];
  if (excerpt !== undefined) return patientOf(recordName(`mitdb/${excerpt}`));
  const table = Object.hasOwn(patientTables, database) ? patientTables[database] : undefined;
  return table?.(name) ?? `${database}/${name}`;
}

/**
 * Are two records of one person? A record without a database could be of any: it is then read as of the other's, so
 * that a doubt never lets a patient through.
 *
 * @example isSamePatient(recordName('mitdb/201'), recordName('mitdb/202')) // => true
 */
export function isSamePatient(a: RecordName, b: RecordName): boolean {
  const named = (name: RecordName, other: RecordName): RecordName =>
    name.database === '' ? { ...name, database: other.database } : name;
  return patientOf(named(a, b)) === patientOf(named(b, a));
}

/**
 * The training records without those whose patient is also in the test set.
 *
 * @example
 * withoutTestPatients(recordNames('101,201', 'mitdb'), recordNames('202', 'mitdb')).map(recordText) // => ['mitdb/101']
 */
export function withoutTestPatients(
  training: readonly RecordName[],
  test: readonly RecordName[],
): RecordName[] {
  return training.filter(record => !test.some(other => isSamePatient(record, other)));
}
