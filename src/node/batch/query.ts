/** Questions in SQL to the result of a batch, answered by DuckDB, which is installed beside this package or not at all. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../input-error.ts';
import { optionalPackage } from '../optional-package.ts';

/** The rows of an answer. */
export interface Answer {
  readonly columns: readonly string[];
  /** Numbers, texts, booleans, null and lists of them; whole numbers beyond 2⁵³ as text. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Answers an SQL query over the result in a folder, whose tables are `beats` and `records`. Throws `InputError` where
 * DuckDB is not installed, the folder holds no result, or the query is wrong.
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
