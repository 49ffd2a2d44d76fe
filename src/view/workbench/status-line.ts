/** The status line: the last message, and the progress of current work. */
import { element } from '../element.ts';
import { type Word, word } from '../translations.ts';
import { textButton } from './controls.ts';

export interface Status {
  readonly host: HTMLElement;
  /** Shows a message. */
  tell(text: string): void;
  /** Shows an error until the next message. */
  complain(text: string): void;
  /**
   * Shows the progress of a task: `share` from 0 to 1, NaN while it is unknown; 1 ends the display. With `onCancel` the
   * task has a button that cancels it.
   */
  progress(task: Task, share: number, onCancel?: () => void): void;
}

/** The tasks whose progress is shown here. */
export type Task = 'openingFile' | 'surveying' | 'measuring' | 'estimating';

/** A task under way; its row appears after some time. */
interface TaskRow {
  readonly row: HTMLElement;
  readonly bar: HTMLProgressElement;
  readonly appearing: ReturnType<typeof setTimeout>;
}

/** Duration for which a task is not yet shown, ms. */
const patience = 300;

export function createStatus(): Status {
  const message = element('output', { class: 'message', 'aria-live': 'polite' });
  const tasks = element('div', { class: 'tasks' });
  const host = element('div', { class: 'status' }, message, tasks);
  const under = new Map<Task, TaskRow>();
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
    progress(task, share, onCancel) {
      let known = under.get(task);
      if (share >= 1) {
        clearTimeout(known?.appearing);
        known?.row.remove();
        under.delete(task);
        return;
      }
      if (known === undefined) {
        const name = word(task satisfies Word);
        const bar = element('progress', { max: '1', 'aria-label': name });
        const row = element('div', { class: 'task' }, name, ' ', bar);
        if (onCancel) {
          const cancel = textButton(word('cancel'), onCancel);
          cancel.setAttribute('aria-label', `${word('cancel')}: ${name}`);
          row.append(cancel);
        }
        known = { row, bar, appearing: setTimeout(() => tasks.append(row), patience) };
        under.set(task, known);
      }
      if (Number.isNaN(share)) known.bar.removeAttribute('value');
      else known.bar.value = share;
    },
  };
}
