/** Notes on classes where the typical beat is wide or the record unlike the training, and none where neither is so. */
import { describe, expect, test } from 'vitest';
import { classifyBeats, classifyInParts } from '../../src/analysis/classify.ts';
import { type LeadBeats, readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { detectQrs } from '../../src/beat/detect/detect-qrs.ts';
import { fileSource, wfdbPath } from '../../src/node/files.ts';
import { beatAt, sampled } from '../beat/gaussian-waves.ts';
import { tachycardia, ventricularShapes } from '../beat/tachycardia-signals.ts';
import { noise, plus } from '../beat/without-qrs-signals.ts';
import { onRecordings } from '../real/recordings.ts';
import { classifiedExcerpt, model } from './classified-excerpt.ts';

const leadOf = (
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks = detectQrs(voltage, samplingFrequency),
): LeadBeats => {
  const symbols = Array.from(rPeaks, () => '');
  const calibrated = { notes: [], beatsFrom: 'detected' };
  return { record: 'r', lead: 'II', samplingFrequency, start: 0, voltage, rPeaks, symbols, ...calibrated };
};
const notesOn = (voltage: Float64Array, fs: number) => classifyBeats(model, leadOf(voltage, fs)).notes;

describe.each(Object.entries(ventricularShapes))('tachycardia of %s waves', (_, shape) => {
  test.each([125, 150, 176, 200, 220])('at %i a minute may itself be ventricular', rate => {
    for (const fs of [250, 360]) {
      const { voltage, rPeaks } = tachycardia(fs, 60 / rate, shape);
      const { notes, classes, typicalBeat } = classifyBeats(model, leadOf(voltage, fs, rPeaks));
      // Nearly all of it is called N: what the note is about.
      expect(classes.filter(name => name === 'N').length).toBeGreaterThan(0.8 * classes.length);
      expect(typicalBeat.rate / rate).toBeCloseTo(1, 1);
      expect(notes.join()).toMatch(/may itself be ventricular|no onset and offset of a QRS complex/);
    }
  });
});

const seconds = 60;
const every = (interval: number, width: number, fs: number): Float64Array => {
  const times = Array.from({ length: Math.floor((seconds - 1) / interval) }, (_, k) => 0.6 + interval * k);
  const waves = times.flatMap(t =>
    width === 0
      ? beatAt(t)
      : [
          { amplitude: 1, centre: t, width },
          { amplitude: 0.25, centre: t + 0.34, width: 0.05 },
        ],
  );
  return plus(sampled(waves, seconds * fs, fs), noise(fs, seconds, 0.01));
};

test('a slow wide rhythm is noted, with what it may be, and a narrow one at any rate is not', () => {
  for (const fs of [250, 360, 500]) {
    expect(notesOn(every(1.2, 0.04, fs), fs)).toEqual([
      expect.stringMatching(/wide \(\d+ ms\), as in bundle branch block, a paced or a ventricular rhythm/),
    ]);
    for (const interval of [0.4, 0.8, 1.4]) expect(notesOn(every(interval, 0, fs), fs)).toEqual([]);
  }
});

test('noise and mains hum are unlike the training, a sampling frequency under 100 Hz is unchecked', () => {
  const fs = 360;
  expect(notesOn(noise(fs, seconds, 0.2), fs).join()).toMatch(/unlike those that the model was trained on/);
  const hum = Float64Array.from({ length: seconds * fs }, (_, i) => Math.sin((2 * Math.PI * 50 * i) / fs));
  expect(notesOn(hum, fs).join()).toMatch(/no onset and offset of a QRS complex/);
  expect(notesOn(every(0.8, 0, 90), 90)).toContainEqual(expect.stringMatching(/not checked below 100 Hz/));
});

test('the sample recording has no note, and a lead read in parts the same notes as a whole one', async () => {
  expect((await classifiedExcerpt()).classified.notes).toEqual([]);
  const { voltage, rPeaks } = tachycardia(360, 0.34, ventricularShapes.biphasic!);
  const lead = leadOf(voltage, 360, rPeaks);
  const whole = { voltage, start: 0, end: voltage.length, offset: 0 };
  const inParts = await classifyInParts(model, lead, async function* () {
    yield whole;
  });
  expect(inParts.notes).toEqual(classifyBeats(model, lead).notes);
});

onRecordings('mitdb')('the typical beats of mitdb', () => {
  const read = async (record: string): Promise<readonly string[]> => {
    const options = { beats: { annotator: 'atr' } };
    const beats = await readLeadBeats(fileSource(wfdbPath()), `mitdb/${record}`, options);
    return classifyBeats(model, beats).notes;
  };
  test.each([
    ['left bundle branch block', '109'],
    ['right bundle branch block', '118'],
    ['right bundle branch block', '124'],
    ['pacing', '107'],
  ])('%s (%s) is noted as wide', async (_, record) => {
    expect(await read(record)).toContainEqual(expect.stringMatching(/wide .* as in bundle branch block/));
  });
  test.each(['101', '112', '115', '119', '203', '209', '215'])('%s is not', async record => {
    expect(await read(record)).toEqual([]);
  });
});
