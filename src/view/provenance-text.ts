/** How the slopes of a report were measured, in the language of the page. */
import { noteText } from './note-text.ts';
import { language, word } from './translations.ts';

const parts =
  /^dV\/dt (\S+) at (\S+) Hz, (.*?); least-squares slope over (\S+) ms \((\d+) points(?:, interpolated (\d+)×)?\); beats (.*)$/s;

/** The library's English description as it is, or in Japanese; a text of another form stays as it is. */
export function provenanceIn(text: string): string {
  const found = parts.exec(text);
  if (language() === 'en' || found === null) return text;
  const [, scheme, hz, band, ms, points, factor, rest] = found as unknown as string[];
  const [beats, ...notes] = rest!.split('; ');
  return word('r_provenance', {
    ...{ scheme: scheme!, hz: hz!, ms: ms!, points: points! },
    band: band!.split(', ').map(bandIn).join('、'),
    upsampling: factor === undefined ? '' : word('r_interpolated', { factor }),
    beats: beatsIn(beats!),
    notes: notes.map(note => `。${noteText(note)}`).join(''),
  });
}

/** A part of the description of a filter. */
function bandIn(part: string): string {
  if (part === 'unfiltered') return word('r_unfiltered');
  if (part === 'baseline removed') return word('r_baseline');
  const [, name, hz] = /^(above|below|notches at) (\S+) Hz( and harmonics)?$/.exec(part) ?? [];
  if (name === undefined) return part;
  const key = name === 'above' ? 'r_above' : name === 'below' ? 'r_below' : 'r_notch';
  return word(key, { hz: hz! });
}

function beatsIn(text: string): string {
  const detected = /^detected on (.*)$/.exec(text);
  if (detected) return word('r_detected', { leads: detected[1]! });
  const inside = /^annotations in (.*)$/.exec(text);
  if (inside) return word('r_annotationsIn', { name: inside[1]! });
  const beside = /^annotations (.*)$/.exec(text);
  return beside ? word('r_annotations', { name: beside[1]! }) : text;
}
