/** The recording: voltage and dV/dt on one time axis with a common cursor, and navigation. */

import type { ReportBeat, ReportLead } from '../analysis/report/report-data.ts';
import { oncePerFrame } from './animation-frame.ts';
import {
  beatsWithin,
  drawBeats,
  drawSelected,
  drawSlopePoints,
  drawTangents,
  hasSpace,
  SYMBOL_LANE,
} from './beat-marks.ts';
import { decimate, nearestSample, type SampledSeries, valueAt } from './decimate.ts';
import { button, element, section } from './element.ts';
import { leadSeries } from './lead-series.ts';
import { navigation } from './navigation.ts';
import { decimals } from './number-format.ts';
import { drawOverview } from './overview.ts';
import type { ClassMark } from './palette.ts';
import { createPlot, type Plot } from './plot.ts';
import type { Selection } from './selection.ts';
import { showSpanStrip, spanLegend, tintSpans } from './span-strip.ts';
import { centreOf, durationOf, type Timeline, type TimeSpan, within, zoomed } from './timeline.ts';
import type { LabelledSpan } from './trace/span-lanes.ts';
import { word } from './translations.ts';

const VOLTAGE_HEIGHT = 240;
const DERIVATIVE_HEIGHT = 180;

/** The lead to show, with its beats, the marks of their classes, and labelled spans. */
export interface VoltageView {
  readonly lead: ReportLead;
  readonly beats: readonly ReportBeat[];
  readonly marks: ReadonlyMap<string, ClassMark>;
  readonly spans: readonly LabelledSpan[];
}

/** What the two plots show: the visible part of the lead, and the beats in it. */
interface VoltageState {
  readonly view: VoltageView;
  readonly timeline: Timeline;
  readonly selection: Selection;
  /** Series of the lead over the visible span. */
  shown: ReturnType<ReturnType<typeof leadSeries>['of']>;
  visible: readonly ReportBeat[];
  readonly onCursor: (time: number | undefined) => void;
}

/** Adds the section to the page. The timeline is the visible span, the selection the selected beat. */
export function showVoltage(
  page: HTMLElement,
  view: VoltageView,
  timeline: Timeline,
  selection: Selection,
): void {
  const { lead, beats, spans } = view;
  const { samplingFrequency, units } = lead;
  const series = leadSeries(lead);
  const spanHost = element('div', { class: 'span-strip' });
  const voltageHost = element('div', { class: 'plot' });
  const derivativeHost = element('div', { class: 'plot' });
  const overviewHost = element('div', { class: 'overview' });
  const voltageReadout = element('output', { class: 'readout', id: 'voltage-readout' });
  const derivativeReadout = element('output', { class: 'readout', id: 'derivative-readout' });
  const panels = panelGroup(
    caption(word('r_voltage'), units, voltageReadout),
    ...(spans.length > 0 ? [spanHost] : []),
    voltageHost,
    caption('dV/dt', `${units}/s`, derivativeReadout),
    derivativeHost,
  );
  const part = section('voltage', word('r_recording'), panels, overviewHost);
  if (lead.thinned !== undefined) part.append(excerptList(lead.thinned, samplingFrequency, timeline));
  page.append(part);
  navigation(part, beats, timeline, selection, units);

  const state: VoltageState = {
    view,
    timeline,
    selection,
    shown: series.of(timeline.span),
    visible: beatsWithin(beats, timeline.span),
    onCursor: time => {
      const { shown } = state;
      const read = (values: SampledSeries, digits: number, unit: string): string =>
        time === undefined ? '' : `${readout(shown, values, time, digits)} ${unit}`;
      voltageReadout.textContent = read(shown.voltage, 3, units);
      derivativeReadout.textContent = read(shown.derivative, 1, `${units}/s`);
    },
  };
  const voltagePlot = createVoltagePlot(voltageHost, state);
  const derivativePlot = createDerivativePlot(derivativeHost, state);
  if (spans.length > 0) {
    showSpanStrip(spanHost, spans, timeline);
    spanHost.after(spanLegend(spans));
  }
  drawOverview(overviewHost, series.overview.voltage, view, timeline);

  const refresh = (): void => {
    const { span } = timeline;
    state.visible = beatsWithin(beats, span);
    state.shown = series.of(span);
    voltagePlot.show(columnsOf(state.shown.voltage, span, voltageHost), [span.startSeconds, span.endSeconds]);
    derivativePlot.show(columnsOf(state.shown.derivative, span, derivativeHost), [
      span.startSeconds,
      span.endSeconds,
    ]);
  };
  timeline.follow(oncePerFrame(refresh));
  for (const plot of [voltagePlot, derivativePlot]) {
    selection.follow(() => plot.redraw());
    followMouse(plot, timeline);
  }
}

