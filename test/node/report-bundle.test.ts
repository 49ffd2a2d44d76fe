import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readReportBundle } from '../../src/node/report-bundle.ts';

test('reads script and style with their digests, and says what to run when they are not built', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'report-bundle-'));
  const url = pathToFileURL(`${folder}/`);
  try {
    await writeFile(join(folder, 'report.js'), 'run("µ")');
    await expect(readReportBundle(url)).rejects.toThrow('npm run build');
    await writeFile(join(folder, 'report.css'), 'p{}');
    expect(await readReportBundle(url)).toEqual({
      script: 'run("µ")',
      style: 'p{}',
      scriptSha256: createHash('sha256').update(Buffer.from('run("µ")')).digest('base64'),
      styleSha256: createHash('sha256').update('p{}').digest('base64'),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
