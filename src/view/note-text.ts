/** Notes on a recording, its measurements and its classes, in the language of the page. */
import { allWords, language, type Word, word } from './translations.ts';

const quantities = {
  upstroke: 'r_quantity_upstroke',
  downstroke: 'r_quantity_downstroke',
  'R amplitude': 'r_quantity_rAmplitude',
  'R time': 'r_quantity_rTime',
  'QRS duration': 'r_quantity_qrs',
  RR: 'r_quantity_rr',
} as const;

/** A note of the library in the language of the page; one that has no translation stays in English. */
export function noteText(note: string): string {
  if (language() === 'en') return note;
  const errors = /^median standard error of a beat due to noise: (.*)$/.exec(note);
  if (errors) {
    const list = errors[1]!.split(', ').map(item => {
      const [, name, value, bias] = /^(.*?) (± .*) \(bias (.*)\)$/.exec(item) ?? [];
      const key = quantities[name as keyof typeof quantities];
      return key === undefined ? item : `${word(key)} ${value} (${word('r_bias', { value: bias! })})`;
    });
    return word('r_medianError', { list: list.join('、') });
  }
  const uncalibrated = /^signal (.*) is not calibrated: /.exec(note);
  if (uncalibrated) return word('gainAssumed', { leads: uncalibrated[1]! });
  const unnamed = /^signal (.*) names no unit: (.*) is assumed$/.exec(note);
  if (unnamed) return word('unitsAssumed', { leads: unnamed[1]!, units: unnamed[2]! });
  for (const name of classNotes) {
    const values = valuesIn(note, name);
    if (values) return word(name, { ...values, rule: (values.rule ?? '').replaceAll(' or ', ' または ') });
  }
  return note;
}

const classNotes = [
  ...(['note_lead', 'note_bounds', 'note_wideFast', 'note_wide'] as const),
  ...(['note_unlike', 'note_frequency'] as const),
];

/** The values that a note has in the places of an English text; undefined if it is another text. */
function valuesIn(note: string, name: Word): Readonly<Record<string, string>> | undefined {
  const [english] = allWords[name];
  const pattern = english
    .split(/\{(\w+)\}/)
    .map((part, k) => (k % 2 === 1 ? `(?<${part}>.+?)` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  const found = new RegExp(`^${pattern}$`).exec(note);
  return found === null ? undefined : { ...found.groups };
}
