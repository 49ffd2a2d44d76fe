/** Recordings opened for reading in pieces. */
import { expect, test } from 'vitest';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { memorySource } from '../../src/wfdb/source.ts';
import { edfFile } from '../wfdb/edf/edf-file.ts';

test('a gap of a discontinuous EDF file that nobody could wait for is refused', async () => {
  const samples = Array.from({ length: 250 }, (_, i) => i);
  const opened = (second: string) =>
    openRecording(
      memorySource({
        'x.edf': edfFile({
          reserved: 'EDF+D',
          records: 2,
          signals: [
            { label: 'ECG', data: [samples, samples] },
            { label: 'EDF Annotations', data: ['+0\x14\x14\0', `+${second}\x14\x14\0`] },
          ],
        }),
      }),
      'x.edf',
    );
  const drain = async (second: string) => {
    let samplesRead = 0;
    for await (const piece of (await opened(second)).pieces(undefined, 40_000)) samplesRead += piece.length;
    return samplesRead;
  };
  expect(await drain('90000')).toBe(90_001 * 250);
  await expect(drain('99999999999')).rejects.toMatchObject({ code: 'too-large' });
});
