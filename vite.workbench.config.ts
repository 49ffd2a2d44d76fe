/** Bundles the workbench: one page, its script, its worker and the samples, a folder that any static host serves. */
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { licenseNotices } from './packaging/licenses.ts';

/** What of `samples/` comes with the page. */
const samples = /(mitdb-208-excerpt|synth\/(s01|twelve))\.(hea|dat|atr)$|model-ds1-without-208\.json$/;

/** Copies the samples beside the page and lists every file of the folder, for the page to keep for offline use. */
const withSamples = (): Plugin => {
  let outDir = '';
  return {
    name: 'samples',
    configResolved: config => {
      outDir = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      await cp('samples', join(outDir, 'samples'), {
        recursive: true,
        filter: path => !/\.[^/]+$/.test(path) || samples.test(path),
      });
      const files = (await readdir(outDir, { recursive: true, withFileTypes: true }))
        .filter(entry => entry.isFile())
        .map(entry => relative(outDir, join(entry.parentPath, entry.name)))
        .filter(name => name !== 'files.json');
      await writeFile(join(outDir, 'files.json'), JSON.stringify(files.sort()));
    },
  };
};

export default defineConfig({
  root: 'src/view/workbench',
  // Addresses relative to the page: the folder may lie anywhere on a host.
  base: './',
  // Nothing of a machine's own setup belongs in the bundle.
  envDir: false,
  publicDir: false,
  logLevel: 'warn',
  plugins: [licenseNotices(), withSamples()],
  worker: { format: 'es', plugins: () => [licenseNotices()] },
  build: {
    outDir: '../../../dist/workbench',
    rolldownOptions: {
      input: {
        index: 'src/view/workbench/index.html',
        'service-worker': 'src/view/workbench/service-worker.ts',
      },
      output: {
        // A service worker rules the folder that it lies in, under a name that stays.
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: false,
  },
});
