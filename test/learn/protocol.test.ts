/** The division of patients and the class map. */
import { describe, expect, test } from 'vitest';
import { withoutTestPatients } from '../../src/learn/patients.ts';
import {
  aamiClass,
  ds1,
  ds2,
  groupFolds,
  protocols,
  protocolVariant,
  recordSet,
} from '../../src/learn/protocol.ts';

describe('DS1 and DS2', () => {
  test('22 records each, none in both, the four paced ones in neither', () => {
    expect(new Set(ds1).size).toBe(22);
    expect(new Set(ds2).size).toBe(22);
    expect(ds1.filter(record => ds2.includes(record))).toEqual([]);
    for (const paced of ['102', '104', '107', '217']) expect([...ds1, ...ds2]).not.toContain(paced);
  });
  test('record 201 is left out of training: its patient is record 202 of the test set', () => {
    const names = (text: string): string[] =>
      withoutTestPatients(recordSet(text, 'mitdb'), recordSet('DS2', 'mitdb')).map(({ record }) => record);
    expect(names('DS1')).toEqual(ds1.filter(record => record !== '201'));
    expect(names('100,101')).toEqual(['101']);
  });
});

test('each beat symbol has its class; rhythm marks and inherited names have none', () => {
  const expected = { N: 'NLRej', S: 'AaJS', V: 'VE', F: 'F', Q: '/fQ' };
  for (const [name, symbols] of Object.entries(expected)) {
    for (const symbol of symbols) expect(aamiClass(symbol)).toBe(name);
  }
  for (const symbol of ['+', '~', '!', '[', '|', '', 'toString', '__proto__']) {
    expect(aamiClass(symbol)).toBeUndefined();
  }
});

test('under EC57, escape beats are S, and beats without a class have one', () => {
  const expected = { N: 'NLRB', S: 'AaJSnej', V: 'VEr', F: 'F', Q: '/f?Q' };
  for (const [name, symbols] of Object.entries(expected)) {
    for (const symbol of symbols) expect(aamiClass(symbol, 'ec57')).toBe(name);
  }
});

test('a variant of a protocol says what it leaves out', () => {
  const variant = protocolVariant(protocols.dechazal, 'ec57', 'past');
  expect(variant).toMatchObject({ name: 'dechazal', test: ds2, classMap: 'ec57', context: 'past' });
  expect(variant.beatsLeftOut).not.toMatch(/n, r/);
  expect(protocolVariant(protocols.dechazal, 'deChazal', 'record')).toEqual(protocols.dechazal);
});

test('folds keep a group together, cover all groups and are even', () => {
  const rows = ['a', 'a', 'a', 'a', 'b', 'b', 'c', 'c', 'd'];
  const folds = groupFolds(rows, 2);
  expect(folds.flat().sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(folds.map(fold => rows.filter(row => fold.includes(row)).length).sort()).toEqual([4, 5]);
  expect(() => groupFolds(['a', 'b'], 3)).toThrow(/2 groups.*3 folds/);
});
