/** Annotation codes and their mnemonics. */
import { describe, expect, test } from 'vitest';
import { codeOf, isBeat, symbolOf } from '../../../src/wfdb/annotations/symbols.ts';

describe('symbols', () => {
  test('codes and mnemonics are one to one', () => {
    for (let code = 0; code < 59; code++) expect(codeOf(symbolOf(code))).toBe(code);
    expect(codeOf('[59]')).toBeUndefined();
    expect(codeOf('toString')).toBeUndefined();
  });

  test('beats are the QRS codes of the WFDB library less the flutter wave', () => {
    const beats = Array.from({ length: 59 }, (_, code) => code).filter(code => isBeat(symbolOf(code)));
    expect(beats).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);
  });
});
