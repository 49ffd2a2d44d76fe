/** The dialog for what a text table does not specify: its sampling frequency, units and layout. */
import { element } from '../element.ts';
import { word } from '../translations.ts';
import { checkbox, dialog, select } from '../workbench/controls.ts';
import type { RecordingInput, TableOptions } from './recording-input.ts';

const units = ['', 'mV', 'uV', 'V'];
const delimiters: Readonly<Record<string, string>> = { ',': ',', ';': ';', '|': '|', '\t': 'Tab', ' ': '␣' };

/**
 * Asks how the table of `input` is to be read, and calls `open` with the answer. `reason` says why it cannot be read
 * without; undefined where it could.
 */
export function showTableDialog(
  input: RecordingInput,
  reason: string | undefined,
  open: (input: RecordingInput) => void,
): void {
  const answer: { -readonly [K in keyof TableOptions]: TableOptions[K] } = { ...input.table };
  const choice = (
    label: string,
    values: Readonly<Record<string, string>>,
    key: 'units' | 'delimiter' | 'decimal',
  ): HTMLElement =>
    select(
      label,
      Object.entries({ '': word('tableAutomatic'), ...values }).map(([value, text]) => ({
        value,
        label: text,
      })),
      answer[key] ?? '',
      value => {
        if (value === '') delete answer[key];
        else Object.assign(answer, { [key]: value });
      },
    );
  const frequency = positive('table-frequency', word('samplingFrequencyHz'), answer.samplingFrequency);
  const gain = positive('table-gain', word('tableGain'), answer.adcGain);
  const form = element(
    'form',
    { class: 'table-form' },
    ...(reason === undefined ? [] : [element('p', { class: 'message' }, reason)]),
    frequency.label,
    choice(word('tableUnits'), Object.fromEntries(units.slice(1).map(unit => [unit, unit])), 'units'),
    gain.label,
    choice(word('tableDelimiter'), delimiters, 'delimiter'),
    choice(word('tableDecimal'), { '.': '.', ',': ',' }, 'decimal'),
    checkbox(word('tableTranspose'), answer.transpose ?? false, isTransposed => {
      answer.transpose = isTransposed;
    }),
    element('button', { type: 'submit' }, word('openTable')),
  );
  const made = dialog(word('tableTitle', { record: input.record }), word('close'), form);
  form.addEventListener('submit', event => {
    event.preventDefault();
    made.close();
    delete answer.samplingFrequency;
    delete answer.adcGain;
    const [hz, perUnit] = [frequency.value(), gain.value()];
    open({
      ...input,
      table: {
        ...answer,
        ...(hz !== undefined && { samplingFrequency: hz }),
        ...(perUnit !== undefined && { adcGain: perUnit }),
      },
    });
  });
  made.showModal();
  frequency.label.querySelector('input')!.focus();
}

/** A labelled input of a positive number, which may stay empty. */
function positive(id: string, text: string, value: number | undefined) {
  const input = element('input', {
    type: 'number',
    id,
    min: '0.001',
    step: 'any',
    value: String(value ?? ''),
  });
  return {
    label: element('label', { class: 'control' }, element('span', {}, text), input),
    value: (): number | undefined => (Number(input.value) > 0 ? Number(input.value) : undefined),
  };
}
