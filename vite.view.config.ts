/** Bundles the code of the report page into one script and one style sheet, which every report embeds. */
import { defineConfig } from 'vite';
import { licenseNotices } from './packaging/licenses.ts';

export default defineConfig({
  // Local environment files must not influence the bundle.
  envDir: false,
  publicDir: false,
  logLevel: 'warn',
  plugins: [licenseNotices()],
  build: {
    outDir: 'dist/report',
    // A single script without imports: a report is opened from disk, where modules cannot be loaded.
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
