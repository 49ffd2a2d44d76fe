/** EDF+ annotations against files made byte by byte. */
import { describe, expect, test } from 'vitest';
import { edfToAnnotations } from '../../../src/wfdb/edf/annotations.ts';
import { edfFile } from './edf-file.ts';
import { events, gaps, ramp, read, stamp } from './edf-source.ts';

describe('annotations', () => {
  test('onsets count from the first sample; durations and several texts at once', async () => {
    const list = '+0.5\x14\x14start\x14\0+2.5\x1530\x14N1\x14note é\x14\0-0.5\x14early\x14\0';
    const spec = {
      reserved: 'EDF+C',
      signals: [{ label: 'EDF Annotations', data: [list, stamp(1.5, '+1\x14late\x14\0')] }],
    };
    expect(await events(spec)).toEqual([
      { onset: -1, duration: undefined, text: 'early' },
      { onset: 0, duration: undefined, text: 'start' },
      { onset: 0.5, duration: undefined, text: 'late' },
      { onset: 2, duration: 30, text: 'N1' },
      { onset: 2, duration: 30, text: 'note é' },
    ]);
  });

  test('they point at the samples of a file with gaps', async () => {
    const [beat] = edfToAnnotations(await events(gaps), 4);
    expect(beat).toEqual({ sample: 5, symbol: '"', subtype: 0, channel: 0, num: 0, aux: 'beat' });
  });

  test('a plain EDF file has none, whatever its signals are called', async () => {
    const spec = { signals: [{ label: 'EDF Annotations', data: [ramp(0, 4)] }] };
    expect(await events(spec)).toEqual([]);
    expect((await read(spec)).signals).toHaveLength(1);
  });

  test.each([
    ['no sign', '0\x14\x14\0'],
    ['no end of the onset', '+0\0'],
    ['no end of a text', '+0\x14text\0'],
    ['no zero at the end', '+0\x14\x14+'],
    ['two durations', '+0\x151\x152\x14\x14\0'],
    ['samples', '\x01\x02\x03'],
  ])('%s is refused with its byte', async (_, list) => {
    const bytes = edfFile({
      reserved: 'EDF+C',
      signals: [{ label: 'EDF Annotations', data: [`${list}${'x'.repeat(20)}`] }],
    });
    if (!list.endsWith('\0')) bytes.fill(0x78, 512 + list.length);
    await expect(events(bytes)).rejects.toMatchObject({ code: 'syntax', file: 'x.edf' });
  });
});
