/** Keyboard handling: the table of key bindings, and the help dialog that lists them. */
import { element } from '../element.ts';
import { type Word, word } from '../translations.ts';
import { dialog } from './controls.ts';

/** The keys of one action. `mod` stands for Ctrl or Cmd. */
export interface KeyAction {
  readonly keys: readonly string[];
  /** The keys as shown in the help dialog; actions in the same line have the same text. */
  readonly shown: string;
  readonly word: Word;
  readonly run: (key: string) => void;
}

/** Letter keys and the annotation symbols that they set; other symbols are chosen from the list. */
export const symbolKeys: Readonly<Record<string, string>> = {
  n: 'N',
  v: 'V',
  s: 'S',
  a: 'A',
  f: 'F',
  q: 'Q',
  l: 'L',
  r: 'R',
  j: 'J',
  e: 'E',
  b: 'B',
  '/': '/',
};

/** The name of a pressed key as in the table: `mod+z`, `Shift+V`, `ArrowLeft`, `v`. */
function keyName(event: KeyboardEvent): string {
  if (event.ctrlKey || event.metaKey)
    return `mod+${event.shiftKey ? 'Shift+' : ''}${event.key.toLowerCase()}`;
  if (event.altKey) return `Alt+${event.key}`;
  if (event.shiftKey && /^[A-Z]$/.test(event.key)) return `Shift+${event.key}`;
  return event.key;
}

/** Handles key presses, except while an input has the focus or a dialog is open; returns a function that stops it. */
export function followKeys(actions: readonly KeyAction[]): () => void {
  const table = new Map(actions.flatMap(action => action.keys.map(key => [key, action] as const)));
  const listener = (event: KeyboardEvent): void => {
    const { target } = event;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    if (target instanceof HTMLTextAreaElement || document.querySelector('dialog[open]')) return;
    const name = keyName(event);
    const isOwn = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
    if (isOwn && (name === 'Enter' || name === ' ')) return;
    const action = table.get(name);
    if (action === undefined) return;
    event.preventDefault();
    action.run(name);
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}

/** Shows the help dialog of key bindings. */
export function showKeySheet(actions: readonly KeyAction[]): void {
  const lines = new Map<Word, string>();
  for (const { word: name, shown } of actions) if (shown !== '') lines.set(name, shown);
  const sheet = element(
    'dl',
    { class: 'key-sheet' },
    ...[...lines].map(([name, shown]) =>
      element('div', {}, element('dt', {}, element('kbd', {}, shown)), element('dd', {}, word(name))),
    ),
  );
  dialog(word('keysTitle'), word('close'), sheet).showModal();
}
