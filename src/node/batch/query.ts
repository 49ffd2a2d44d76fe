/** Runs SQL queries on the result of a batch with DuckDB, an optional dependency. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../input-error.ts';
import { optionalPackage } from '../optional-package.ts';

/** The rows returned by a query. */
export interface Answer {
  readonly columns: readonly string[];
  /** Numbers, strings, booleans, null and arrays of these; integers beyond ±2⁵³ as strings. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Runs an SQL query on the result in a folder, with the tables `beats` and `records`. Throws `InputError` if DuckDB
 * is not installed, the folder holds no result, or the query is invalid.
 */
export async function queryResult(folder: string, sql: string): Promise<Answer> {
  const { DuckDBInstance } = await optionalPackage(() => import('@duckdb/node-api'), '@duckdb/node-api');
  await requireResult(folder);
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

async function requireResult(folder: string): Promise<void> {
  const names: string[] = await readdir(folder).catch(() => []);
  if (names.includes('beats') && names.includes('records.parquet')) return;
  throw new InputError(`${folder} holds no finished result of a batch`);
}
