/** A batch with a model uses that model on every machine. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { batchModel, OtherModelError } from '../../../src/node/batch/batch-model.ts';
import { measureRecord } from '../../../src/node/batch/tasks.ts';

const samples = resolve(import.meta.dirname, '../../../samples');
const folder = mkdtempSync(join(tmpdir(), 'batch-model-'));
const path = join(folder, 'model.json');
afterAll(() => rmSync(folder, { recursive: true }));

// A model that no other test has read: each process keeps the models that it has read.
const bytes = `${readFileSync(join(samples, 'model-ds1-without-208.json'), 'utf8')}\n`;
const sha256 = createHash('sha256').update(bytes).digest('hex');

test('a file that comes later is read; another one is refused', async () => {
  await expect(batchModel({ path, sha256 })).rejects.toThrow('ENOENT');
  writeFileSync(path, bytes);
  expect((await batchModel({ path, sha256 }))!.classes).toEqual(['N', 'S', 'V', 'F', 'Q']);
  await expect(batchModel({ path, sha256: '0'.repeat(64) })).rejects.toThrow(OtherModelError);
});

test('a record with another model fails, and is measured by the next run', async () => {
  const model = { path: join(samples, 'model-ds1-without-208.json'), sha256: '1'.repeat(64) };
  const status = await measureRecord({
    record: { database: 'synth', record: 's01', root: join(samples, 'synth'), name: 's01' },
    settings: { measures: ['classes'], beatsFrom: 'detector', model },
    store: join(folder, 'store'),
    hasEarlier: false,
  });
  expect(status.failure).toMatchObject({ code: 'system', isFinal: false });
  expect(status.failure!.message).toMatch(/is not the model with which the batch was started/);
});
