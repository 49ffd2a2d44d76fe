/** Runs SQL queries on the result of a batch with DuckDB, an optional dependency. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DuckDBConnection, DuckDBResultReader } from '@duckdb/node-api';
import { InputError } from '../../input-error.ts';
import { makeFolder } from '../make-folder.ts';
import { optionalPackage } from '../optional-package.ts';
import { listedFiles } from './completed-result.ts';
import { openStore } from './open-store.ts';
import { isS3 } from './s3-store.ts';

/** The rows returned by a query. */
export interface Answer {
  readonly columns: readonly string[];
  /** Numbers, strings, booleans, null and arrays of these; as strings integers beyond ±2⁵³ and decimals of more than 15 digits. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Runs an SQL query on the result at a place, a folder or a location in S3, with the tables `beats` and `records`. A
 * result in S3 is downloaded to a temporary folder first, because DuckDB's own reader of S3 is an extension that it
 * would have to fetch. The query can read other files, and create tables in memory, but not write files. Throws
 * `InputError` if DuckDB is not installed, there is no result, its files are not those of its manifest, or the query is
 * invalid or would write files; `StoreError` if S3 does not answer.
 */
export async function queryResult(place: string, sql: string): Promise<Answer> {
  const duckdb = await optionalPackage(() => import('@duckdb/node-api'), '@duckdb/node-api');
  if (!isS3(place)) return queryFolder(duckdb, place, place, sql);
  const folder = await mkdtemp(join(tmpdir(), 'upstroke-query-'));
  try {
    await download(place, folder);
    return await queryFolder(duckdb, folder, place, sql);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Types whose values DuckDB gives as text in JSON, because a number may not hold them. */
const textNumberTypes = ({ DuckDBTypeId }: DuckDb): readonly number[] => [
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.DECIMAL,
];

/** A double holds every decimal number of so many digits apart from the others. */
const mostDigits = 15;

/** The number that a text names, where a number holds it; otherwise the text. */
function numberOf(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell;
  const digits = cell.replace(/[-.]/g, '').replace(/^0+/, '').length;
  const isSafe = digits <= mostDigits || (/^-?\d+$/.test(cell) && Number.isSafeInteger(Number(cell)));
  return isSafe ? Number(cell) : cell;
}

type DuckDb = typeof import('@duckdb/node-api');

async function queryFolder(duckdb: DuckDb, folder: string, place: string, sql: string): Promise<Answer> {
  await requireResult(folder, place);
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    allow_persistent_secrets: 'false',
    // Some settings, such as profiling_output, name a file to write.
    lock_configuration: 'true',
  });
  const connection = await instance.connect();
  try {
    const of = (files: string): string => `'${join(folder, files).replaceAll("'", "''")}'`;
    await connection.run(
      `create view beats as from read_parquet(${of('beats/*/*.parquet')}, hive_partitioning=true, hive_types={'database': varchar})`,
    );
    await connection.run(`create view records as from read_parquet(${of('records*.parquet')})`);
    const reader = await runReadOnly(duckdb, connection, sql);
    const isText = reader.columnTypes().map(({ typeId }) => textNumberTypes(duckdb).includes(typeId));
    const rows = reader.getRowsJson().map(row => row.map((cell, k) => (isText[k] ? numberOf(cell) : cell)));
    return { columns: reader.columnNames(), rows };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`the query failed: ${shortened((error as Error).message)}`, { cause: error });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Functions that a SELECT can call and that write a file. */
const writingFunctions = /\benable_(?:logging|profiling)\b/i;

/** Comments and quoted texts of SQL, in which words are not keywords. */
const commentsAndTexts = /--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|"(?:[^"]|"")*"/g;

/** Statements that write already when they are prepared: EXPORT DATABASE makes its folder. */
const writingWhenPrepared = /(?:^|;)\s*(?:explain\s+(?:analyze\s+)?)?export\b/i;

/**
 * Runs the statements, and returns the result of the last. `CREATE` makes tables in memory; DuckDB also executes `PIVOT`
 * as a `CREATE` and a `SELECT`. Other statements can write files: `COPY … TO`, `EXPORT`, `ATTACH`, and `EXPLAIN ANALYZE`
 * of these.
 */
async function runReadOnly(
  { StatementType }: DuckDb,
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBResultReader> {
  const called = writingFunctions.exec(sql)?.[0];
  if (called !== undefined) throw new InputError(`${called} can write files: a query only reads`);
  if (writingWhenPrepared.test(sql.replace(commentsAndTexts, ' '))) throw canWrite('EXPORT');
  const statements = await connection.extractStatements(sql).catch((error: Error) => {
    // DuckDB's message for a text without statements.
    const isEmpty = error.message === 'Error in native callback';
    throw isEmpty ? new InputError('SQL has no statement') : error;
  });
  for (let k = 0; ; k++) {
    // A statement can be prepared only after those that create its tables have run.
    const statement = await statements.prepare(k);
    const type = statement.statementType;
    if (type !== StatementType.SELECT && type !== StatementType.CREATE) {
      throw canWrite(StatementType[type]);
    }
    const reader = await statement.runAndReadAll();
    if (k === statements.count - 1) return reader;
  }
}

const canWrite = (statements: string): InputError =>
  new InputError(
    `${statements} statements can write files: a query consists of SELECT, and CREATE for tables in memory`,
  );

/** The first line of an error of DuckDB, and the columns or tables that it suggests, which follow. */
function shortened(message: string): string {
  const [first = '', ...others] = message.split('\n');
  const candidates = others.find(line => /^(Candidate|Did you mean)/.test(line));
  return candidates === undefined ? first : `${first.trim()} (${candidates.trim()})`;
}

async function requireResult(folder: string, place: string): Promise<void> {
  const names: string[] = await readdir(folder).catch(() => []);
  if (!names.includes('beats') || !names.includes('records.parquet'))
    throw new InputError(`${place} contains no completed result of a batch`);
  await listedFiles(folder, place);
}

/** Downloads the tables and the manifest of a result in S3 into a folder. */
async function download(place: string, folder: string): Promise<void> {
  const store = await openStore(place);
  const isWanted = (name: string): boolean =>
    name === 'manifest.json' || /^(beats\/.*|records(-\d+)?)\.parquet$/.test(name);
  for (const name of (await store.list('')).filter(isWanted)) {
    const path = join(folder, ...name.split('/').map(part => part.replace(/^\.+$/, '_')));
    await makeFolder(dirname(path));
    await writeFile(path, (await store.read(name)) ?? new Uint8Array());
  }
}
