/** Reservations about the classes of a record. */
import { element } from '../element.ts';
import { noteText } from '../note-text.ts';
import { word } from '../translations.ts';

/** A heading and a list of the notes; nothing without any. */
export const classNotes = (notes: readonly string[]): HTMLElement[] =>
  notes.length === 0
    ? []
    : [
        element(
          'section',
          { class: 'class-notes', 'aria-label': word('notesTitle') },
          element('h3', {}, word('notesTitle')),
          element('ul', {}, ...notes.map(note => element('li', {}, noteText(note)))),
        ),
      ];
