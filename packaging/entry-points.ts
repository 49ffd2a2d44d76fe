/** The public entry points, as package.json's `exports` lists them. */
import manifest from '../package.json' with { type: 'json' };

/**
 * `upstroke`, `upstroke/wfdb`, … with the source file of each. Without `upstroke/view`, which is a bundle with a style
 * sheet that needs the DOM: test/browser/workbench-elsewhere.test.ts and test/view test it.
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

/** The entry points that run in a browser and in a Web Worker: all except `upstroke/node`. */
export const browserEntryPoints: readonly string[] = [...entryPoints.keys()].filter(
  name => name !== 'upstroke/node',
);
