/** Runs SQL queries on the result of a batch with DuckDB, an optional dependency. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InputError } from '../../input-error.ts';
import { optionalPackage } from '../optional-package.ts';
import { openStore } from './open-store.ts';
import { isS3 } from './s3-store.ts';

/** The rows returned by a query. */
export interface Answer {
  readonly columns: readonly string[];
  /** Numbers, strings, booleans, null and arrays of these; integers beyond ±2⁵³ as strings. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Runs an SQL query on the result at a place, a folder or a location in S3, with the tables `beats` and `records`. A
 * result in S3 is downloaded to a temporary folder first, because DuckDB's own reader of S3 is an extension that it
 * would have to fetch. Throws `InputError` if DuckDB is not installed, there is no result, or the query is invalid;
 * `StoreError` if S3 does not answer.
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

async function queryFolder(
  { DuckDBInstance }: typeof import('@duckdb/node-api'),
  folder: string,
  place: string,
  sql: string,
): Promise<Answer> {
  await requireResult(folder, place);
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  try {
    const of = (files: string): string => `'${join(folder, files).replaceAll("'", "''")}'`;
    await connection.run(
      `create view beats as from read_parquet(${of('beats/*/*.parquet')}, hive_partitioning=true, hive_types={'database': varchar})`,
    );
    await connection.run(`create view records as from read_parquet(${of('records*.parquet')})`);
    const reader = await connection.runAndReadAll(sql);
    return { columns: reader.columnNames(), rows: reader.getRowsJson() };
  } catch (error) {
    throw new InputError(`the query failed: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function requireResult(folder: string, place: string): Promise<void> {
  const names: string[] = await readdir(folder).catch(() => []);
  if (names.includes('beats') && names.includes('records.parquet')) return;
  throw new InputError(`${place} contains no completed result of a batch`);
}

/** Downloads the tables of a result in S3 into a folder. */
async function download(place: string, folder: string): Promise<void> {
  const store = await openStore(place);
  const tables = (await store.list('')).filter(name => /^(beats\/.*|records(-\d+)?)\.parquet$/.test(name));
  for (const name of tables) {
    const path = join(folder, ...name.split('/').map(part => part.replace(/^\.+$/, '_')));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, (await store.read(name)) ?? new Uint8Array());
  }
}
