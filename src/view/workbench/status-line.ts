/** The status line: the last message, and the progress of current work. */
import { element } from '../element.ts';
import { type Word, word } from '../translations.ts';

export interface Status {
  readonly host: HTMLElement;
  /** Shows a message. */
  tell(text: string): void;
  /** Shows an error until the next message. */
  complain(text: string): void;
  /** Shows the progress of a task, `share` from 0 to 1; 1 ends the display. */
  progress(task: 'surveying' | 'measuring', share: number): void;
}

/** Duration for which a task is not yet shown, ms. */
const patience = 300;

export function createStatus(): Status {
  const message = element('output', { class: 'message', 'aria-live': 'polite' });
  const tasks = element('div', { class: 'tasks' });
  const host = element('div', { class: 'status' }, message, tasks);
  const under = new Map<
    string,
    { readonly since: number; readonly row: HTMLElement; readonly bar: HTMLProgressElement }
  >();
  const show = (text: string, isError: boolean): void => {
    message.textContent = text;
    message.classList.toggle('error', isError);
    if (isError) message.setAttribute('role', 'alert');
    else message.removeAttribute('role');
  };
  return {
    host,
    tell: text => show(text, false),
    complain: text => show(text, true),
    progress(task, share) {
      const known = under.get(task);
      if (share >= 1) {
        known?.row.remove();
        under.delete(task);
        return;
      }
      const name = word(task satisfies Word);
      const bar = known?.bar ?? element('progress', { max: '1', 'aria-label': name });
      const row = known?.row ?? element('label', { class: 'task' }, name, ' ', bar);
      bar.value = share;
      if (!known) under.set(task, { since: performance.now(), row, bar });
      else if (!row.isConnected && performance.now() - known.since > patience) tasks.append(row);
    },
  };
}
