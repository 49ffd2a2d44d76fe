/** The public entry points, as package.json's `exports` lists them. */
import manifest from '../package.json' with { type: 'json' };

/**
 * `upstroke`, `upstroke/wfdb`, … with the source file behind each. `upstroke/view` is not among them: it is a bundle with
 * a style sheet, for pages alone, and test/browser/workbench-accessibility.test.ts holds it.
 */
export const entryPoints: ReadonlyMap<string, string> = new Map(
  Object.entries(manifest.exports)
    .filter(([name]) => name !== './view')
    .filter((entry): entry is [string, { types: string; default: string }] => typeof entry[1] !== 'string')
    .map(([name, { default: built }]) => [
      `upstroke${name.slice(1)}`,
      built.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts'),
    ]),
);

/** Those that run in a browser and in a Web Worker: all but `upstroke/node`. */
export const browserEntryPoints: readonly string[] = [...entryPoints.keys()].filter(
  name => name !== 'upstroke/node',
);
