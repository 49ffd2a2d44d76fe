/** The workbench: header, the open recording, and the panel next to the trace. */

import type { Mark } from '../annotate/mark-document.ts';
import { errorText, openErrorText } from '../error-text.ts';
import { followDrops } from '../open/follow-drops.ts';
import { lastFiles } from '../open/recent-files.ts';
import { isTableInput, type RecordingInput } from '../open/recording-input.ts';
import { showTableDialog } from '../open/table-dialog.ts';
import { centredOn } from '../timeline.ts';
import { setLanguage, word } from '../translations.ts';
import { textButton } from './controls.ts';
import { showFaults } from './file-faults-list.ts';
import { headerButtons, keptLanguage } from './header-buttons.ts';
import { followKeys, showKeySheet } from './keyboard.ts';
import { actionsOf } from './keyboard-actions.ts';
import { openFiles, showOpenDialog } from './open-dialog.ts';
import { createPageFrame, type PageFrame } from './page-frame.ts';
import { panelOf } from './panels.ts';
import { fileNameOf, inputOf, recordAddress, type Wanted, wantedOf } from './record-address.ts';
import { openOnPage } from './recording.ts';
import { countRevision, recordingEvents } from './recording-events.ts';
import type { OpenRecording } from './recording-interface.ts';
import {
  type Address,
  formatAddress,
  type Observed,
  observed,
  parseAddress,
  possibleScheme,
  type Settings,
} from './settings.ts';
import { createStatus, type Status } from './status-line.ts';
import { type TraceArea, traceArea } from './trace-area.ts';
import type { Panel, Selection, Workbench } from './workbench.ts';
import { startWorkers, type Workers } from './workers.ts';

/** URL of the bundled model. */
const modelUrl = 'samples/model-ds1-without-208.json';
/** Delay after the last change until the address is written, ms. */
const addressDelay = 250;

interface App {
  readonly settings: Observed<Settings>;
  readonly selection: Observed<Selection>;
  readonly status: Status;
  readonly frame: PageFrame;
  /** Undefined until a recording is open. */
  workbench: Workbench | undefined;
  trace: TraceArea | undefined;
  panel: Panel | undefined;
  /** Functions that end the subscriptions of the page's parts. */
  readonly stops: (() => void)[];
  /** Number of recordings requested so far; only the last request is shown. */
  attempt: number;
  addressTimer: ReturnType<typeof setTimeout> | undefined;
}

export function startApp(page: HTMLElement, address: Address): void {
  const settings = observed<Settings>(address.settings);
  const status = createStatus();
  const app: App = {
    settings,
    selection: observed<Selection>({ mark: undefined, beats: new Set(), isReviewing: false, revision: 0 }),
    status,
    frame: createPageFrame(page, status.host, view => settings.change({ view })),
    workbench: undefined,
    trace: undefined,
    panel: undefined,
    stops: [],
    attempt: 0,
    addressTimer: undefined,
  };
  settings.follow((now, before) => {
    if (now.view !== before.view) showPanel(app);
    // Slopes in the table and on the trace are of the scheme and lead that are shown.
    if ((now.lead !== before.lead || now.scheme !== before.scheme) && app.workbench) {
      app.workbench.recording
        .measure(now.lead, now.scheme)
        .catch((error: Error) => status.complain(errorText(error)));
    }
    writeAddress(app);
  });
  followLanguage(app);
  followAddress(app);
  followDrops(() => openActions(app));
  app.frame.tools.replaceChildren(textButton(word('open'), () => showOpenDialog(openActions(app))));
  openAddress(app, address, wantedOf(address));
}

/** Opens the record of an address. */
function openAddress(app: App, { record }: Address, wanted: Wanted): void {
  const name = fileNameOf(record);
  if (name === undefined) void open(app, inputOf(record), wanted);
  else void reopen(app, name, wanted);
}

/** Opens the files that were open before a reload, or shows that they must be chosen again. */
async function reopen(app: App, name: string, wanted: Wanted): Promise<void> {
  const actions = { ...openActions(app, wanted), wanted: name };
  const files = await lastFiles(false).catch(() => undefined);
  if (files !== undefined) return openFiles(files, actions);
  await open(app, inputOf(undefined));
  app.status.complain(word('chooseAgain', { record: name }));
  showOpenDialog(actions);
}

const openActions = (app: App, wanted: Wanted = {}) => ({
  open: (input: RecordingInput) => void open(app, input, wanted),
  complain: app.status.complain,
});

/** Opens a recording in place of the current one, which stays open when this fails. */
async function open(app: App, input: RecordingInput, wanted: Wanted = {}): Promise<void> {
  const { settings, status } = app;
  const attempt = ++app.attempt;
  status.tell(word('opening', { record: input.record }));
  const workers = startWorkers();
  const abandon = (): void => {
    app.attempt++;
    workers.stop();
    status.progress('openingFile', 1);
    status.tell('');
  };
  status.progress('openingFile', 1);
  status.progress('openingFile', Number.NaN, abandon);
  let recording: OpenRecording;
  try {
    recording = await openOnPage(workers, input, app.frame.work.clientWidth, recordingEvents(app, input));
  } catch (error) {
    workers.stop();
    if (attempt !== app.attempt) return;
    status.progress('openingFile', 1);
    const reason = openErrorText(error, input);
    status.complain(reason);
    if (await isTableInput(input)) showTableDialog(input, reason, openActions(app, wanted).open);
    return;
  }
  if (attempt !== app.attempt) return workers.stop();
  status.progress('openingFile', 1);
  close(app);
  app.workbench = undefined;
  const asked = wanted.settings ?? settings.value;
  const scheme = possibleScheme(asked.scheme, recording.summary.samplingFrequency);
  const lead = wanted.lead ?? usualLead(recording);
  // Only now: what is wanted of this record need not be possible for the one before.
  settings.change({ ...asked, scheme, lead });
  show(app, recording, workers);
  if (wanted.from !== undefined) {
    const { bounds } = recording.timeline;
    recording.timeline.show({
      startSeconds: wanted.from,
      endSeconds: wanted.to ?? Math.min(bounds.endSeconds, wanted.from + 10),
    });
  }
  writeAddressNow(app);
  status.tell(word('opened', { record: input.record }));
  performance.mark('upstroke-opened');
  try {
    const model = await fetch(modelUrl);
    if (model.ok) await workers.analysis.call.useModel(await model.text());
    const lead = Math.min(settings.value.lead, recording.summary.leads.length - 1);
    await recording.start(lead, settings.value.scheme);
    performance.mark('upstroke-measured');
  } catch (error) {
    if (attempt === app.attempt) {
      status.complain(word('cannotMeasure', { reason: errorText(error) }));
    }
  }
}

