/** Creation of page elements. Text is inserted as text nodes, so that strings from files are never parsed as HTML. */

type Child = Node | string;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A titled part of the report. */
export function section(id: string, title: string, ...children: Child[]): HTMLElement {
  const heading = element('h2', { id: `${id}-title` }, title);
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    element('div', { class: 'section-head' }, heading),
    ...children,
  );
}

/** Adds elements next to a section's title. */
export function besideTitle(part: HTMLElement, ...children: Child[]): void {
  part.querySelector('.section-head')!.append(...children);
}

/** A button; one that is labelled by a sign instead of a word is named by its title. */
export function button(label: string, title: string, onPress: () => void): HTMLButtonElement {
  const named = /\p{L}/u.test(label) ? {} : { 'aria-label': title };
  const made = element('button', { type: 'button', title, ...named }, label);
  made.addEventListener('click', onPress);
  return made;
}
