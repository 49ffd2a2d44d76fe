/** The trace area, which is always visible: trace and dV/dt, overview and readouts. */

import { isBeat } from '../../wfdb/annotations/symbols.ts';
import { everySoOften } from '../animation-frame.ts';
import { type Mark, nearestMark } from '../annotate/mark-document.ts';
import { symbolColour } from '../annotate/mark-style.ts';
import { element } from '../element.ts';
import { colour } from '../palette.ts';
import { spanLegend } from '../span-strip.ts';
import { centredOn, durationOf, type Timeline } from '../timeline.ts';
import { layoutOf } from '../trace/lead-layout.ts';
import { type OverviewContent, showOverview } from '../trace/overview-strip.ts';
import { secondsAtSpeed, type TraceScene } from '../trace/trace-scene.ts';
import { showTrace, type TraceView } from '../trace/trace-view.ts';
import { word } from '../translations.ts';
import { toggleButton } from './controls.ts';
import { caliperText, readoutText } from './readout-text.ts';
import type { OpenRecording } from './recording-interface.ts';
import { pixelsPerMillimetre } from './screen-calibration.ts';
import type { Observed, Settings } from './settings.ts';
import { timeTextOf } from './time-format.ts';
import { movingToolbar, shownLeads, traceToolbar } from './trace-toolbar.ts';
import type { Panel, Selection } from './workbench.ts';

export interface TraceArea extends Panel {
  readonly host: HTMLElement;
  readonly trace: TraceView;
  redraw(): void;
}

/** Distance within which a press selects a mark, px. */
const reach = 30;

/** How long the analysis rests after the window has moved, so that panning is smooth on few cores; ms. */
const restMs = 200;

/** What the trace area shows, and its settings. */
interface TraceAreaState {
  readonly recording: OpenRecording;
  readonly settings: Observed<Settings>;
  readonly selection: Observed<Selection>;
  /** CSS pixels per millimetre of the screen. */
  millimetre: number;
  /** The marks of the selected beats, and what they were computed from. */
  chosen:
    | {
        readonly beats: ReadonlySet<number>;
        readonly all: readonly (Mark | undefined)[];
        readonly marks: ReadonlySet<Mark>;
      }
    | undefined;
}

export function traceArea(
  recording: OpenRecording,
  settings: Observed<Settings>,
  selection: Observed<Selection>,
): TraceArea {
  const millimetre = pixelsPerMillimetre();
  const state: TraceAreaState = { recording, settings, selection, millimetre, chosen: undefined };
  const { timeline, summary } = recording;
  const parts = traceParts(state);
  const { traceHost } = parts;
  const trace = showTrace(traceHost, {
    timeline,
    scene: () => sceneOf(state),
    canZoom: () => settings.value.speed === 0,
    isMeasuring: () => parts.caliperButton.getAttribute('aria-pressed') === 'true',
    onReadout: at => {
      parts.readout.textContent = at ? readoutText(at) : word('noCursor');
    },
    onPress: time => {
      traceHost.focus({ preventScroll: true });
      selectMarkAt(state, time, traceHost.clientWidth);
    },
    onCaliper: reading => {
      parts.caliper.textContent = reading ? caliperText(reading) : '';
    },
  });
  const overview = showOverview(parts.overviewHost, timeline, () => overviewOf(state));
  const keepSpeed = (): void => keepPaperSpeed(state, traceHost.clientWidth);
  parts.tellSpan();
  parts.tellSpans();
  const resizing = new ResizeObserver(keepSpeed);
  resizing.observe(traceHost);
  const stops = [
    timeline.follow(everySoOften(parts.tellSpan, 150)),
    timeline.follow(everySoOften(() => recording.rest(restMs), restMs / 2)),
    settings.follow((now, before) => {
      state.millimetre = pixelsPerMillimetre();
      if (now.layout !== before.layout || now.lead !== before.lead || now.shown !== before.shown) {
        parts.refreshToolbar();
      }
      keepSpeed();
      parts.tellSpan();
      trace.redraw();
      if (now.lead !== before.lead) overview.redraw();
    }),
    selection.follow((now, before) => {
      if (now.revision === before.revision) {
        trace.update();
        if (now.beats !== before.beats) overview.redraw();
      } else {
        trace.redraw();
        overview.redraw();
        parts.tellSpans();
      }
      if (now.mark && now.mark !== before.mark) {
        bringIntoView(timeline, now.mark.sample / summary.frameFrequency);
      }
    }),
  ];
  return {
    host: parts.host,
    trace,
    redraw() {
      trace.redraw();
      overview.redraw();
    },
    destroy() {
      for (const stop of stops) stop();
      parts.stop();
      resizing.disconnect();
      trace.destroy();
      overview.destroy();
    },
  };
}

