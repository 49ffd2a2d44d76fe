/** Labelled controls of the toolbars. */
import { element } from '../element.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A labelled drop-down list. */
export function select(
  label: string,
  choices: readonly Choice[],
  value: string,
  onChange: (value: string) => void,
): HTMLLabelElement {
  const list = element('select', {});
  for (const choice of choices) list.append(element('option', { value: choice.value }, choice.label));
  list.value = value;
  list.addEventListener('change', () => onChange(list.value));
  return element('label', { class: 'control' }, element('span', {}, label), list);
}

/** A labelled check box. */
export function checkbox(
  label: string,
  isChecked: boolean,
  onChange: (isChecked: boolean) => void,
): HTMLLabelElement {
  const box = element('input', { type: 'checkbox' });
  box.checked = isChecked;
  box.addEventListener('change', () => onChange(box.checked));
  return element('label', { class: 'control check' }, box, element('span', {}, label));
}

/** A button with a text label. */
export function textButton(label: string, onPress: () => void, title = label): HTMLButtonElement {
  const made = element('button', { type: 'button', title }, label);
  made.addEventListener('click', onPress);
  return made;
}

/** A button that stays pressed until it is pressed again. */
export function toggleButton(label: string, title: string): HTMLButtonElement {
  const made = element('button', { type: 'button', title, 'aria-pressed': 'false' }, label);
  made.addEventListener('click', () => {
    made.setAttribute('aria-pressed', String(made.getAttribute('aria-pressed') !== 'true'));
  });
  return made;
}

/** A labelled slider with its value next to it. */
export function slider(
  label: string,
  range: { readonly min: number; readonly max: number; readonly step: number; readonly value: number },
  format: (value: number) => string,
  onInput: (value: number) => void,
): HTMLLabelElement {
  const input = element('input', {
    type: 'range',
    min: String(range.min),
    max: String(range.max),
    step: String(range.step),
  });
  input.value = String(range.value);
  const shown = element('output', {}, format(range.value));
  input.addEventListener('input', () => {
    shown.textContent = format(Number(input.value));
    onInput(Number(input.value));
  });
  return element('label', { class: 'control slider' }, element('span', {}, label), input, shown);
}

/** A dialog with a title and a close button; `Escape` closes it too. */
export function dialog(title: string, closeLabel: string, ...content: (Node | string)[]): HTMLDialogElement {
  const heading = element('h2', {}, title);
  const close = element(
    'button',
    { type: 'button', class: 'close', 'aria-label': closeLabel, title: closeLabel },
    '×',
  );
  const made = element(
    'dialog',
    { 'aria-label': title },
    element('div', { class: 'dialog-head' }, heading, close),
    ...content,
  );
  close.addEventListener('click', () => made.close());
  made.addEventListener('close', () => made.remove());
  document.body.append(made);
  return made;
}
