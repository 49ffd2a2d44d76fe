/**
 * The texts of the lessons. A number that the library computes is enclosed in comments that name it,
 * `<!--loss-at-bottom-->0.543<!--/-->`, so that readers see the number and a test can check it; a new one is written as
 * `{{loss-at-bottom}}`.
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

/** The text with the computed numbers. Throws for a name that is not among them. */
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
