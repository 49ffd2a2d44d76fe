/** Labelled spans from annotations: made-up ones, and the flutter of record 207 against its annotations' own times. */
import { describe, expect, test } from 'vitest';
import { noiseLabel, signalSpans } from '../../../src/analysis/report/signal-spans.ts';
import { fileSource } from '../../../src/node/files.ts';
import { readAnnotations } from '../../../src/wfdb/annotations/annotation-file.ts';
import { databaseFolder, onRecordings } from '../../real/recordings.ts';

const mark = (sample: number, symbol: string, aux = '', subtype = 0) => ({ sample, symbol, aux, subtype });

describe('spans', () => {
  test('a rhythm lasts to the next, the last to the end', () => {
    expect(signalSpans([mark(0, '+', '(N'), mark(100, '+', '(AFIB\0'), mark(300, 'N')], 100, 10)).toEqual([
      { startSeconds: 0, endSeconds: 1, kind: 'rhythm', label: 'N' },
      { startSeconds: 1, endSeconds: 10, kind: 'rhythm', label: 'AFIB' },
    ]);
  });

  test('flutter, noise, artefacts and comments', () => {
    const spans = signalSpans(
      [
        mark(100, '['),
        mark(150, '!'),
        mark(200, ']'),
        mark(300, '~', '', 3),
        mark(400, '~', '', 0),
        mark(500, '|'),
        mark(600, '"', 'PSE'),
      ],
      100,
      10,
    );
    expect(spans).toEqual([
      { startSeconds: 1, endSeconds: 2, kind: 'flutter', label: '' },
      { startSeconds: 3, endSeconds: 4, kind: 'noise', label: '1, 2' },
      { startSeconds: 5, endSeconds: 5, kind: 'artefact', label: '' },
      { startSeconds: 6, endSeconds: 6, kind: 'comment', label: 'PSE' },
    ]);
  });

  test('an end without a start is nothing, a start without an end lasts', () => {
    expect(signalSpans([mark(50, ']'), mark(100, '[')], 100, 3)).toEqual([
      { startSeconds: 1, endSeconds: 3, kind: 'flutter', label: '' },
    ]);
  });

  test('bits of a quality change name leads; −1 is unreadable', () => {
    expect([noiseLabel(1), noiseLabel(2), noiseLabel(0x31), noiseLabel(-1)]).toEqual([
      ...['1', '2', '1; unreadable 1, 2', 'unreadable'],
    ]);
  });
});

onRecordings('mitdb')('MIT-BIH', () => {
  test('record 207 shows six excerpts of ventricular flutter, 2 min 24 s in all (the database directory)', async () => {
    const source = fileSource([databaseFolder('mitdb')!]);
    const annotations = await readAnnotations(source, '207', 'atr', { samplingFrequency: 360 });
    const flutter = signalSpans(annotations, 360, 650_000 / 360).filter(({ kind }) => kind === 'flutter');
    const seconds = flutter.reduce((sum, { startSeconds: from, endSeconds: to }) => sum + to - from, 0);
    expect(flutter.length).toBe(6);
    // The directory counts by the rhythm marks, which stand some tenths of a second beside the brackets.
    expect(Math.abs(seconds - 144)).toBeLessThan(1.5);
  });
});
