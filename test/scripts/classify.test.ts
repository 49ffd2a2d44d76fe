/** The annotation file that `classify` writes is what the library's classes are, and scores as one. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { classifyBeats } from '../../src/analysis/classify.ts';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { compareBeats, pairLabels } from '../../src/beat/score/compare-beats.ts';
import { fileSource } from '../../src/node/files.ts';
import { parseModelFile } from '../../src/node/model-file.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { run as runWords } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'classify-'));
afterAll(() => rmSync(folder, { recursive: true }));
const model = 'samples/model-ds1-without-208.json';
const run = (...words: string[]) =>
  runWords(['classify', 'mitdb-208-excerpt', '--detect', '--model', model, ...words], { WFDB: 'samples' });

test('each beat is written with its class, at its R peak; without a class it is Q', async () => {
  const { status, stderr } = await run('--dir', folder, '--write', 'mine');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const beats = await readLeadBeats(fileSource(['samples']), 'mitdb-208-excerpt', { beats: 'detector' });
  const { classes } = classifyBeats(parseModelFile(model, readFileSync(model, 'utf8')), beats);
  const written = await readAnnotations(fileSource([folder]), 'mitdb-208-excerpt', 'mine');
  expect(written.map(({ sample }) => sample)).toEqual([...beats.rPeaks]);
  expect(written.map(({ symbol }) => symbol)).toEqual(classes.map(name => name ?? 'Q'));
  expect(new Set(classes).size).toBeGreaterThan(3);

  const { counts } = compareBeats(written, written, 360, { startSeconds: 0 });
  const v = pairLabels.indexOf('V');
  expect(counts[v]![v]).toBe(classes.filter(name => name === 'V').length);
});

test('--json tells the same, and nothing is replaced unasked', async () => {
  const refused = await run('--dir', folder, '--write', 'mine');
  expect(refused.status).not.toBe(0);
  const { stdout } = await run('--dir', folder, '--write', 'mine', '--overwrite', '--json');
  const { annotations, counts, unclassified } = JSON.parse(stdout);
  expect(annotations).toHaveLength(501);
  expect(Object.values<number>(counts).reduce((sum, n) => sum + n, 0)).toBe(501);
  expect(counts.Q).toBeGreaterThanOrEqual(unclassified);
  expect((await run('--dir', folder, '--write', 'hea')).status).toBe(2);
});
