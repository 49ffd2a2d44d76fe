/** The workbench: header, the open recording, and the panel next to the trace. */

import type { Mark } from '../annotate/mark-document.ts';
import { element } from '../element.ts';
import { duration, significant } from '../number-format.ts';
import { droppedFiles } from '../open/dropped-files.ts';
import type { RecordingInput } from '../open/recording-input.ts';
import { centredOn } from '../timeline.ts';
import { setLanguage, word } from '../translations.ts';
import { CallError } from '../worker/remote-calls.ts';
import { textButton } from './controls.ts';
import { headerButtons, keptLanguage } from './header-buttons.ts';
import { followKeys, showKeySheet } from './keyboard.ts';
import { actionsOf } from './keyboard-actions.ts';
import { openFiles, sampleInput, showOpenDialog } from './open-dialog.ts';
import { panelOf } from './panels.ts';
import { openOnPage } from './recording.ts';
import type { OpenRecording } from './recording-interface.ts';
import {
  type Address,
  formatAddress,
  observed,
  parseAddress,
  type Settings,
  type ViewName,
  viewNames,
} from './settings.ts';
import { createStatus } from './status-line.ts';
import { traceArea } from './trace-area.ts';
import type { Panel, Selection, Workbench } from './workbench.ts';
import { startWorkers, type Workers } from './workers.ts';

/** URL of the bundled model. */
const modelUrl = 'samples/model-ds1-without-208.json';

