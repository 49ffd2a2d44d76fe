/** Bundles the report's own code into one script and one style sheet, which every report carries inside. */
import { defineConfig } from 'vite';
import { licenseNotices } from './packaging/licenses.ts';

export default defineConfig({
  // Nothing of a machine's own setup belongs in the bundle.
  envDir: false,
  publicDir: false,
  logLevel: 'warn',
  plugins: [licenseNotices()],
  build: {
    outDir: 'dist/report',
    // One chunk of code with no imports: a report opens from disk, where modules cannot load each other.
    lib: {
      entry: 'src/view/main.ts',
      formats: ['iife'],
      name: 'upstrokeReport',
      fileName: () => 'report.js',
      cssFileName: 'report',
    },
    target: 'es2022',
    reportCompressedSize: false,
  },
});
