/** Bundles `upstroke/view`: the views as one module and one style sheet, which do not affect the page around them. */
import { defineConfig, type Plugin } from 'vite';
import { licenseNotices } from './packaging/licenses.ts';

/** Limits the rules of the style sheet to the views; those of uPlot have distinct class names. */
const scoped: Plugin = {
  name: 'scoped-style',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/src/view/style.css')) return undefined;
    const [, imports = '', rules = ''] = /^((?:@import[^;]*;\s*)*)([\s\S]*)$/.exec(code) ?? [];
    const inside = rules
      .replaceAll(':root', ':scope')
      .replace(/^body \{/m, ':scope {')
      .replace(/^@page \{[^}]*\}/m, '');
    return { code: `${imports}@scope (.upstroke-view) {\n${inside}\n}\n`, map: null };
  },
};

export default defineConfig({
  // Local environment files must not influence the bundle.
  envDir: false,
  publicDir: false,
  logLevel: 'warn',
  plugins: [scoped, licenseNotices()],
  build: {
    outDir: 'dist/view',
    sourcemap: true,
    // The declarations have been written there before.
    emptyOutDir: false,
    lib: {
      entry: 'src/view/embed-with-style.ts',
      formats: ['es'],
      fileName: () => 'embed.js',
      cssFileName: 'embed',
    },
    target: 'es2022',
    reportCompressedSize: false,
  },
});
