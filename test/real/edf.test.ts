/** The EDF files of the wfdb-python project, against the same recording in WFDB format and against their texts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { readEdfAnnotations } from '../../src/wfdb/edf/annotations.ts';
import { readEdf } from '../../src/wfdb/edf/read-edf.ts';
import { databaseFolder, onRecordings } from './recordings.ts';

const folder = join(databaseFolder('wfdb-python') ?? '', 'sample-data');

onRecordings('wfdb-python')('EDF', () => {
  test('test_generator_2.edf holds the samples of test_generator_2.dat, which edf2mit made of it', async () => {
    const recording = await readEdf(fileSource([folder]), 'test_generator_2.edf');
    expect(recording).toMatchObject({ samplingFrequency: 200, length: 120_000 });
    expect(recording.signals.map(({ name }) => name)).toEqual([
      ...['squarewave', 'ramp', 'pulse', 'ECG', 'noise', 'sine 1 Hz', 'sine 8 Hz', 'sine 8.5 Hz'],
      ...['sine 15 Hz', 'sine 17 Hz', 'sine 50 Hz'],
    ]);
    // A frame of a second there: 11 signals of 200 samples each, then 51 words of annotations.
    const file = readFileSync(join(folder, 'test_generator_2.dat'));
    const words = new Int16Array(file.buffer, file.byteOffset, file.length / 2);
    const frame = 11 * 200 + 51;
    expect(words).toHaveLength(600 * frame);
    for (const [s, { adc, adcGain, baseline, physical }] of recording.signals.entries()) {
      expect(adcGain).toBe(32.7675);
      expect(baseline).toBeCloseTo(-0.5, 9);
      let wrong = 0;
      for (let i = 0; i < adc.length; i++) {
        const word = words[Math.floor(i / 200) * frame + s * 200 + (i % 200)]!;
        // The ranges in the header: −1000 … 1000 for −32768 … 32767.
        const expected = -1000 + ((word + 32768) * 2000) / 65535;
        if (adc[i] !== word || Math.abs(physical[i]! - expected) > 1e-9) wrong++;
      }
      expect(wrong).toBe(0);
    }
    const ecg = recording.signals[3]!.adc.reduce((sum, value) => ((sum + value) << 16) >> 16, 0);
    expect(ecg).toBe(21_000); // as in test_generator_2.hea
  });

  test('its two annotations', async () => {
    expect(await readEdfAnnotations(fileSource([folder]), 'test_generator_2.edf')).toEqual([
      { onset: 0, duration: undefined, text: 'RECORD START' },
      { onset: 600, duration: undefined, text: 'REC STOP' },
    ]);
  });

  // Counted by: python3 -c "import re; print(len(re.findall(rb'\x14[^\x00\x14]+\x14\x00', open('test_edfann.edf', 'rb').read())))"
  test('test_edfann.edf holds a night of 856 sleep stages and lights', async () => {
    const events = await readEdfAnnotations(fileSource([folder]), 'test_edfann.edf');
    expect(events).toHaveLength(856);
    expect(events.slice(0, 3)).toEqual([
      { onset: 0, duration: 30, text: 'Sleep stage W' },
      { onset: 30, duration: 30, text: 'Sleep stage W' },
      { onset: 33.43, duration: 0, text: 'Lights off@@EEG F4-A1' },
    ]);
    expect(events.at(-1)).toEqual({ onset: 25_618.74, duration: 0, text: 'Lights on@@EEG Fpz-Cz' });
    expect(events.filter(({ text }) => text === 'Sleep stage N2')).toHaveLength(430);
  });
});
