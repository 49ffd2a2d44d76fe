/** What a batch warns of about a recording as a whole. */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  beatColumns,
  measureRecording,
  recordColumns,
} from '../../../src/analysis/batch/measure-recording.ts';
import { measureNames, measuresNamed } from '../../../src/analysis/batch/measures.ts';
import { openRecording } from '../../../src/analysis/open-recording.ts';
import { fileSource } from '../../../src/node/files.ts';
import { encodeAnnotations } from '../../../src/wfdb/annotations/annotation-file.ts';

const files = fileSource([resolve(import.meta.dirname, '../../../samples')]);

/** The warnings about the sample s01, three minutes, with beats annotated at these samples. */
async function warningsFor(beats: readonly number[]): Promise<readonly string[]> {
  const annotations = encodeAnnotations(
    beats.map(sample => ({ sample, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' })),
  );
  const source = {
    read: async (name: string, from?: number, to?: number) =>
      name.endsWith('.atr') ? annotations.subarray(from, to) : files.read(name, from, to),
  };
  const { warnings } = await measureRecording(await openRecording(source, 'synth/s01'), {
    ...{ name: 's01', beatsFrom: { annotator: 'atr' }, measures: [] },
    onBlock: async () => {},
  });
  return warnings;
}

test.each([
  [[1000], 'only 1 beat in 180.0 s, annotations synth/s01.atr'],
  [[1000, 20_000, 30_000], 'only 3 beats in 180.0 s, annotations synth/s01.atr'],
])('hardly any beats in minutes of ECG: %j', async (beats, warning) => {
  expect(await warningsFor(beats)).toContain(warning);
});

test('five beats a minute are no reason to warn', async () => {
  expect(await warningsFor(Array.from({ length: 15 }, (_, k) => 1000 + 4000 * k))).toEqual([]);
});

test('no two columns of a table have one description', () => {
  const measures = measuresNamed(measureNames);
  for (const columns of [beatColumns(measures), recordColumns(measures)]) {
    expect(columns.length).toBeGreaterThan(20);
    expect(new Set(columns.map(({ says }) => says)).size).toBe(columns.length);
  }
});
