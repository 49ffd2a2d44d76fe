import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'figure-'));
afterAll(() => rmSync(folder, { recursive: true }));
const figure = (...args: string[]) => run(['figure', ...args], { WFDB: 'samples' });

test('leads, dV/dt and beats of a part of a record, in an SVG document', async () => {
  const out = join(folder, 'a.svg');
  const { status } = await figure(
    'synth/twelve',
    '--leads',
    'II,V5',
    '--from',
    '1',
    '--to',
    '4',
    '--paper',
    '--out',
    out,
  );
  expect(status).toBe(0);
  const svg = readFileSync(out, 'utf8');
  for (const text of ['>II<', '>V5<', '>dV/dt<', '>grid 40 ms<', '>time, s<', '>synth/twelve<']) {
    // A slash and the like are written as character references.
    expect(svg.replace(/&#47;/g, '/')).toContain(text);
  }
  expect(svg).toContain('#eec9c4');
});

test('only what is asked for, in the size asked for', async () => {
  const out = join(folder, 'b.svg');
  await figure(
    'synth/twelve',
    '--what',
    'voltage',
    '--to',
    '3',
    '--width',
    '500',
    '--font-size',
    '20',
    '--out',
    out,
  );
  const svg = readFileSync(out, 'utf8');
  expect(svg).toContain('width="500"');
  expect(svg).not.toContain('dV');
  expect(svg).not.toContain('#eec9c4');
  expect(svg).toContain('font-size="20"');
});

test('dV/dt alone, and beats above a voltage', async () => {
  const slope = join(folder, 'slope.svg');
  await figure('synth/twelve', '--what', 'slope', '--to', '3', '--out', slope);
  const only = readFileSync(slope, 'utf8');
  expect(only).toContain('>mV/s<');
  expect(only).not.toContain('>mV<');
  const beats = join(folder, 'beats.svg');
  await figure('synth/twelve', '--what', 'beats', '--to', '3', '--out', beats);
  expect(readFileSync(beats, 'utf8')).toContain('>mV<');
});

test('a window without beats is drawn, with a note; one without a valid sample is refused', async () => {
  const table = join(folder, 'asystole.csv');
  const rows = Array.from(
    { length: 2500 },
    (_, i) => `${i / 250};${i >= 1000 && i < 1500 ? '' : 0.01 * (i % 2)}`,
  );
  writeFileSync(table, `t_s;II_mV\n${rows.join('\n')}\n`);
  const args = [table, '--gaps', 'nan', '--out', join(folder, 'none.svg'), '--overwrite'];
  const drawn = await figure(...args);
  expect(drawn.stderr).toContain('note: no beats there, detected on II');
  expect(drawn.status).toBe(0);
  const refused = await figure(...args, '--from', '4.2', '--to', '5.8');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('no valid sample there of II');
});

test('a long record needs a window, and a part that is none is refused', async () => {
  const refused = await figure('synth/twelve', '--what', 'voltage,sound', '--out', join(folder, 'c.svg'));
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('--what is one of voltage, slope, beats');
  const { stderr, status } = await figure(
    'mitdb-208-excerpt',
    '--from',
    '0',
    '--leads',
    'V9',
    '--out',
    join(folder, 'c.svg'),
  );
  expect(status).toBe(1);
  expect(stderr).toContain('no lead V9');
});

test('the calibration pulse is left of the first sample', async () => {
  const out = join(folder, 'pulse.svg');
  await figure('synth/twelve', '--leads', 'II', '--to', '3', '--paper', '--mm-per-mv', '10', '--out', out);
  const paths = [...readFileSync(out, 'utf8').matchAll(/<path d="([^"]*)"[^>]*stroke="(#[0-9a-f]+)"/g)];
  const xs = (colour: string): number[] =>
    paths
      .filter(path => path[2] === colour)
      .flatMap(path => [...path[1]!.matchAll(/[ML](-?[\d.]+)/g)].map(point => Number(point[1])));
  const [pulse, trace] = [xs('#9aa3ab'), xs('#1b232c')];
  expect(pulse.length).toBe(6);
  expect(trace.length).toBeGreaterThan(500);
  expect(Math.min(...trace)).toBeGreaterThan(Math.max(...pulse));
});

test('a PNG of a size for print, in a font by name', async () => {
  const out = join(folder, 'p.png');
  const args = ['synth/twelve', '--to', '3', '--width', '480', '--dpi', '192', '--font', 'DejaVu Serif'];
  expect((await figure(...args, '--out', out)).status).toBe(0);
  const png = readFileSync(out);
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  // IHDR: width; then pHYs: dots per metre in both directions, with the checksum that readers verify.
  expect(png.readUInt32BE(16)).toBe(960);
  expect(png.subarray(37, 41).toString('latin1')).toBe('pHYs');
  expect([png.readUInt32BE(41), png.readUInt32BE(45), png[49]]).toEqual([7559, 7559, 1]);
  expect(png.readUInt32BE(50)).toBe(crc32(png.subarray(37, 50)));
});

test('a resolution needs PNG output, and a font name is escaped', async () => {
  const out = join(folder, 'q.svg');
  const refused = await figure('synth/twelve', '--to', '3', '--dpi', '300', '--out', out);
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--dpi')]);
  await figure('synth/twelve', '--to', '3', '--font', '"><script>', '--out', out);
  expect(readFileSync(out, 'utf8')).not.toContain('<script');
});

/** CRC-32 of gzip and PNG: the remainder by its polynomial. */
function crc32(bytes: Uint8Array): number {
  const gzip = gzipSync(bytes);
  return gzip.readUInt32LE(gzip.length - 8);
}