export function startApp(page: HTMLElement, address: Address): void {
  const settings = observed<Settings>(address.settings);
  const selection = observed<Selection>({
    mark: undefined,
    beats: new Set(),
    isReviewing: false,
    revision: 0,
  });
  const status = createStatus();
  const title = element('h1', {});
  const facts = element('p', { class: 'record-facts' });
  const tabs = element('nav', { 'aria-label': word('views') });
  const tools = element('div', { class: 'tools' });
  const notice = element('p', { class: 'notice' }, word('researchOnly'));
  const side = element('aside', { class: 'side', id: 'side' });
  const work = element('main', { class: 'work' }, side);
  page.replaceChildren(
    element('header', { class: 'top-bar' }, element('div', { class: 'names' }, title, facts), tabs, tools),
    work,
    element('footer', { class: 'foot' }, notice, status.host),
  );

  let workbench: Workbench | undefined;
  let workers: Workers | undefined;
  let part: (Panel & { redraw(): void; host: HTMLElement }) | undefined;
  let panel: Panel | undefined;
  /** Functions that end the subscriptions of the page's parts. */
  const stops: (() => void)[] = [];
  let attempt = 0;

  const open = async (input: RecordingInput, span?: { from?: number; to?: number }): Promise<void> => {
    const mine = ++attempt;
    status.tell(word('opening', { record: input.record }));
    const started = startWorkers();
    let recording: OpenRecording;
    try {
      recording = await openOnPage(started, input, work.clientWidth, {
        onSamples: () => workbench?.trace.redraw(),
        onBeats: () => selection.change({ revision: selection.value.revision + 1 }),
        onError: error =>
          status.complain(word('cannotOpen', { record: input.record, reason: error.message })),
        onProgress: (task, share) => status.progress(task, share),
        onRestored: count => status.tell(word('restored', { count })),
      });
    } catch (error) {
      started.stop();
      if (mine === attempt) status.complain(reasonOf(error, input));
      return;
    }
    if (mine !== attempt) return started.stop();
    close();
    workers = started;
    show(recording, started);
    const { bounds } = recording.timeline;
    if (span?.from !== undefined) {
      recording.timeline.show({ from: span.from, to: span.to ?? Math.min(bounds.to, span.from + 10) });
    }
    status.tell(word('opened', { record: input.record }));
    performance.mark('upstroke-opened');
    try {
      const model = await fetch(modelUrl);
      if (model.ok) await started.analysis.call.useModel(await model.text());
      await recording.start(
        Math.min(settings.value.lead, recording.summary.leads.length - 1),
        settings.value.scheme,
      );
      performance.mark('upstroke-measured');
    } catch (error) {
      if (mine === attempt) status.complain(reasonOf(error, input));
    }
  };

  const takeDown = (): void => {
    panel?.destroy();
    part?.destroy();
    for (const stop of stops.splice(0)) stop();
  };
  const close = (): void => {
    takeDown();
    workers?.stop();
    status.progress('surveying', 1);
    status.progress('measuring', 1);
    selection.change({ mark: undefined, beats: new Set(), isReviewing: false });
  };

  const show = (recording: OpenRecording, started: Workers): void => {
    const { summary, timeline } = recording;
    title.textContent = summary.record;
    document.title = `${summary.record} · upstroke`;
    facts.textContent = [
      summary.leads
        .map(({ name }) => name)
        .slice(0, 12)
        .join(' '),
      `${significant(summary.samplingFrequency)} Hz`,
      duration(summary.length / summary.samplingFrequency),
      ...summary.notes.slice(0, 2),
    ].join(' · ');
    const made = traceArea(recording, settings, selection);
    part?.host.remove();
    part = made;
    work.prepend(made.host);
    const bench: Workbench = {
      recording,
      workers: started,
      settings,
      selection,
      status,
      trace: made.trace,
      template: { symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' },
      goTo(mark: Mark) {
        selection.change({ mark });
        const time = mark.sample / summary.frameFrequency;
        if (time < timeline.span.from || time > timeline.span.to)
          timeline.show(centredOn(timeline.span, time));
      },
    };
    workbench = bench;
    stops.push(
      followKeys(actionsOf(bench)),
      timeline.follow(() => writeAddress()),
      recording.document.follow(() => selection.change({ revision: selection.value.revision + 1 })),
    );
    tools.replaceChildren(
      ...headerButtons(
        bench,
        () => showOpenDialog(openActions),
        () => showKeySheet(actionsOf(bench)),
      ),
    );
    showPanel();
  };

  const showPanel = (): void => {
    if (workbench === undefined) return;
    const { view } = settings.value;
    panel?.destroy();
    side.replaceChildren();
    work.dataset.view = view;
    side.setAttribute('aria-label', word(view));
    panel = panelOf(view, side, workbench);
    for (const tab of tabs.querySelectorAll('button')) {
      if (tab.dataset.view === view) tab.setAttribute('aria-current', 'page');
      else tab.removeAttribute('aria-current');
    }
  };
  const showTabs = (): void =>
    tabs.replaceChildren(...viewNames.map(name => viewTab(name, () => settings.change({ view: name }))));
  showTabs();
  // A change of language rebuilds everything that contains text around the same recording.
  addEventListener('upstroke-language', () => {
    setLanguage(keptLanguage());
    document.documentElement.lang = keptLanguage();
    notice.textContent = word('researchOnly');
    tabs.setAttribute('aria-label', word('views'));
    showTabs();
    if (workbench === undefined || workers === undefined) return;
    takeDown();
    show(workbench.recording, workers);
  });

  let isWriting: ReturnType<typeof setTimeout> | undefined;
  const writeAddress = (): void => {
    clearTimeout(isWriting);
    isWriting = setTimeout(() => {
      if (workbench === undefined) return;
      const { input, timeline } = workbench.recording;
      const text = formatAddress({
        record: recordAddress(input),
        ...timeline.span,
        settings: settings.value,
      });
      history.replaceState(null, '', `#${text}`);
    }, 250);
  };
  settings.follow((now, before) => {
    if (now.view !== before.view) showPanel();
    if (now.lead !== before.lead && workbench) {
      void workbench.recording
        .measure(now.lead, now.scheme)
        .catch((error: Error) => status.complain(error.message));
    }
    writeAddress();
  });

  // The address was changed while the page is open.
  addEventListener('hashchange', () => {
    const wanted = parseAddress(location.hash);
    settings.change(wanted.settings);
    const { recording } = workbench ?? {};
    if (wanted.record !== undefined && (!recording || wanted.record !== recordAddress(recording.input))) {
      void open(inputOf(wanted.record), spanOf(wanted));
    } else if (recording && wanted.from !== undefined) {
      recording.timeline.show({ from: wanted.from, to: wanted.to ?? wanted.from + 10 });
    }
  });
  const openActions = { open: (input: RecordingInput) => void open(input), complain: status.complain };
  addEventListener('dragover', event => event.preventDefault());
  addEventListener('drop', event => {
    event.preventDefault();
    if (!event.dataTransfer) return;
    for (const made of document.querySelectorAll('dialog')) made.close();
    droppedFiles(event.dataTransfer).then(
      files => void openFiles(files, openActions),
      (error: Error) => status.complain(error.message),
    );
  });
  tools.replaceChildren(textButton(word('open'), () => showOpenDialog(openActions)));
  void open(inputOf(address.record), spanOf(address));
}

const spanOf = ({ from, to }: Address): { readonly from?: number; readonly to?: number } => ({
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

function viewTab(name: ViewName, onPress: () => void): HTMLButtonElement {
  const tab = textButton(word(name), onPress);
  tab.dataset.view = name;
  return tab;
}

/** The record named by an address: a URL, or a bundled sample. */
function inputOf(record: string | undefined): RecordingInput {
  if (record === undefined || record.startsWith('file:')) return sampleInput('mitdb-208-excerpt');
  if (!/^https?:/.test(record)) return sampleInput(record.replace(/^samples\//, ''));
  const base = record.slice(0, record.lastIndexOf('/') + 1);
  return { kind: 'url', base, record: record.slice(base.length) };
}

/** The name of a record in an address; for files only their name is available. */
export function recordAddress(input: RecordingInput): string {
  if (input.kind === 'files') return `file:${input.record}`;
  const samples = new URL('samples/', document.baseURI).href;
  const whole = input.base + input.record;
  return whole.startsWith(samples) ? whole.slice(samples.length) : whole;
}

/** The reason why a recording could not be opened, and what to do. */
function reasonOf(error: unknown, input: RecordingInput): string {
  if (error instanceof CallError && error.detail.code === 'not-found' && input.kind === 'files') {
    return word('missingFile', { file: error.detail.file ?? '', record: input.record });
  }
  return word('cannotOpen', { record: input.record, reason: (error as Error).message });
}
