/** Bundles `upstroke/view`: the views as one module and one style sheet that leave the page around them alone. */
import { defineConfig, type Plugin } from 'vite';

/** Our own rules hold inside a view only; uPlot's have names of their own. */
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
  // Nothing of a machine's own setup belongs in the bundle.
  envDir: false,
  publicDir: false,
  logLevel: 'warn',
  plugins: [scoped],
  build: {
    outDir: 'dist/view',
    // The declarations are there already.
    emptyOutDir: false,
    lib: { entry: 'src/view/embed.ts', formats: ['es'], fileName: () => 'embed.js', cssFileName: 'embed' },
    target: 'es2022',
    reportCompressedSize: false,
  },
});
