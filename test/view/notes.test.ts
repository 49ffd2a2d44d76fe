/** Notes of the library, and sentences of an explanation, in both languages of the page. */
import { afterEach, expect, test } from 'vitest';
import { classificationNotes } from '../../src/analysis/classification-notes.ts';
import { classifyBeats } from '../../src/analysis/classify.ts';
import { beatInputNames } from '../../src/beat/beat-inputs.ts';
import { featureMeaning } from '../../src/beat/features/feature-glossary.ts';
import { featureLabel, featureSentence } from '../../src/view/explain/feature-label.ts';
import { kinksSentence, voltageSentence } from '../../src/view/explain/reason-sentences.ts';
import { noteText } from '../../src/view/note-text.ts';
import { setLanguage } from '../../src/view/translations.ts';
import { classifiedExcerpt, model } from '../analysis/classified-excerpt.ts';

afterEach(() => setLanguage('en'));

/** An English word, not an abbreviation or unit. */
const english = /[a-z]{4,}/;

test('every note on the classes of a record is told in Japanese with its numbers, and in English as it is', async () => {
  const { beats } = await classifiedExcerpt();
  const [otherLead] = classifyBeats(model, { ...beats, lead: 'V5' }).notes;
  const notes = [
    otherLead!,
    ...classificationNotes({ qrs: undefined, rate: 60 }, 1, 360),
    ...classificationNotes({ qrs: 0.147, rate: 150 }, 1, 360),
    ...classificationNotes({ qrs: 0.133, rate: 60 }, 2.8, 62.5),
  ];
  expect(notes).toHaveLength(6);
  expect(notes.map(noteText)).toEqual(notes);
  setLanguage('ja');
  for (const note of notes) {
    const said = noteText(note);
    expect(said, note).not.toMatch(english);
    expect(said, note).not.toContain('{');
    for (const number of note.match(/\d+(\.\d+)?/g) ?? []) expect(said, note).toContain(number);
  }
  expect(noteText('a note of another kind')).toBe('a note of another kind');
});

test('every input of a model has a label, and every feature the sentence of the glossary, in Japanese too', () => {
  const others = beatInputNames.filter(({ name }) => !name.includes(' at '));
  for (const { name } of others) expect(featureSentence(name), name).toBe(featureMeaning(name));
  expect(featureLabel('deviation at -83.3 ms')).toBe('deviation from the typical beat 83.3 ms before R');
  setLanguage('ja');
  for (const { name } of beatInputNames) expect(featureLabel(name), name).not.toMatch(english);
  for (const { name } of others) expect(featureSentence(name), name).not.toMatch(english);
});

test('an explanation says where it is not differentiable and how little changes the class', () => {
  expect(kinksSentence([])).toBeUndefined();
  expect(kinksSentence(['area', 'upstroke'])).toContain('QRS area per amplitude, steepest upstroke');
  const change = { to: 'N', rmsMillivolts: 0.018, largestMillivolts: 0.1204 };
  expect(voltageSentence(change)).toContain('called N. It differs by 18 µV root mean square, 120 µV at most');
  expect(voltageSentence(undefined)).toContain('no change');
});
