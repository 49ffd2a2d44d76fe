/** One line that says what happened, one that says what is under way. */
import { element } from '../element.ts';
import { type Word, word } from '../translations.ts';

export interface Status {
  readonly host: HTMLElement;
  /** Something was done. */
  tell(text: string): void;
  /** Something went wrong; it stays until the next message. */
  complain(text: string): void;
  /** Work of which `share` (0 … 1) is done; 1 ends it. */
  progress(task: 'surveying' | 'measuring', share: number): void;
}

/** Work that is done sooner than this is not announced, ms. */
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
