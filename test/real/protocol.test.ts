/**
 * The class map on the real annotations, against the counts of de Chazal, O'Dwyer & Reilly 2004: DS1 45,866 N,
 * 944 S, 3,788 V, 415 F, 8 Q; DS2 44,259 N, 1,837 S, 3,221 V, 388 F, 7 Q.
 */
import { expect, test } from 'vitest';
import { aamiClass, aamiClasses, ds1, ds2 } from '../../src/learn/protocol.ts';
import { fileSource, wfdbPath } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { onRecordings } from './recordings.ts';

onRecordings('mitdb')('beats by AAMI class', () => {
  test.each([
    ['DS1', ds1, [45_866, 944, 3_788, 415, 8]],
    ['DS2', ds2, [44_259, 1_837, 3_221, 388, 7]],
  ] as const)('%s', async (_, records, published) => {
    const source = fileSource(wfdbPath());
    const counts = aamiClasses.map(() => 0);
    for (const record of records) {
      for (const { symbol } of await readAnnotations(source, `mitdb/${record}`, 'atr')) {
        const name = aamiClass(symbol);
        if (name !== undefined) counts[aamiClasses.indexOf(name)]!++;
      }
    }
    expect(counts).toEqual(published);
  });
});
