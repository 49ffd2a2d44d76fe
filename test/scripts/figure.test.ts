import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  for (const text of ['>II<', '>V5<', '>dV/dt II<', '>dV/dt V5<', '>time, s<', '>synth/twelve<']) {
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
