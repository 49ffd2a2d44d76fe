/** The colours of the light theme, read from the style sheet, for figures that are painted without a page. */
import { readFileSync } from 'node:fs';
import type { Colour } from '../../src/view/palette.ts';

/** A function from a colour's name to its value. Throws for a name that the style sheet does not have. */
export function lightColours(): (name: Colour) => string {
  const style = readFileSync(new URL('../../src/view/style.css', import.meta.url), 'utf8');
  const [, root = ''] = /:root \{([^}]*)\}/.exec(style) ?? [];
  const colours = new Map(
    [...root.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value!]),
  );
  return name => {
    const value = colours.get(name);
    if (value === undefined) throw new Error(`style.css has no colour ${name}`);
    return value;
  };
}
