/** The trace area, which is always visible: trace and dV/dt, overview, and readouts. */

import { isBeat } from '../../wfdb/annotations/symbols.ts';
import { nearestMark } from '../annotate/mark-document.ts';
import { symbolColour } from '../annotate/mark-style.ts';
import { button, element } from '../element.ts';
import { decimals } from '../number-format.ts';
import { colour } from '../palette.ts';
import { centredOn, durationOf, panned, type TimeSpan, zoomed } from '../timeline.ts';
import type { CaliperReading } from '../trace/caliper.ts';
import { layoutOf } from '../trace/lead-layout.ts';
import { showOverview } from '../trace/overview-strip.ts';
import type { TraceScene } from '../trace/trace-scene.ts';
import { type Readout, showTrace, type TraceView } from '../trace/trace-view.ts';
import { word } from '../translations.ts';
import type { OpenRecording } from './recording-interface.ts';
import { pixelsPerMillimetre } from './screen-calibration.ts';
import type { Observed, Settings } from './settings.ts';
import { timeTextOf } from './time-format.ts';
import { shownLeads, traceToolbar } from './trace-toolbar.ts';
import type { Panel, Selection } from './workbench.ts';

export interface TraceArea extends Panel {
  readonly host: HTMLElement;
  readonly trace: TraceView;
  redraw(): void;
}

/** Distance within which a press selects a mark, px. */
const reach = 30;

