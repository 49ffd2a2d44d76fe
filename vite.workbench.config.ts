/** Bundles the workbench (page, script, worker and samples) into a folder for any static web server. */
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { licenseNotices } from './packaging/licenses.ts';

/** The files of `samples/` that are included. */
const samples = /(mitdb-208-excerpt|synth\/(s01|twelve))\.(hea|dat|atr)$|model-ds1-without-208\.json$/;

/** Copies the samples next to the page, and lists all files of the folder, which the page caches for offline use. */
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
  // URLs are relative to the page, so that the folder can be at any path of a server.
  base: './',
  // Local environment files must not influence the bundle.
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
        // A service worker controls the folder it is in, and needs a constant name.
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
