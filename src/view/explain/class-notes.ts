/** Reservations about the classes of a record. */
import { element } from '../element.ts';
import { noteText } from '../note-text.ts';
import { word } from '../translations.ts';

/** A heading and the notes; nothing without any. */
export const classNotes = (notes: readonly string[]): HTMLElement[] =>
  notes.length === 0
    ? []
    : [
        element(
          'div',
          { class: 'class-notes', role: 'note', 'aria-label': word('notesTitle') },
          element('h3', {}, word('notesTitle')),
          ...notes.map(note => element('p', { class: 'setting' }, noteText(note))),
        ),
      ];
