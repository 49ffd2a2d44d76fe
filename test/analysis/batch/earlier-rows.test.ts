/** Rows of an earlier result: an unchanged measure is not called again, nor are beats looked for. */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type Block, valuesOf } from '../../../src/analysis/batch/columns.ts';
import type { Measure } from '../../../src/analysis/batch/measure.ts';
import { measureRecording } from '../../../src/analysis/batch/measure-recording.ts';
import { openRecording } from '../../../src/analysis/open-recording.ts';
import { fileSource } from '../../../src/node/files.ts';

const samples = resolve(import.meta.dirname, '../../../samples');

/** A measure that counts its calls. */
function counted(name: string): { measure: Measure; calls: () => number } {
  let calls = 0;
  const measure: Measure = {
    name,
    beatColumns: [{ name: `${name}_value`, kind: 'double', unit: '', says: name }],
    recordColumns: [{ name: `${name}_calls`, kind: 'integer', unit: '', says: name }],
    async measureLead({ beats, note }) {
      calls++;
      note(`${name} was measured`);
      return [valuesOf('double', beats.rPeaks.length, beat => calls + beat)];
    },
    measureRecord: async () => ({ record: [1] }),
  };
  return { measure, calls: () => calls };
}

test('only the changed measure is called; values, notes and beats are the earlier ones', async () => {
  const [kept, changed, added] = [counted('kept'), counted('changed'), counted('added')];
  const opened = await openRecording(fileSource([samples]), 'synth/twelve');
  const before: Block[] = [];
  const measures = [changed.measure, kept.measure];
  const measured = await measureRecording(opened, {
    ...{ name: 'twelve', beatsFrom: 'detector' as const, measures },
    onBlock: async block => void before.push(block),
  });
  const leads = measured.leads.length;
  expect([kept.calls(), changed.calls()]).toEqual([leads, leads]);

  const after: Block[] = [];
  const again = await measureRecording(opened, {
    ...{ name: 'twelve', measures: [kept.measure, changed.measure, added.measure] },
    // An annotator that does not exist: beats are not looked for.
    beatsFrom: { annotator: 'none' },
    earlier: { measured, blocks: before, measures, unchanged: [kept.measure] },
    onBlock: async block => void after.push(block),
  });
  expect([kept.calls(), changed.calls(), added.calls()]).toEqual([leads, 2 * leads, leads]);
  const [places, oldChanged, oldKept] = [before[0]!.values.slice(0, -2), ...before[0]!.values.slice(-2)];
  expect(after[0]!.values.slice(0, -3)).toEqual(places);
  expect(after[0]!.values.at(-3)).toEqual(oldKept);
  expect(after[0]!.values.at(-2)).not.toEqual(oldChanged);
  expect(again.warnings.slice(-3)).toEqual([
    'kept was measured',
    'changed was measured',
    'added was measured',
  ]);
  expect(again).toMatchObject({ values: [1, 1, 1], beats: measured.beats, beatsFrom: measured.beatsFrom });
});