/** The elements of the trace area. */
function traceParts({ recording, settings }: TraceAreaState) {
  const { timeline, summary } = recording;
  const traceHost = element('div', {
    class: 'trace',
    tabindex: '0',
    role: 'application',
    'aria-label': word('traceLabel', { record: summary.record }),
  });
  const overviewHost = element('div', {
    class: 'overview',
    role: 'img',
    'aria-label': word('overviewLabel'),
  });
  const readout = element(
    'output',
    { class: 'readout', id: 'readout', 'aria-label': word('trace') },
    word('noCursor'),
  );
  const caliper = element('output', { class: 'readout', id: 'caliper', 'aria-label': word('caliper') });
  const spanText = element('output', { class: 'span', id: 'time-span' });
  const caliperButton = toggleButton(word('caliper'), word('caliperHint'));
  const legend = element('div', { class: 'legend' });
  // On a narrow screen the settings are collapsed.
  const toolbarHost = element('details', { class: 'settings' });
  const narrow = matchMedia('(max-width: 600px)');
  const fold = (): void => {
    toolbarHost.open = !narrow.matches;
  };
  fold();
  narrow.addEventListener('change', fold);
  const showToolbar = (): void =>
    toolbarHost.replaceChildren(element('summary', {}, word('settings')), traceToolbar(recording, settings));
  showToolbar();
  const host = element(
    'section',
    { class: 'trace-part', 'aria-label': word('trace') },
    toolbarHost,
    movingToolbar(timeline, spanText, caliperButton, readout, caliper),
    traceHost,
    overviewHost,
    legend,
  );
  return {
    host,
    traceHost,
    overviewHost,
    stop: () => narrow.removeEventListener('change', fold),
    readout,
    caliper,
    caliperButton,
    /** Rebuilds the settings, unless one of the menus is open. */
    refreshToolbar() {
      if (!toolbarHost.querySelector('.menu[open]')) showToolbar();
    },
    /** Shows which kinds of span there are. */
    tellSpans: () => legend.replaceChildren(spanLegend(recording.spans())),
    /** Shows the start and end time of the visible span. */
    tellSpan() {
      const text = timeTextOf(settings.value.isClock ? summary.baseTime : undefined);
      spanText.textContent = `${text(timeline.span.startSeconds, 0.1)} – ${text(timeline.span.endSeconds, 0.1)}`;
    },
  };
}

/** The current contents of the trace; requests the waves of the visible beats. */
function sceneOf(state: TraceAreaState): TraceScene {
  const { recording, settings, selection, millimetre } = state;
  const { summary, timeline, document: marks } = recording;
  const { layout, lead, scheme, filter, gain, speed, isClock } = settings.value;
  const { startSeconds: from, endSeconds: to } = timeline.span;
  const names = summary.leads.map(({ name }) => name);
  const measured = Math.min(lead, names.length - 1);
  recording.askForWaves(measured, from, to);
  return {
    signals: recording.signals,
    startSeconds: from,
    endSeconds: to,
    layout: layoutOf(layout, names, shownLeads(settings.value, names.length)),
    processing: { scheme, filter },
    slopeLead: measured,
    pixelsPerMillivolt: gain === 0 ? undefined : gain * millimetre,
    pixelsPerSecond: speed === 0 ? undefined : speed * millimetre,
    hasCalibration: speed !== 0 && gain !== 0,
    spans: recording.spans(),
    annotators: [
      { name: recording.annotator || word('proposed'), marks: marks.marks },
      ...[...recording.others].slice(0, 2).map(([name, list]) => ({
        name: name || word('proposed'),
        marks: list,
      })),
    ],
    frameFrequency: summary.frameFrequency,
    beats: recording.beats,
    errors: recording.errors,
    noiseAt: recording.noiseAt,
    waves: recording.waves,
    selected: selection.value.mark,
    chosen: chosenMarks(state),
    timeText: timeTextOf(isClock ? summary.baseTime : undefined),
    words: {
      loading: word('loading'),
      noSamples: word('noSamples'),
      slope: word('slope'),
      zoomForSlope: word('zoomForSlope'),
    },
  };
}

/** The marks of the selected beats; computed again when the selection or the marks have changed. */
function chosenMarks(state: TraceAreaState): ReadonlySet<Mark> {
  const { beats } = state.selection.value;
  const all = state.recording.beatMarks();
  if (state.chosen?.beats !== beats || state.chosen.all !== all) {
    const marks = new Set([...beats].flatMap(beat => all[beat] ?? []));
    state.chosen = { beats, all, marks };
  }
  return state.chosen.marks;
}

/** Selects the mark near a pressed time, s; beats take precedence over other marks. */
function selectMarkAt({ recording, selection }: TraceAreaState, time: number, width: number): void {
  const { timeline, summary, document: marks } = recording;
  const perPixel = durationOf(timeline.span) / Math.max(1, width);
  const frame = Math.round(time * summary.frameFrequency);
  const within = Math.ceil(reach * perPixel * summary.frameFrequency);
  const mark =
    nearestMark(marks.marks, frame, within, ({ symbol }) => isBeat(symbol)) ??
    nearestMark(marks.marks, frame, within);
  selection.change({ mark });
}

const overviewOf = ({ recording, settings, selection }: TraceAreaState): OverviewContent => ({
  signals: recording.signals,
  lead: Math.min(settings.value.lead, recording.summary.leads.length - 1),
  beats: recording.beats,
  spans: recording.spans(),
  colourOf: beat => {
    if (selection.value.beats.has(beat)) return colour('tangent');
    const mark = recording.beatMarks()[beat];
    return mark && mark.symbol !== 'N' ? colour(symbolColour(mark.symbol)) : undefined;
  },
});

/** Adjusts the visible span to the paper speed, if one is set, for a trace `width` CSS pixels wide. */
function keepPaperSpeed({ recording, settings, millimetre }: TraceAreaState, width: number): void {
  const { speed, gain } = settings.value;
  if (speed === 0) return;
  const { timeline } = recording;
  const seconds = secondsAtSpeed(width, speed * millimetre, gain !== 0);
  const { span } = timeline;
  if (Math.abs(durationOf(span) - seconds) > 1e-6) {
    timeline.show({ startSeconds: span.startSeconds, endSeconds: span.startSeconds + seconds });
  }
}

/** Centres the visible span on a time, s, that is outside the span or near its ends. */
function bringIntoView(timeline: Timeline, time: number): void {
  const { span } = timeline;
  const margin = 0.12 * durationOf(span);
  if (time < span.startSeconds + margin || time > span.endSeconds - margin)
    timeline.show(centredOn(span, time));
}
