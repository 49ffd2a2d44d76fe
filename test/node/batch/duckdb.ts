/** Questions to DuckDB, which reads Parquet by itself. */
import { DuckDBInstance } from '@duckdb/node-api';

/** The rows that answer an SQL query, each an array of plain values. */
export async function queryDuckDb(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
