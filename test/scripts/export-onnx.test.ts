import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { formatModel } from '../../src/learn/model/model-json.ts';
import { createNetwork } from '../../src/learn/model/network.ts';
import { createRandom } from '../../src/random.ts';
import { run as runWords } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'export-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => runWords(['export-onnx', ...words]);

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
  test('writes a file with which ONNX Runtime gives the same probabilities', async () => {
    const out = join(folder, 'model.onnx');
    const { status, stdout } = await run(model, '--out', out, '--verify', '--json');
    expect(status).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.largestDifference).toBeLessThan(1e-5);
    expect(result.largestDifference).toBeGreaterThan(0); // Float32 is not Float64: they were compared
    expect(existsSync(out)).toBe(true);
  });
  test('bad arguments end with exit code 2, a file that is not a model with 1, in one line', async () => {
    expect((await run(model)).status).toBe(2);
    writeFileSync(join(folder, 'no.json'), '{}');
    const { status, stderr } = await run(join(folder, 'no.json'), '--out', join(folder, 'no.onnx'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/error: .*no\.json: model\.format/);
    expect(existsSync(join(folder, 'no.onnx'))).toBe(false);
  });
});
