import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isRunning } from '../../src/node/running-process.ts';

test('this process is running, and an unused process ID is not', () => {
  expect(isRunning(process.pid)).toBe(true);
  expect(isRunning(2 ** 30)).toBe(false);
});

test.skipIf(!existsSync('/proc/self/stat'))(
  'a process that its parent has not collected does not run',
  async () => {
    // The shell starts a child, tells its ID, and becomes a program that never collects it.
    const shell = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 20'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const child = await new Promise<number>(told =>
        shell.stdout.once('data', data => told(Number(String(data)))),
      );
      await expect
        .poll(() => readFileSync(`/proc/${child}/stat`, 'latin1'), { timeout: 30_000 })
        .toContain(') Z ');
      expect(isRunning(child)).toBe(false);
    } finally {
      shell.kill('SIGKILL');
    }
  },
);
