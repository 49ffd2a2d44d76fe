/** The public names and their doc comments, read from the sources, for the test of the examples. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { entryPoints } from './entry-points.ts';

const root = resolve(import.meta.dirname, '..');

/** A value (not a type) that an entry point exports. */
export interface PublicName {
  readonly name: string;
  /** The module's own entry point, e.g. `upstroke/beat`, rather than `upstroke`. */
  readonly entryPoint: string;
  /** The file that declares it, relative to the project's folder. */
  readonly file: string;
  /** The doc comment without its asterisks; empty if there is none. */
  readonly comment: string;
  /** The code of each `@example`. */
  readonly examples: readonly string[];
}

/** Every public value, once, by name. */
export function publicNames(): PublicName[] {
  const found = new Map<string, PublicName>();
  for (const [entryPoint, entryFile] of entryPoints) {
    const text = readFileSync(join(root, entryFile), 'utf8');
    for (const [, list, from] of text.matchAll(/^export \{([^}]*)\} from '([^']+)';/gm)) {
      const names = list!.split(',').map(name => name.trim());
      for (const name of names.filter(each => each !== '' && !each.startsWith('type '))) {
        if (found.has(name) && entryPoint === 'upstroke') continue;
        const file = join(dirname(entryFile), from!);
        const comment = commentOf(name, file);
        found.set(name, { name, entryPoint, file, comment, examples: examplesOf(comment) });
      }
    }
  }
  return [...found.values()];
}

/** The doc comment before the declaration of `name` in a file. */
function commentOf(name: string, file: string): string {
  const text = readFileSync(join(root, file), 'utf8');
  const declaration = new RegExp(`^export (?:async )?(?:function\\*?|const|class) ${name}\\b`, 'm').exec(
    text,
  );
  if (declaration === null) {
    const passedOn = new RegExp(`\\b${name}\\b[^;]*\\} from '([^']+)'`).exec(text);
    if (passedOn === null) throw new Error(`${file} does not declare ${name}`);
    return commentOf(name, join(dirname(file), passedOn[1]!));
  }
  const before = text.slice(0, declaration.index).trimEnd();
  if (!before.endsWith('*/')) return '';
  return before
    .slice(before.lastIndexOf('/**') + 3, -2)
    .replace(/^[ \t]*\* ?/gm, '')
    .trim();
}

const examplesOf = (comment: string): string[] =>
  comment
    .split(/^@example\b/m)
    .slice(1)
    .map(part => part.split(/^@\w+/m)[0]!.trim());
