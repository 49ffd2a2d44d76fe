/** The annotation file that `classify` writes is what the library's classes are, and scores as one. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { classifyBeats } from '../../src/analysis/classify.ts';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { chooseLead } from '../../src/analysis/leads.ts';
import type { SignalDescription } from '../../src/analysis/open-recording.ts';
import { classStatistics } from '../../src/beat/score/beat-statistics.ts';
import { compareBeats, pairLabels } from '../../src/beat/score/compare-beats.ts';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { parseModelFile } from '../../src/node/model-file.ts';
import { readAnnotations, writeAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { run as runWords } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'classify-'));
afterAll(() => rmSync(folder, { recursive: true }));
const model = 'samples/model-ds1-without-208.json';
const run = (...words: string[]) =>
  runWords(['classify', 'mitdb-208-excerpt', '--detect', '--model', model, ...words], { WFDB: 'samples' });

test('each beat is written with its class, at its R peak; without a class it is Q', async () => {
  const { status, stderr } = await run('--dir', folder, '--annotator-out', 'mine');
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

test('--json gives the same classes, and no file is replaced without --overwrite', async () => {
  const refused = await run('--dir', folder, '--annotator-out', 'mine');
  expect(refused.status).not.toBe(0);
  const { stdout } = await run('--dir', folder, '--annotator-out', 'mine', '--overwrite', '--json');
  const { annotations, counts, unclassified } = JSON.parse(stdout);
  expect(annotations).toHaveLength(501);
  expect(Object.values<number>(counts).reduce((sum, n) => sum + n, 0)).toBe(501);
  expect(counts.Q).toBeGreaterThanOrEqual(unclassified);
  expect((await run('--dir', folder, '--annotator-out', 'hea')).status).toBe(2);
});

test('scored as bxb reads it, a file written so gives the matrix of the classes, and a fusion beat called V no false V', async () => {
  // A reference that calls every third V of the file F: pairs of F and V, which EC57 does not count against V.
  const { status } = await run('--dir', folder, '--annotator-out', 'scored');
  expect(status).toBe(0);
  const beats = await readLeadBeats(fileSource(['samples']), 'mitdb-208-excerpt', { beats: 'detector' });
  const { classes } = classifyBeats(parseModelFile(model, readFileSync(model, 'utf8')), beats);
  let count = 0;
  const reference = Array.from(beats.rPeaks, (sample, k) => {
    const found = classes[k] ?? 'Q';
    const symbol = found === 'V' && count++ % 3 === 0 ? 'F' : found;
    return { sample, symbol, subtype: 0, channel: 0, num: 0, aux: '' };
  });
  await writeAnnotations(folderSink(folder), 'mitdb-208-excerpt', 'ref', reference);
  const source = fileSource([folder]);
  const [ref, test] = await Promise.all([
    readAnnotations(source, 'mitdb-208-excerpt', 'ref'),
    readAnnotations(source, 'mitdb-208-excerpt', 'scored'),
  ]);
  // What bxb compares: annotations in order of time, beats by their mnemonics alone.
  for (const [k, { sample, symbol }] of test.entries()) {
    expect(sample).toBeGreaterThan(test[k - 1]?.sample ?? -1);
    expect('NSVFQ').toContain(symbol);
  }
  const { counts } = compareBeats(ref, test, 360, { startSeconds: 0 });
  const expected = pairLabels.map(() => pairLabels.map(() => 0));
  for (const [k, { symbol }] of reference.entries()) {
    const row = (pairLabels as readonly string[]).indexOf(symbol);
    expected[row]![pairLabels.findIndex(label => label === (classes[k] ?? 'Q'))]!++;
  }
  expect(counts).toEqual(expected);
  expect(counts[pairLabels.indexOf('F')]![pairLabels.indexOf('V')]).toBeGreaterThan(3);
  expect(classStatistics(counts, 'V')).toMatchObject({ falsePositives: 0, falseNegatives: 0 });
});

test('detect and classify take the same lead, which evaluate takes as well', () => {
  const signal = (name: string) =>
    ({ name, units: 'mV', calibrated: true, unitsAssumed: false }) as unknown as SignalDescription;
  for (const [names, lead] of [
    [['V5', 'MLII'], 'MLII'],
    [['I', 'II', 'V1'], 'II'],
    [['V5', 'V2'], 'V5'],
  ] as const) {
    expect(chooseLead({ name: 'r', signals: names.map(signal) }, undefined).name).toBe(lead);
  }
});
