/** The list of what is wrong with the files of the open recording, with what to do. */
import { element } from '../element.ts';
import { faultText } from '../error-text.ts';
import { duration } from '../number-format.ts';
import type { FileFault } from '../open/file-faults.ts';
import { word } from '../translations.ts';
import { textButton } from './controls.ts';
import type { OpenRecording } from './recording-interface.ts';

/** Largest number of faults that are listed. */
const mostListed = 20;

/** Shows the faults of a recording in `host`, which stays empty while there are none. */
export function showFaults(host: HTMLElement, recording: OpenRecording): void {
  const { damagedAnnotators, annotator } = recording;
  const signals = recording.faults.map(fault => element('li', {}, signalFaultText(fault)));
  const marks = [...damagedAnnotators].flatMap(([name, { annotations, faults }]) => {
    const count = annotations.length;
    const texts = faults.map(fault => element('li', {}, `${faultText(fault)} `));
    if (name === annotator) return texts;
    texts
      .at(-1)!
      .append(
        word(count === 0 ? 'noReadableMarks' : 'beatsInstead'),
        ...(count === 0
          ? []
          : [
              ' ',
              textButton(word('useReadableMarks', { count, name }), () => recording.editAnnotator(name)),
            ]),
      );
    return texts;
  });
  const all = [...signals, ...marks];
  const more = all.length - mostListed;
  const wasOpen = host.querySelector('details')?.open ?? true;
  host.replaceChildren();
  if (all.length === 0) return;
  const list = element('details', {}, element('summary', {}, word('fileFaults', { count: all.length })));
  list.open = wasOpen;
  list.append(
    element(
      'ul',
      {},
      ...all.slice(0, mostListed),
      ...(more > 0 ? [element('li', {}, word('moreFaults', { count: more }))] : []),
    ),
  );
  host.append(list);
}

function signalFaultText(fault: FileFault): string {
  const { file, missing, leads } = fault;
  if (missing !== undefined) {
    const time = duration(missing.fromSeconds);
    return `${word('samplesMissing', { file, count: missing.samples, time })} (${fault.message})`;
  }
  if (leads !== undefined && leads.length > 0) {
    return word('leadFileMissing', { file, leads: leads.join(', ') });
  }
  return faultText(fault);
}
