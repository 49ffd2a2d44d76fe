/** The respiratory rate from the ECG against the respiration channel of the same recording. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { measureRespiration } from '../../src/beat/respiration/measure-respiration.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { fileSource } from '../../src/node/files.ts';
import { lombScargle } from '../../src/signal/lomb-scargle.ts';
import { mean, median } from '../../src/statistics.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { databaseFolder, onRecordings } from './recordings.ts';

/** Breaths per minute of the channel between two times, s: the peak of its spectrum. */
function channelRate(samples: Float64Array, samplingFrequency: number, from: number, to: number): number {
  const block = Math.round(samplingFrequency / 4);
  const time: number[] = [];
  const value: number[] = [];
  for (let at = Math.round(from * samplingFrequency); at + block <= to * samplingFrequency; at += block) {
    const level = mean(samples.subarray(at, at + block));
    if (!Number.isFinite(level)) continue;
    time.push(at / samplingFrequency);
    value.push(level);
  }
  const { frequency, density } = lombScargle(Float64Array.from(time), Float64Array.from(value), 1);
  let best = 0;
  for (const [k, f] of frequency.entries()) if (f > 4 / 60 && density[k]! > density[best]!) best = k;
  return 60 * frequency[best]!;
}

onRecordings('wfdb-python')('a record with a respiration channel', () => {
  test('03700181: the windows with a rate have that of the channel', async () => {
    const source = fileSource([join(databaseFolder('wfdb-python')!, 'sample-data')]);
    const { voltage, samplingFrequency, rPeaks } = await readLeadBeats(source, '03700181', {
      lead: 'MCL1',
      beats: 'detector',
    });
    const { beats } = measureSlopes(voltage, samplingFrequency, rPeaks);
    const { windows } = measureRespiration([beats], samplingFrequency);
    const channel = (await readRecord(source, '03700181')).signals.find(({ name }) => name === 'RESP')!;
    const errors = windows.flatMap(({ startSeconds: from, endSeconds: to, rate }) =>
      rate === undefined
        ? []
        : [Math.abs(rate - channelRate(channel.physical, channel.samplingFrequency, from, to))],
    );
    expect(errors.length).toBeGreaterThan(10);
    expect(median(errors)).toBeLessThan(0.2);
  });
});
