/**
 * The lessons' texts. A number that the library computes stands between comments that name it,
 * `<!--loss-at-bottom-->0.543<!--/-->`, so that a reader sees the number and a test can hold it; `{{loss-at-bottom}}` is
 * how a new one is written.
 */
import type { Figures } from '../../src/analysis/lessons/lesson-inputs.ts';

export const languages = ['en', 'ja'] as const;
export type TextLanguage = (typeof languages)[number];

const quoted = /<!--([\w-]+)-->([^<]*)<!--\/-->/g;

/** A number that a text quotes. */
export interface Quoted {
  readonly name: string;
  readonly value: string;
}

/** All the numbers that a text quotes, in order. */
export const quotedIn = (text: string): Quoted[] =>
  [...text.matchAll(quoted)].map(([, name, value]) => ({ name: name!, value: value! }));

/** The text with today's numbers. Throws for a name that no figure has. */
export function withFigures(text: string, figures: Figures): string {
  const entryOf = (name: string): string => {
    const value = figures[name];
    if (value === undefined)
      throw new Error(`no figure is called ${name}: ${Object.keys(figures).join(', ')}`);
    return `<!--${name}-->${value}<!--/-->`;
  };
  return text
    .replace(/\{\{([\w-]+)\}\}/g, (_, name: string) => entryOf(name))
    .replace(quoted, (_, name: string) => entryOf(name));
}
