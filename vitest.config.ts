import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that change global state and therefore run in separate processes. */
const alone = [
  'test/node/run-files.test.ts',
  // The main thread blocks while it waits for its worker threads.
  'test/node/gradient-workers/*.test.ts',
  // V8 counts only in code that is loaded after its flags are set.
  'test/wfdb/**/linear-time.test.ts',
];

const browser = 'test/browser/**/*.test.ts';

export default defineConfig({
  test: {
    hookTimeout: 60_000,
    // Pages are slow on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    setupFiles: ['test/typed-array-equality.ts'],
    globalSetup: ['test/real/announce.ts', 'test/build-folder.ts'],
    // V8's helper threads and frequent collections of garbage take a tenth of the CPU time.
    execArgv: ['--single-threaded', '--max-semi-space-size=64'],
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary', 'html'] },
    // One process runs many files: loading the sources only once reduces the time by a third.
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...alone, browser],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      // They share one Chromium, which no other test needs.
      { extends: true, test: { name: 'browser', include: [browser], isolate: false, testTimeout: 60_000 } },
      { extends: true, test: { name: 'alone', include: alone, testTimeout: 60_000 } },
    ],
  },
});
