/** Ctrl-C in a real process: it ends by itself, leaves a checkpoint, and from there training ends at the same weights. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parametersOf } from '../../src/learn/model/network.ts';
import { trainInterruptibly } from '../../src/node/interruptible-training.ts';
import { starting, taskOptions } from './interrupted-task.ts';

const folder = mkdtempSync(join(tmpdir(), 'interrupt-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(['memory', 'streamed'] as const)(
  '%s: stopped half way and resumed, it ends at the weights of an undisturbed run',
  async kind => {
    const checkpoint = join(folder, `${kind}-half.json`);
    const program = join(import.meta.dirname, 'interrupted-task.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', program, checkpoint, kind], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', chunk => {
      output += chunk;
      if (output === 'ready\n') child.kill('SIGINT');
    });
    const code = await new Promise(resolve => child.on('close', resolve));
    expect(code).toBe(0);
    const { interrupted, epochs } = JSON.parse(output.trim().split('\n').at(-1)!);
    expect(interrupted).toBe(true);
    expect(epochs).toBeLessThan(400);
    expect(existsSync(checkpoint)).toBe(true);

    const resumed = await trainInterruptibly(starting(kind), { resume: checkpoint });
    expect(resumed.interrupted).toBe(false);
    const weights = (r: { model: { network: Parameters<typeof parametersOf>[0] } }): number[] =>
      parametersOf(r.model.network).flatMap(p => [...p.data]);
    expect(weights(resumed)).toEqual(weights(await trainInterruptibly(starting(kind), {})));

    await expect(
      trainInterruptibly(starting(kind, { ...taskOptions, seed: 3 }), { resume: checkpoint }),
    ).rejects.toThrow(/half\.json: .*other data or options/);
    writeFileSync(checkpoint, readFileSync(checkpoint, 'utf8').slice(0, 100));
    await expect(trainInterruptibly(starting(kind), { resume: checkpoint })).rejects.toThrow(/not JSON/);
  },
);
