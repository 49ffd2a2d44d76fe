/** One line a record joins a table of patients. */
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { run } from './run-command.ts';

const lineOf = async (...words: string[]): Promise<Record<string, string>> => {
  const { status, stdout } = await run([...words, '--summary'], { WFDB: 'samples' });
  expect(status).toBe(0);
  const { data, errors } = Papa.parse<Record<string, string>>(stdout.trim(), { header: true });
  expect(errors).toEqual([]);
  expect(data.length).toBe(1);
  return data[0]!;
};
const jsonOf = async (...words: string[]) =>
  JSON.parse((await run([...words, '--json'], { WFDB: 'samples' })).stdout);

test.each(['synth/s01', 'mitdb-208-excerpt'])('slopes of %s', async record => {
  const line = await lineOf('slopes', record, '--detect');
  const { leads } = await jsonOf('slopes', record, '--detect');
  expect(line.record).toBe(record);
  for (const { lead, summary } of leads) {
    expect(Number(line[`${lead}_beats`])).toBe(summary[0].beats);
    expect(Number(line[`${lead}_upstroke_slope_mV_per_s`])).toBeCloseTo(summary[0].upstroke.median, 5);
    expect(Number(line[`${lead}_qrs_duration_s`])).toBeCloseTo(summary[0].qrsDuration.median, 5);
  }
});

test('labelled beats are summed up by the kind that is most frequent', async () => {
  const line = await lineOf('slopes', 'synth/s03');
  const { leads } = await jsonOf('slopes', 'synth/s03');
  expect(leads[0].summary.length).toBeGreaterThan(1);
  expect(line.symbol).toBe(leads[0].summary[0].symbol);
  expect(Number(line[`${leads[0].lead}_beats`])).toBe(leads[0].summary[0].beats);
});

test.each(['synth/s01', 'mitdb-208-excerpt'])('intervals of %s', async record => {
  const line = await lineOf('intervals', record, '--detect', '--to', '60');
  const { median } = await jsonOf('intervals', record, '--detect', '--to', '60');
  expect(Number(line.qrs_s)).toBeCloseTo(median.intervals.qrs, 5);
  expect(Number(line.median_of_beats)).toBe(median.beats);
});

test('lines of several records join a table by record', async () => {
  const patients = [
    { id: 'synth/s02', age: 61 },
    { id: 'synth/s01', age: 40 },
  ];
  const lines: Record<string, string>[] = [];
  for (const { id } of patients) lines.unshift(await lineOf('intervals', id, '--to', '30'));
  const joined = patients.map(({ id, age }) => ({
    ...lines.find(({ record }) => record === id)!,
    id,
    age,
  }));
  expect(lines.map(({ record }) => record)).toEqual(['synth/s01', 'synth/s02']);
  expect(joined.map(({ age }) => age)).toEqual([61, 40]);
  expect(Object.keys(joined[0]!)).toEqual(Object.keys(joined[1]!));
});

test.each(['slopes', 'intervals'])('%s: JSON and a line exclude each other', async command => {
  const { status, stderr } = await run([command, 'synth/s01', '--json', '--summary'], { WFDB: 'samples' });
  expect(status).toBe(2);
  expect(stderr).toContain('--summary');
});
