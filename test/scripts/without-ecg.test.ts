/** What the measuring commands say of a signal in which there is no ECG. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'noise-'));
afterAll(() => rmSync(folder, { recursive: true }));

const random = createRandom(5);
const samplingFrequency = 250;
const noises = {
  white: () => 0.2 * random.normal(),
  hum: (k: number) => Math.sin((2 * Math.PI * 50 * k) / samplingFrequency) + 0.05 * random.normal(),
};

describe.each(Object.entries(noises))('%s noise', (kind, sample) => {
  const file = join(folder, `${kind}.csv`);
  const values = Array.from({ length: 60 * samplingFrequency }, (_, k) => sample(k).toFixed(4));
  writeFileSync(file, `ecg (mV)\n${values.join('\n')}\n`);
  const words = [file, '--frequency', String(samplingFrequency), '--detect'];

  test.each(['slopes', 'intervals', 'hrv', 'respiration'])(
    '%s withholds its summary, and says why first',
    async command => {
      const { status, stdout } = await run([command, ...words]);
      expect(status).toBe(0);
      expect(stdout.split('\n')[0]).toContain('no QRS complexes stand out from the signal');
      expect(stdout).not.toMatch(/mV\/s\n|SDNN|QTc Bazett +\d|respiratory rate \d/);
      expect(JSON.parse((await run([command, ...words, '--json'])).stdout)).toMatchObject({
        hasQrsComplexes: false,
      });

      const summary = await run([command, ...words, '--summary']);
      expect(summary.stderr).toContain('no QRS complexes');
      const [row] = Papa.parse<Record<string, string>>(summary.stdout, { header: true }).data;
      const { record, beats, beats_from, has_qrs_complexes, leads, qt_lead, ...measures } = row!;
      expect([record, has_qrs_complexes]).toEqual([`${kind}.csv`, 'false']);
      expect(Object.keys(measures).length).toBeGreaterThan(2);
      expect(Object.values(measures).filter(value => !['', '0'].includes(value))).toEqual([]);
    },
  );
});

test('a record with an ECG has it', async () => {
  for (const command of ['slopes', 'intervals', 'hrv', 'respiration']) {
    const json = JSON.parse((await run([command, 'synth/s01', '--json'], { WFDB: 'samples' })).stdout);
    expect(json.hasQrsComplexes).toBe(true);
  }
});
