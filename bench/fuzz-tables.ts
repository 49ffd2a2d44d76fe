/** The text-table part of `npm run fuzz`: corrupted tables, and known numbers written in random dialects. */
import type { Random } from '../src/random.ts';
import { damageTable, examineDialect, examineTable, tableOriginals } from '../test/wfdb/csv/table-fuzz.ts';

/** Share of tables that are written rather than corrupted, and must be read back exactly. */
const writtenShare = 0.25;

/** Counts outcomes by name, and lists the violated invariants with the number of their input. */
export function fuzzTables(
  inputs: number,
  random: Random,
  progress: (done: number) => void,
): { tally: ReadonlyMap<string, number>; broken: readonly string[]; slowestMs: number } {
  const originals = tableOriginals();
  const tally = new Map<string, number>();
  const broken: string[] = [];
  let slowestMs = 0;
  for (let i = 0; i < inputs; i++) {
    const isWritten = random.uniform() < writtenShare;
    const original = originals[Math.floor(random.uniform() * originals.length)]!;
    const outcome = isWritten ? examineDialect(random) : examineTable(damageTable(original, random), random);
    const key = `${isWritten ? 'dialect' : 'table'} ${outcome.table}`;
    tally.set(key, (tally.get(key) ?? 0) + 1);
    slowestMs = Math.max(slowestMs, outcome.milliseconds);
    if (outcome.broken !== undefined) broken.push(`table ${i}: ${outcome.broken}`);
    if (i % 1000 === 0) progress(i);
  }
  return { tally, broken, slowestMs };
}
