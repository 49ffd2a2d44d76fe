/** Opens files that are dropped anywhere on the page. */
import { errorText } from '../error-text.ts';
import { type OpenActions, openFiles } from '../workbench/open-dialog.ts';
import { droppedFiles } from './dropped-files.ts';
import { keepDropped } from './recent-files.ts';

export function followDrops(actions: () => OpenActions): void {
  addEventListener('dragover', event => event.preventDefault());
  addEventListener('drop', event => {
    event.preventDefault();
    if (!event.dataTransfer) return;
    const { complain } = actions();
    const refused = (error: Error): void => complain(errorText(error));
    keepDropped(event.dataTransfer).catch(refused);
    for (const dialog of document.querySelectorAll('dialog')) dialog.close();
    droppedFiles(event.dataTransfer).then(files => void openFiles(files, actions()), refused);
  });
}
