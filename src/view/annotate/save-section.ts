/** The section of the marks panel that saves the marks under an annotator name, with who and when if wished. */
import { isNewAnnotatorName } from '../../wfdb/annotations/annotator-name.ts';
import { element } from '../element.ts';
import { errorText } from '../error-text.ts';
import { word } from '../translations.ts';
import { checkbox, textButton } from '../workbench/controls.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { isWritable, saveMarks } from './save-marks.ts';

export function saving(workbench: Workbench): HTMLElement {
  const { recording, status } = workbench;
  const name = element('input', { type: 'text', id: 'annotator-name', value: 'edit', maxlength: '20' });
  const who = element('input', {
    type: 'text',
    'aria-label': word('who'),
    placeholder: word('who'),
    maxlength: '60',
    hidden: '',
  });
  let isSigned = false;
  const run = async (): Promise<void> => {
    if (!isNewAnnotatorName(name.value)) {
      status.complain(word('notSaved', { reason: word('annotatorName') }));
      return;
    }
    const signature =
      isSigned && who.value.trim() !== '' ? { who: who.value.trim(), when: new Date() } : undefined;
    try {
      const { file, outcome } = await saveMarks(recording.input, name.value, recording.document.marks, {
        definitions: recording.definitions,
        signature,
      });
      if (outcome === 'exists') {
        status.complain(word('notSaved', { reason: word('alreadyExists', { file }) }));
      } else status.tell(word(outcome === 'downloaded' ? 'savedAsDownload' : 'savedTo', { file }));
    } catch (error) {
      status.complain(word('notSaved', { reason: errorText(error) }));
    }
  };
  const label = isWritable(recording.input) ? word('save') : word('download');
  return element(
    'div',
    { class: 'row' },
    element('label', { class: 'control', for: 'annotator-name' }, element('span', {}, word('annotatorName'))),
    name,
    checkbox(word('whoAndWhen'), false, isChecked => {
      isSigned = isChecked;
      who.hidden = !isChecked;
    }),
    who,
    textButton(label, () => void run()),
    textButton(word('discardEdits'), () => recording.discardEdits()),
    element('p', { class: 'setting' }, word('autosaved')),
  );
}
