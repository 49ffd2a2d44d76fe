/** The download script, end to end against a loopback server. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sendFile, serve } from '../node/server.ts';
import { run as runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'download-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => runCommand(['download', ...words]);

const files: Record<string, Uint8Array> = {
  '100.hea': new TextEncoder().encode('100 1 360 2\n100.dat 16\n'),
  '100.dat': Uint8Array.of(1, 0, 2, 0),
};

test('downloads a record, says so, and does not fetch it twice', async () => {
  const { url } = await serve(request => sendFile(request, files[request.name]));
  const words = ['mitdb', '100', '--url', url, '--dir', folder, '--retries', '0'];
  const first = await run(...words);
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(first.stdout).toBe(
    `${join(folder, 'mitdb')}: 2 files downloaded, 0 there already, 0 sums verified\n`,
  );
  expect(readFileSync(join(folder, 'mitdb', '100.dat'))).toEqual(Buffer.from(files['100.dat']!));
  expect(readdirSync(join(folder, 'mitdb')).sort()).toEqual(['100.dat', '100.hea']);

  const second = await run(...words, '--json');
  expect(JSON.parse(second.stdout)).toMatchObject({ downloaded: 0, present: 2, verified: 0, failed: [] });
});

test('a file that fails ends it with 1 and one line', async () => {
  const { url } = await serve(request =>
    sendFile(request, request.name === '100.hea' ? files['100.hea'] : undefined),
  );
  const { status, stderr } = await run('other', '100', '--url', url, '--dir', folder, '--retries', '0');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: 100\.dat: expected .*found HTTP 404\n$/);
});

test('invalid arguments are a usage error in one line', async () => {
  const mistakes = [
    ['--dir', 'x'],
    ['mitdb'],
    ['../mitdb', '--dir', 'x'],
    ['mitdb', '--dir', 'x', '--url', 'file:///etc'],
    ['mitdb', '--dir', 'x', '--url', 'http://%'],
    ['mitdb', '--dir', 'x', '--retries', 'many'],
    ['mitdb', '--dir', 'x', '--timeout', '0'],
  ];
  for (const words of mistakes) {
    const { status, stderr } = await run(...words);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
  }
});