function createVoltagePlot(host: HTMLElement, state: VoltageState): Plot {
  const { view, timeline, selection } = state;
  const voltageAt = (time: number): number =>
    state.shown.isWhole ? valueAt(state.shown.voltage, time) : Number.NaN;
  return createPlot({
    ...commonOptions(state),
    host,
    description: word('r_voltageLabel', { lead: view.lead.name }),
    height: VOLTAGE_HEIGHT,
    lines: [{ colour: 'trace', width: () => lineWidth(timeline.span) }],
    columns: columnsOf(state.shown.voltage, timeline.span, host),
    silentX: true,
    yRange: (low, high) => stepped(low, high, SYMBOL_LANE / (VOLTAGE_HEIGHT - SYMBOL_LANE)),
    drawBelow: surface => {
      tintSpans(surface, view.spans);
      drawSelected(surface, selection.beat);
    },
    drawAbove: surface => {
      if (!hasSpace(surface, state.visible.length)) return;
      drawTangents(surface, state.visible, voltageAt);
      drawBeats(surface, state.visible, view.marks, voltageAt);
    },
  });
}

function createDerivativePlot(host: HTMLElement, state: VoltageState): Plot {
  const { view, timeline, selection } = state;
  return createPlot({
    ...commonOptions(state),
    host,
    description: word('r_slopeLabel', { lead: view.lead.name }),
    height: DERIVATIVE_HEIGHT,
    lines: [{ colour: 'derivative', width: () => lineWidth(timeline.span) }],
    columns: columnsOf(state.shown.derivative, timeline.span, host),
    xLabel: word('r_time'),
    yRange: (low, high) => stepped(low, high, 0),
    drawBelow: surface => drawSelected(surface, selection.beat),
    drawAbove: surface => {
      if (hasSpace(surface, state.visible.length)) drawSlopePoints(surface, state.visible);
    },
  });
}

/** The plots share the time axis, the cursor and the selection of a span. */
const commonOptions = ({ timeline, onCursor }: VoltageState) => ({
  group: 'time',
  xRange: [timeline.span.startSeconds, timeline.span.endSeconds] as const,
  onCursor,
  onSelect: (from: number, to: number) => timeline.show({ startSeconds: from, endSeconds: to }),
});

/** A hairline for more than half a minute: it looks the same and draws four times as fast. */
const lineWidth = (span: TimeSpan): number => (durationOf(span) > 30 ? 1 : 1.4);

/** A double press shows a span of the initial length; the wheel pans and zooms. */
function followMouse(plot: Plot, timeline: Timeline): void {
  plot.area.addEventListener('dblclick', () =>
    timeline.show(within(centredInitial(timeline), timeline.bounds)),
  );
  plot.area.addEventListener('wheel', event => onWheel(event, plot, timeline), { passive: false });
}

/** The group of the two plots, which takes keyboard focus. */
const panelGroup = (...children: HTMLElement[]): HTMLElement =>
  element(
    'div',
    {
      class: 'panels',
      tabindex: '0',
      role: 'group',
      'aria-label': word('r_panels'),
    },
    ...children,
  );

/** The time of the sample nearest to the cursor, and the value there; of a bucket, its range. */
function readout(
  { voltage, isWhole }: { readonly voltage: SampledSeries; readonly isWhole: boolean },
  { values }: SampledSeries,
  time: number,
  digits: number,
): string {
  const index = nearestSample(voltage, time);
  const at = `${decimals(voltage.start + index / voltage.samplingFrequency, 3)} s`;
  // In a bucket the smallest value comes first.
  const low = index - (index % 2);
  const value = isWhole
    ? decimals(values[index], digits)
    : word('r_to', { low: decimals(values[low], digits), high: decimals(values[low + 1], digits) });
  return `${at}   ${value}`;
}

