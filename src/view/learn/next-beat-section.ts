/** The section that suggests the next beat to label and moves to it. */
import { aamiClass } from '../../learn/protocol.ts';
import { element, section } from '../element.ts';
import { probabilityText } from '../explanation.ts';
import { decimals } from '../number-format.ts';
import { word } from '../translations.ts';
import { textButton } from '../workbench/controls.ts';
import type { Panel, Workbench } from '../workbench/workbench.ts';
import { type NextBeat, nextBeatToLabel } from './next-beat.ts';

export function showNextBeat(host: HTMLElement, workbench: Workbench): Panel {
  const { recording, selection } = workbench;
  const told = element('p', { class: 'says', id: 'next-beat', 'aria-live': 'polite' });
  const find = (): NextBeat | undefined =>
    recording.beats &&
    nextBeatToLabel(recording.beatMarks(), recording.beats, recording.modelClasses, symbol =>
      aamiClass(symbol),
    );
  const go = textButton(word('nextBeatGo'), () => {
    const next = find();
    if (next) workbench.goTo(next.mark);
  });
  const refresh = (): void => {
    const next = find();
    go.disabled = next === undefined;
    told.textContent =
      next === undefined
        ? word('nextBeatNone')
        : word(next.reason === 'uncertain' ? 'nextBeatUncertain' : 'nextBeatContradicted', {
            time: decimals(next.mark.sample / recording.summary.frameFrequency, 2),
            class: next.predicted,
            symbol: next.mark.symbol,
            p: probabilityText(next.probability),
          });
  };
  host.append(section('next', word('nextBeatTitle'), told, element('div', { class: 'row' }, go)));
  refresh();
  const stop = selection.follow((now, before) => {
    if (now.revision !== before.revision) refresh();
  });
  return { destroy: stop };
}
