import { describe, expect, test } from 'vitest';
import { intervalCaveats, qtcCaveats } from '../../src/analysis/interval-caveats.ts';
import { beatsOf } from '../../src/analysis/lead-beats.ts';
import { readLeadCondition } from '../../src/analysis/lead-condition.ts';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { measureRecordIntervals } from '../../src/analysis/record-intervals.ts';
import { correctQt } from '../../src/beat/intervals/qt-correction.ts';
import { fileSource } from '../../src/node/files.ts';

describe('QTc', () => {
  test.each([
    [0.4, 1, 0],
    [0.35, 0.75, 0],
    [0.6, 4, 1],
    [0.25, 0.27, 1],
  ])('QT %f s at RR %f s has %i notes', (qt, rr, count) => {
    expect(qtcCaveats({ qtc: correctQt(qt, rr), rr })).toHaveLength(count);
  });
});

test('a T wave is compared with the noise of its lead', async () => {
  const recording = await openRecording(fileSource(['samples']), 'synth/s01');
  const leads = ['MLII'];
  const beats = await beatsOf(recording, leads, 'detector');
  const condition = await readLeadCondition(recording, 'MLII', beats.rPeaks);
  const { median, qtLead } = await measureRecordIntervals(recording, leads, beats);
  const notesAt = (t: number) => {
    const waves = {
      ...median!,
      leads: median!.leads.map(of => ({ ...of, amplitudes: { ...of.amplitudes!, t } })),
    };
    return intervalCaveats(condition.beats, { waves, leads, qtLead });
  };
  expect(notesAt(0.5)).toEqual([]);
  expect(notesAt(0.02)[0]).toMatch(/^T in MLII \(0\.02 mV\) is lower than 5 × the noise/);
  expect(notesAt(-0.02)[0]).toMatch(/^T in MLII \(0\.02 mV\)/);
});