export function traceArea(
  recording: OpenRecording,
  settings: Observed<Settings>,
  selection: Observed<Selection>,
): TraceArea {
  const { timeline, summary, document: marks } = recording;
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
  // On a narrow screen the settings are collapsed.
  const toolbarHost = element('details', { class: 'settings' });
  toolbarHost.open = !matchMedia('(max-width: 600px)').matches;
  const moving = element(
    'div',
    { class: 'moving', role: 'toolbar', 'aria-label': word('trace') },
    button('←', word('earlier'), () => timeline.show(panned(timeline.span, -0.5))),
    spanText,
    button('→', word('later'), () => timeline.show(panned(timeline.span, 0.5))),
    button('−', word('zoomOut'), () => timeline.show(zoomed(timeline.span, 2))),
    button('+', word('zoomIn'), () => timeline.show(zoomed(timeline.span, 0.5))),
    button(word('whole'), word('whole'), () => timeline.show(timeline.bounds)),
    readout,
    caliper,
  );
  const host = element(
    'section',
    { class: 'trace-part', 'aria-label': word('trace') },
    toolbarHost,
    moving,
    traceHost,
    overviewHost,
  );

  const showToolbar = (): void =>
    toolbarHost.replaceChildren(element('summary', {}, word('settings')), traceToolbar(recording, settings));
  showToolbar();
  let millimetre = pixelsPerMillimetre();

  const scene = (): TraceScene => {
    const { layout, lead, scheme, filter, gain, speed, isClock } = settings.value;
    const { from, to } = timeline.span;
    const names = summary.leads.map(({ name }) => name);
    const measured = Math.min(lead, names.length - 1);
    recording.askForWaves(measured, from, to);
    return {
      signals: recording.signals,
      from,
      to,
      layout: layoutOf(layout, names, shownLeads(settings.value, names.length)),
      processing: { scheme, filter },
      slopeLead: measured,
      pixelsPerMillivolt: gain === 0 ? undefined : gain * millimetre,
      hasCalibration: speed !== 0 && gain !== 0,
      spans: recording.spans(),
      annotators: [
        { name: recording.annotator ?? word('proposed'), marks: marks.marks },
        ...[...recording.others].slice(0, 2).map(([name, list]) => ({ name, marks: list })),
      ],
      frameFrequency: summary.frameFrequency,
      beats: recording.beats,
      waves: recording.waves,
      selected: selection.value.mark,
      timeText: timeTextOf(isClock ? summary.baseTime : undefined),
      words: { loading: word('loading'), slope: word('slope'), zoomForSlope: word('zoomForSlope') },
    };
  };
  const press = (time: number): void => {
    traceHost.focus({ preventScroll: true });
    const perPixel = durationOf(timeline.span) / Math.max(1, traceHost.clientWidth);
    const frame = Math.round(time * summary.frameFrequency);
    const within = Math.ceil(reach * perPixel * summary.frameFrequency);
    const mark =
      nearestMark(marks.marks, frame, within, ({ symbol }) => isBeat(symbol)) ??
      nearestMark(marks.marks, frame, within);
    selection.change({ mark });
  };
  const trace = showTrace(traceHost, {
    timeline,
    scene,
    canZoom: () => settings.value.speed === 0,
    onReadout: at => {
      readout.textContent = at ? readoutText(at) : word('noCursor');
    },
    onPress: press,
    onCaliper: reading => {
      caliper.textContent = reading ? caliperText(reading) : '';
    },
  });
  const overview = showOverview(overviewHost, timeline, () => ({
    signals: recording.signals,
    lead: Math.min(settings.value.lead, summary.leads.length - 1),
    beats: recording.beats,
    spans: recording.spans(),
    colourOf: beat => {
      const mark = recording.beatMarks()[beat];
      return mark && mark.symbol !== 'N' ? colour(symbolColour(mark.symbol)) : undefined;
    },
  }));

  const keepSpeed = (): void => {
    const { speed } = settings.value;
    if (speed === 0) return;
    const seconds = (traceHost.clientWidth - 56) / (speed * millimetre);
    const { span } = timeline;
    if (Math.abs(durationOf(span) - seconds) > 1e-6)
      timeline.show({ from: span.from, to: span.from + seconds });
  };
  const tellSpan = (span: TimeSpan): void => {
    const text = timeTextOf(settings.value.isClock ? summary.baseTime : undefined);
    spanText.textContent = `${text(span.from, 0.1)} – ${text(span.to, 0.1)}`;
  };
  tellSpan(timeline.span);
  const resizing = new ResizeObserver(keepSpeed);
  resizing.observe(traceHost);
  const stops = [
    timeline.follow(tellSpan),
    settings.follow((now, before) => {
      millimetre = pixelsPerMillimetre();
      if (now.layout !== before.layout || now.lead !== before.lead || now.shown !== before.shown) {
        if (!toolbarHost.querySelector('.menu[open]')) showToolbar();
      }
      keepSpeed();
      tellSpan(timeline.span);
      trace.redraw();
      if (now.lead !== before.lead) overview.redraw();
    }),
    selection.follow((now, before) => {
      trace.redraw();
      if (now.revision !== before.revision) overview.redraw();
      if (now.mark && now.mark !== before.mark) bringIntoView(now.mark.sample / summary.frameFrequency);
    }),
  ];
  const bringIntoView = (time: number): void => {
    const { span } = timeline;
    const margin = 0.12 * durationOf(span);
    if (time < span.from + margin || time > span.to - margin) timeline.show(centredOn(span, time));
  };
  return {
    host,
    trace,
    redraw() {
      trace.redraw();
      overview.redraw();
    },
    destroy() {
      for (const stop of stops) stop();
      resizing.disconnect();
      trace.destroy();
      overview.destroy();
    },
  };
}

/** The readout at the cursor: time, and voltage and slope of each lead. */
export function readoutText({ time, values }: Readout): string {
  const several = new Set(values.map(({ lead }) => lead)).size > 1;
  const parts = values.map(({ kind, lead, units, value }) => {
    const number = `${decimals(value, kind === 'voltage' ? 3 : 1)} ${units}`;
    return several ? `${lead} ${number}` : number;
  });
  return [`${decimals(time, 3)} s`, ...parts].join('   ');
}

export function caliperText({ milliseconds, rate, millivolts, slope, qt }: CaliperReading): string {
  return [
    `${decimals(milliseconds, 0)} ms`,
    `${decimals(rate, 0)} ${word('perMinute')}`,
    `${decimals(millivolts, 3)} mV`,
    `${decimals(slope, 1)} mV/s`,
    ...(qt
      ? [
          `QT ${decimals(qt.qt, 0)} ms`,
          `QTc Bazett ${decimals(qt.bazett, 0)}, Fridericia ${decimals(qt.fridericia, 0)} ms`,
        ]
      : []),
  ].join('   ');
}
