import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { formatModel } from '../../src/learn/model/model-json.ts';
import { createNetwork } from '../../src/learn/model/network.ts';
import { createRandom } from '../../src/random.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'export-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['--import', 'tsx', 'scripts/export-onnx.ts', ...words], {
    cwd: root,
    encoding: 'utf8',
  });

describe('scripts/export-onnx.ts', () => {
  const model = join(folder, 'model.json');
  writeFileSync(
    model,
    formatModel({
      classes: ['N', 'V'],
      features: [{ name: 'upstroke', unit: 'mV/s' }],
      standardization: { mean: Float64Array.of(90), scale: Float64Array.of(20) },
      network: createNetwork([1, 4, 2], 'tanh', createRandom(1)),
      training: { trainedOn: [], rows: 1, optimizer: 'adam', learningRate: 0.01, epochs: 1, seed: 1 },
    }),
  );
  test('writes a file that the runtime agrees with', () => {
    const out = join(folder, 'model.onnx');
    const { status, stdout } = run(model, '--out', out, '--verify', '--json');
    expect(status).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.largestDifference).toBeLessThan(1e-5);
    expect(result.largestDifference).toBeGreaterThan(0); // Float32 is not Float64: they were compared
    expect(existsSync(out)).toBe(true);
  });
  test('bad arguments end with 2, a file that is no model with 1, in one line', () => {
    expect(run(model).status).toBe(2);
    writeFileSync(join(folder, 'no.json'), '{}');
    const { status, stderr } = run(join(folder, 'no.json'), '--out', join(folder, 'no.onnx'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/error: .*no\.json: model\.format/);
    expect(existsSync(join(folder, 'no.onnx'))).toBe(false);
  });
});