/** The lead that is measured at first, as by the commands: MLII, II, or the first voltage whose file is there. */
function usualLead({ summary, faults }: OpenRecording): number {
  const absent = new Set(faults.flatMap(({ leads }) => leads ?? []));
  const isGood = summary.leads.map(({ name, units }) => units === 'mV' && !absent.has(name));
  const named = (wanted: string): number =>
    summary.leads.findIndex(({ name }, k) => isGood[k] && name.toUpperCase() === wanted);
  return [named('MLII'), named('II'), isGood.indexOf(true)].find(lead => lead >= 0) ?? 0;
}

/** Destroys the parts of the page that show the recording. */
function takeDown(app: App): void {
  app.panel?.destroy();
  app.trace?.destroy();
  for (const stop of app.stops.splice(0)) stop();
}

function close(app: App): void {
  takeDown(app);
  app.workbench?.workers.stop();
  for (const task of ['surveying', 'measuring', 'estimating'] as const) app.status.progress(task, 1);
  app.selection.change({ mark: undefined, beats: new Set(), isReviewing: false });
}

/** Shows a recording: its name, the trace, and the panel of the current view. */
function show(app: App, recording: OpenRecording, workers: Workers): void {
  const { settings, selection, status, frame } = app;
  const { summary, timeline } = recording;
  frame.describe(summary, () => showTableDialog(recording.input, undefined, openActions(app).open));
  showFaults(frame.faults, recording);
  const area = traceArea(recording, settings, selection);
  app.trace?.host.remove();
  app.trace = area;
  frame.work.prepend(area.host);
  const workbench: Workbench = {
    recording,
    workers,
    settings,
    selection,
    status,
    trace: area.trace,
    template: { symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' },
    goTo(mark: Mark) {
      selection.change({ mark });
      const time = mark.sample / summary.frameFrequency;
      if (time < timeline.span.startSeconds || time > timeline.span.endSeconds)
        timeline.show(centredOn(timeline.span, time));
    },
  };
  app.workbench = workbench;
  app.stops.push(
    followKeys(actionsOf(workbench)),
    timeline.follow(() => writeAddress(app)),
    recording.document.follow(() => countRevision(app)),
  );
  frame.tools.replaceChildren(
    ...headerButtons(
      workbench,
      () => showOpenDialog(openActions(app)),
      () => showKeySheet(actionsOf(workbench)),
    ),
  );
  showPanel(app);
  writeAddress(app);
}

function showPanel(app: App): void {
  if (app.workbench === undefined) return;
  const { view } = app.settings.value;
  app.panel?.destroy();
  app.frame.side.replaceChildren();
  app.frame.markTab(view);
  app.panel = panelOf(view, app.frame.side, app.workbench);
}

/** Rebuilds everything that contains text when the language changes; the recording stays open. */
function followLanguage(app: App): void {
  addEventListener('upstroke-language', () => {
    setLanguage(keptLanguage());
    document.documentElement.lang = keptLanguage();
    app.frame.translate();
    if (app.workbench === undefined) return;
    takeDown(app);
    show(app, app.workbench.recording, app.workbench.workers);
  });
}

/** Opens the recording that the address names when the address changes while the page is open. */
function followAddress(app: App): void {
  addEventListener('hashchange', () => {
    const wanted = parseAddress(location.hash);
    const recording = app.workbench?.recording;
    if (wanted.record !== undefined && (!recording || wanted.record !== recordAddress(recording.input))) {
      openAddress(app, wanted, { ...wantedOf(wanted), settings: wanted.settings });
      return;
    }
    // The span first: a view that opens with a beat takes one that is in view.
    if (recording && wanted.from !== undefined) {
      recording.timeline.show({ startSeconds: wanted.from, endSeconds: wanted.to ?? wanted.from + 10 });
    }
    const { lead } = wanted.isLeadGiven ? wanted.settings : app.settings.value;
    app.settings.change({ ...wanted.settings, lead });
  });
}

/** Writes record, span and settings to the address some time after the last change. */
function writeAddress(app: App): void {
  clearTimeout(app.addressTimer);
  app.addressTimer = setTimeout(() => writeAddressNow(app), addressDelay);
}

function writeAddressNow(app: App): void {
  clearTimeout(app.addressTimer);
  if (app.workbench === undefined) return;
  const { input, timeline } = app.workbench.recording;
  const text = formatAddress({
    record: recordAddress(input),
    from: timeline.span.startSeconds,
    to: timeline.span.endSeconds,
    settings: app.settings.value,
    isLeadGiven: true,
  });
  history.replaceState(null, '', `#${text}`);
}
