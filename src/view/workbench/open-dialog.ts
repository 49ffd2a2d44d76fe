/** Ways to open a recording: drop or choose files, enter a URL, reopen the last files, or open a sample. */

import { InputError } from '../../input-error.ts';
import { element } from '../element.ts';
import { errorText } from '../error-text.ts';
import { filesByName } from '../open/dropped-files.ts';
import {
  canKeepFiles,
  canKeepFolder,
  forgetFiles,
  lastFiles,
  pickAndKeepFiles,
  pickAndKeepFolder,
} from '../open/recent-files.ts';
import { inputFromUrl, type RecordingInput, recordingsAmong } from '../open/recording-input.ts';
import { word } from '../translations.ts';
import { dialog, textButton } from './controls.ts';

/** The bundled sample records. */
const sampleRecords = ['mitdb-208-excerpt', 'synth/s01', 'synth/twelve'] as const;

/** Annotators of a sample: the synthetic records have their ground truth, the excerpt has no annotations. */
const annotatorsOf = (record: string): readonly string[] => (record.startsWith('synth/') ? ['atr'] : []);

export interface OpenActions {
  readonly open: (input: RecordingInput) => void;
  readonly complain: (text: string) => void;
  /** The record to open where files hold several, such as the one that the address names. */
  readonly wanted?: string;
}

/** The input of a sample, relative to the page. */
export function sampleInput(record: string): RecordingInput {
  const url = new URL(`samples/${record}`, document.baseURI);
  return {
    kind: 'url',
    base: new URL('.', url).href,
    record: record.split('/').at(-1)!,
    annotators: annotatorsOf(record),
  };
}

export function showOpenDialog(actions: OpenActions): void {
  const made = dialog(word('openTitle'), word('close'));
  const done = (input: RecordingInput): void => {
    made.close();
    actions.open(input);
  };
  const withFiles = (files: ReadonlyMap<string, File>): void => {
    if (files.size === 0) return;
    made.close();
    void openFiles(files, actions);
  };
  const chosen = (isFolder: boolean): HTMLInputElement => {
    const input = element('input', { type: 'file', multiple: '', hidden: '' });
    if (isFolder) input.setAttribute('webkitdirectory', '');
    input.addEventListener('change', () => {
      forgetFiles().catch((error: Error) => actions.complain(errorText(error)));
      withFiles(filesByName(input.files ?? []));
    });
    made.append(input);
    return input;
  };
  const files = chosen(false);
  files.id = 'files';
  const folder = chosen(true);
  const choose = (
    canKeep: boolean,
    pick: () => Promise<ReadonlyMap<string, File>>,
    input: HTMLInputElement,
  ): Promise<void> => (canKeep ? showPicker(pick, input, withFiles) : Promise.resolve(input.click()));
  const again = async (): Promise<void> => {
    const last = await lastFiles(true);
    if (last) withFiles(last);
    else {
      made.close();
      actions.complain(word('noRecentFiles'));
    }
  };
  const url = element('input', { type: 'url', id: 'open-url', placeholder: 'https://…/100.hea' });
  const form = element(
    'form',
    { class: 'open-url' },
    element('label', { for: 'open-url' }, word('urlLabel')),
    url,
    element('button', { type: 'submit' }, word('openUrl')),
  );
  form.addEventListener('submit', event => {
    event.preventDefault();
    try {
      done(inputFromUrl(url.value));
    } catch (error) {
      if (!(error instanceof InputError || error instanceof URIError)) throw error;
      actions.complain(word('invalidUrl', { url: url.value }));
      made.close();
    }
  });
  made.append(
    element('p', {}, word('openHint')),
    element(
      'div',
      { class: 'row' },
      textButton(word('chooseFiles'), () => choose(canKeepFiles(), pickAndKeepFiles, files)),
      textButton(word('chooseFolder'), () => choose(canKeepFolder(), pickAndKeepFolder, folder)),
      ...(canKeepFiles() ? [textButton(word('recentFiles'), again)] : []),
    ),
    form,
    element('h3', {}, word('samples')),
    element(
      'div',
      { class: 'row' },
      ...sampleRecords.map(record => textButton(record, () => done(sampleInput(record)))),
    ),
  );
  made.showModal();
}

/** Shows a picker whose files the page can keep; the ordinary input where the browser does not allow it. */
async function showPicker(
  pick: () => Promise<ReadonlyMap<string, File>>,
  input: HTMLInputElement,
  withFiles: (files: ReadonlyMap<string, File>) => void,
): Promise<void> {
  try {
    withFiles(await pick());
  } catch (error) {
    if ((error as Error).name !== 'AbortError') input.click();
  }
}

/** Why there is no recording among the files: all are empty, they are text without a table, or something else. */
function noRecordText(files: ReadonlyMap<string, File>): string {
  const names = [...files.keys()].slice(0, 5).join(', ');
  const all = [...files];
  if (all.every(([, { size }]) => size === 0)) return word('emptyFiles', { names });
  const isText = all.every(([name]) => /\.(csv|tsv|txt)$/i.test(name));
  return word(isText ? 'tableWithoutNumbers' : 'noRecordAmong', { names });
}

/** Opens the chosen files: the only recording among them, or the one selected from several. */
export async function openFiles(files: ReadonlyMap<string, File>, actions: OpenActions): Promise<void> {
  let records: string[];
  try {
    records = await recordingsAmong(files);
  } catch (error) {
    return actions.complain(errorText(error));
  }
  const open = (record: string): void => actions.open({ kind: 'files', files, record });
  if (records.length === 0) {
    actions.complain(noRecordText(files));
  } else if (records.length === 1) open(records[0]!);
  else if (actions.wanted !== undefined && records.includes(actions.wanted)) open(actions.wanted);
  else {
    const made = dialog(word('whichRecord'), word('close'));
    made.append(
      element(
        'div',
        { class: 'row wrap' },
        ...records.slice(0, 200).map(record =>
          textButton(record, () => {
            made.close();
            open(record);
          }),
        ),
      ),
    );
    made.showModal();
  }
}