/** The points to draw of a series within a span, at the resolution of the host. */
function columnsOf(series: SampledSeries, span: TimeSpan, host: HTMLElement) {
  const trace = decimate(series, span.startSeconds, span.endSeconds, Math.max(200, host.clientWidth));
  return [trace.times, trace.values] as const;
}

/** Why an excerpt is there, in the language of the page. */
function whyIn(why: string): string {
  const known = {
    'explained beat': 'r_why_explained',
    start: 'r_why_start',
    'steepest upstroke': 'r_why_steepest',
    'flattest upstroke': 'r_why_flattest',
    'evenly spread': 'r_why_spread',
  } as const;
  if (Object.hasOwn(known, why)) return word(known[why as keyof typeof known]);
  const [, name] = /^(.+) beat$/.exec(why) ?? [];
  return name === undefined ? why : word('r_why_class', { class: name });
}

/** The spans of a long lead that are shown sample by sample; pressing one goes there. */
function excerptList(
  thinned: NonNullable<ReportLead['thinned']>,
  samplingFrequency: number,
  timeline: Timeline,
): HTMLElement {
  const seconds = (thinned.bucketSamples / samplingFrequency).toPrecision(3);
  const excerpts = thinned.excerpts.map(({ startSeconds: start, why: given, voltage }) => {
    const why = whyIn(given);
    const to = start + voltage.length / samplingFrequency;
    const label = `${decimals(start, 0)} s ${why}`;
    const title = word('r_everySample', { from: decimals(start, 1), to: decimals(to, 1), why });
    return button(label, title, () => timeline.show({ startSeconds: start, endSeconds: to }));
  });
  return element(
    'div',
    { class: 'excerpts', id: 'excerpts' },
    element('p', { class: 'hint' }, word('r_thinned', { seconds, count: excerpts.length })),
    element('div', { class: 'buttons', role: 'group', 'aria-label': word('r_excerpts') }, ...excerpts),
  );
}

const caption = (title: string, units: string, readout: HTMLElement): HTMLElement =>
  element(
    'div',
    { class: 'caption' },
    element('h3', {}, title, ' ', element('span', { class: 'unit' }, units)),
    readout,
  );

const centredInitial = (timeline: Timeline): TimeSpan =>
  zoomed(timeline.span, durationOf(timeline.initial) / durationOf(timeline.span), centreOf(timeline.span));

/** A horizontal wheel movement (or one with shift) pans, with ctrl (a pinch) it zooms; otherwise the page scrolls. */
function onWheel(event: WheelEvent, plot: Plot, timeline: Timeline): void {
  const { span } = timeline;
  const sideways = event.deltaX !== 0 ? event.deltaX : event.shiftKey ? event.deltaY : 0;
  if (event.ctrlKey) timeline.show(zoomed(span, 1.002 ** event.deltaY, plot.xAt(event.offsetX)));
  else if (sideways !== 0) {
    const shift = (sideways / plot.area.clientWidth) * durationOf(span);
    timeline.show({ startSeconds: span.startSeconds + shift, endSeconds: span.endSeconds + shift });
  } else return;
  event.preventDefault();
}

/**
 * A range around low … high with a margin, its ends on round steps, so that it seldom changes during panning; `lane` is
 * the fraction kept free above.
 */
export function stepped(low: number, high: number, lane: number): readonly [number, number] {
  const size = high - low;
  // A flat line: any range that shows it in the middle.
  if (size <= 1e-9 * Math.max(1, Math.abs(high))) return [low - 0.5, high + 0.5];
  const step = 10 ** Math.floor(Math.log10(size)) / 4;
  const bottom = Math.floor((low - 0.04 * size) / step) * step;
  const top = Math.ceil((high + 0.06 * size) / step) * step;
  return [bottom, top + lane * (top - bottom)];
}
