/** What a batch warns of about a recording as a whole. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { TextValues } from '../../../src/analysis/batch/columns.ts';
import {
  beatColumns,
  measureRecording,
  recordColumns,
} from '../../../src/analysis/batch/measure-recording.ts';
import { measureNames, measuresNamed } from '../../../src/analysis/batch/measures.ts';
import { openRecording } from '../../../src/analysis/open-recording.ts';
import { fileSource } from '../../../src/node/files.ts';
import { parseModelFile } from '../../../src/node/model-file.ts';
import { encodeAnnotations } from '../../../src/wfdb/annotations/annotation-file.ts';
import { memorySink, memorySource } from '../../../src/wfdb/source.ts';
import { writeRecord } from '../../../src/wfdb/write.ts';
import { ecg, following, narrowBand, noise, plus } from '../../beat/without-qrs-signals.ts';

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

test('what is detected in fibrillation has no class, and no part in the median beat', async () => {
  const fs = 250;
  const sink = memorySink();
  const sinus = plus(ecg(fs, 30).voltage, noise(fs, 30, 0.005));
  const signalOf = (voltage: Float64Array) => [
    { name: 'II', units: 'mV', adcGain: 1000, baseline: 0, adc: Int32Array.from(voltage, v => 1000 * v) },
  ];
  const fibrillation = narrowBand(fs, 40, 5, 0.6);
  for (const [name, voltage] of [
    ['sinus', sinus],
    ['arrest', following(sinus, fibrillation)],
  ] as const)
    await writeRecord(sink, { name, samplingFrequency: fs, signals: signalOf(voltage) });
  const measures = measuresNamed(['intervals', 'classes']);
  const file = 'samples/model-ds1-without-208.json';
  const model = parseModelFile(file, readFileSync(file, 'utf8'));
  const measured = async (name: string) => {
    let classes: readonly (string | undefined)[] = [];
    const { values } = await measureRecording(await openRecording(memorySource(sink.files), name), {
      ...{ name, beatsFrom: 'detector', measures, model },
      async onBlock(block) {
        const { words, codes } = block.values[
          beatColumns(measures).findIndex(column => column.name === 'class')
        ] as TextValues;
        classes = Array.from(codes, code => words[code]);
      },
    });
    return { classes, values };
  };
  const [alone, all] = [await measured('sinus'), await measured('arrest')];
  const beats = alone.classes.length;
  expect(all.classes.length).toBeGreaterThan(beats + 20);
  expect(all.classes.slice(beats).every(name => name === undefined)).toBe(true);
  expect(all.classes.slice(0, beats - 1)).toEqual(alone.classes.slice(0, -1));
  const place = recordColumns(measures).findIndex(({ name }) => name === 'median_qt_interval_s');
  expect(all.values[place]).toBeCloseTo(Number(alone.values[place]), 2);
});

test('no two columns of a table have one description', () => {
  const measures = measuresNamed(measureNames);
  for (const columns of [beatColumns(measures), recordColumns(measures)]) {
    expect(columns.length).toBeGreaterThan(20);
    expect(new Set(columns.map(({ says }) => says)).size).toBe(columns.length);
  }
});
