/** Gives the tests of a run one place for what they build, and removes it when they are done. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** How the name of every folder that `buildOnce` makes begins. */
    readonly buildPrefix: string;
  }
}

export default function setUp(project: TestProject): () => void {
  const out = resolve(import.meta.dirname, '../out');
  mkdirSync(out, { recursive: true });
  const prefix = mkdtempSync(join(out, 'test-'));
  project.provide('buildPrefix', prefix);
  return () => {
    for (const name of readdirSync(dirname(prefix))) {
      if (name.startsWith(basename(prefix))) rmSync(join(dirname(prefix), name), { recursive: true });
    }
  };
}
