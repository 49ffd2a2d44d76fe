/** The export menu: picture, samples, beats, link, print. */

import { createSvgContext } from '../../figure/svg-context.ts';
import { element } from '../element.ts';
import { errorText } from '../error-text.ts';
import { word } from '../translations.ts';
import { textButton } from '../workbench/controls.ts';
import type { OpenRecording } from '../workbench/recording-interface.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { beatsCsv, cell } from './beats-csv.ts';
import { downloadFile } from './download.ts';
import { panelPicture } from './panel-picture.ts';

export function exportMenu(workbench: Workbench): HTMLElement {
  const { recording, trace, status, settings } = workbench;
  const name = recording.summary.record.replace(/[^\w.-]+/g, '_');
  const menu = element('details', { class: 'control menu' }, element('summary', {}, word('export')));
  const item = (label: string, run: () => void): HTMLButtonElement =>
    textButton(label, () => {
      menu.removeAttribute('open');
      run();
    });
  const picture = (): void => {
    const { width, height } = trace.size;
    const { pen, document: svg } = createSvgContext(width, height);
    trace.paintTo(pen, width, height);
    downloadFile(`${name}.svg`, new Blob([svg()], { type: 'image/svg+xml' }));
  };
  const pixels = (): void => {
    const canvas = document.querySelector<HTMLCanvasElement>('.trace-picture')!;
    canvas.toBlob(blob => blob && downloadFile(`${name}.png`, blob), 'image/png');
  };
  const panel = (): void => {
    const plots = panelPicture(document.getElementById('side')!);
    if (plots === undefined) status.tell(word('noPanelPlots'));
    else plots.toBlob(blob => blob && downloadFile(`${name}-${settings.value.view}.png`, blob), 'image/png');
  };
  const samples = (): void => {
    const text = samplesCsv(recording, settings.value);
    if (text === undefined) status.complain(word('samplesNotRead'));
    else downloadFile(`${name}.csv`, new Blob([text], { type: 'text/csv' }));
  };
  const beats = (): void => {
    if (recording.beats === undefined) {
      status.tell(word('noBeatsYet'));
      return;
    }
    const symbols = recording.beatMarks().map(mark => mark?.symbol ?? '');
    downloadFile(
      `${name}-beats.csv`,
      new Blob([beatsCsv(recording.beats, symbols, recording.provenance)], { type: 'text/csv' }),
    );
  };
  const link = async (): Promise<void> => {
    await navigator.clipboard.writeText(location.href);
    status.tell(word('copied'));
  };
  menu.append(
    element(
      'div',
      { class: 'menu-list' },
      item(word('asSvg'), picture),
      item(word('asPng'), pixels),
      item(word('panelPng'), panel),
      item(word('asCsv'), samples),
      item(word('beatsCsv'), beats),
      item(word('copyLink'), () => void link().catch((error: Error) => status.complain(errorText(error)))),
      item(word('print'), () => print()),
    ),
  );
  return menu;
}

/** The samples in view as CSV, as drawn, one column per lead; undefined while they are being read. */
function samplesCsv(
  { signals, timeline }: OpenRecording,
  processing: { readonly scheme: string; readonly filter: 'none' | string },
): string | undefined {
  const rate = signals.samplingFrequency;
  const [from, to] = [
    Math.ceil(timeline.span.startSeconds * rate),
    Math.floor(timeline.span.endSeconds * rate),
  ];
  const curves = signals.leads.map((_, lead) =>
    signals.curve('voltage', lead, from, to, processing as never),
  );
  if (curves.some(curve => curve === undefined)) return undefined;
  const lines = [
    ['time (s)', ...signals.leads.map(({ name, units }) => cell(`${name} (${units})`))].join(','),
  ];
  for (let sample = from; sample < to; sample++) {
    const values = curves.map(curve => {
      const value = curve!.values[sample - curve!.from] ?? Number.NaN;
      return Number.isFinite(value) ? String(Number(value.toFixed(6))) : '';
    });
    lines.push([String(Number((sample / rate).toFixed(6))), ...values].join(','));
  }
  return `${lines.join('\n')}\n`;
}
