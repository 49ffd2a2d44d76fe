/** A worker measures nothing for a batch of another version. */
import { expect, test } from 'vitest';
import { type QueuedJob, requireSameVersion } from '../../../src/node/queue/jobs.ts';

test('a job of another version is refused, also one that states none', () => {
  const task = {
    records: [],
    settings: { measures: [], beatsFrom: 'detector' },
    store: '',
    name: '',
  } as const;
  const job = (version?: string): QueuedJob => ({ method: 'writePart', task, version }) as QueuedJob;
  expect(() => requireSameVersion(job('1.2.3'), '1.2.3')).not.toThrow();
  expect(() => requireSameVersion(job('1.2.2'), '1.2.3')).toThrow(
    'the batch is of upstroke 1.2.2, a worker that took its record of upstroke 1.2.3',
  );
  expect(() => requireSameVersion(job(), '1.2.3')).toThrow();
});
