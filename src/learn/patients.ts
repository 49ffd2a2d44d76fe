/**
 * The patient of a record. A patient is in the training set or in the test set, never in both, however the records are
 * spelled and whichever databases they come from.
 */
import { type RecordName, recordName } from './record-name.ts';

/**
 * For databases in which records share patients: the patient of a record, as `database/record` of that person's first
 * record; undefined where the record is that patient's only one.
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
 * An identifier of the patient of a record, in lower case. In a database without a table every record is a patient.
 *
 * @example patientOf(recordName('mitdb/202')) === patientOf(recordName('mitdb/201')) // => true
 */
export function patientOf({ database, record }: RecordName): string {
  const name = record.toLowerCase();
  // An excerpt named after its database and record, such as `mitdb-208-excerpt`.
  const [, excerpt] = /^mitdb-(\d{3})\b/.exec(name) ?? [];
  if (excerpt !== undefined) return patientOf(recordName(`mitdb/${excerpt}`));
  const table = Object.hasOwn(patientTables, database) ? patientTables[database] : undefined;
  return table?.(name) ?? `${database}/${name}`;
}

/**
 * Whether two records are of the same person. A record without a database could belong to any; it is then assumed to be
 * of the other's, so that uncertainty never lets a patient into both sets.
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
