/** The recording: voltage and dV/dt on one time axis with a common cursor, and navigation. */

import { type ReportBeat, type ReportLead, thinnedText } from '../analysis/report/report-data.ts';
import { oncePerFrame } from './animation-frame.ts';
import {
  beatsWithin,
  drawBeats,
  drawSelected,
  drawSlopePoints,
  drawTangents,
  hasRoom,
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
import { showSpanStrip, tintSpans } from './span-strip.ts';
import { centreOf, durationOf, type Timeline, type TimeSpan, within, zoomed } from './timeline.ts';
import type { LabelledSpan } from './trace/span-lanes.ts';

const VOLTAGE_HEIGHT = 240;
const DERIVATIVE_HEIGHT = 180;

/** The lead to show, with its beats, the marks of their classes, and labelled spans. */
export interface VoltageView {
  readonly lead: ReportLead;
  readonly beats: readonly ReportBeat[];
  readonly marks: ReadonlyMap<string, ClassMark>;
  readonly spans: readonly LabelledSpan[];
}

/** Adds the section to the page. The timeline is the visible span, the selection the selected beat. */
export function showVoltage(
  page: HTMLElement,
  { lead, beats, marks, spans }: VoltageView,
  timeline: Timeline,
  selection: Selection,
): void {
  const { samplingFrequency, units } = lead;
  const series = leadSeries(lead);
  let shown = series.of(timeline.span);
  const voltageAt = (time: number): number => (shown.isWhole ? valueAt(shown.voltage, time) : Number.NaN);

  const spanHost = element('div', { class: 'span-strip' });
  const voltageHost = element('div', { class: 'plot' });
  const derivativeHost = element('div', { class: 'plot' });
  const overviewHost = element('div', { class: 'overview' });
  const voltageReadout = element('output', { class: 'readout', id: 'voltage-readout' });
  const derivativeReadout = element('output', { class: 'readout', id: 'derivative-readout' });
  const panels = panelGroup(
    caption('Voltage', units, voltageReadout),
    ...(spans.length > 0 ? [spanHost] : []),
    voltageHost,
    caption('dV/dt', `${units}/s`, derivativeReadout),
    derivativeHost,
  );
  const part = section('voltage', 'Recording', panels, overviewHost);
  if (lead.thinned !== undefined) part.append(excerptList(lead.thinned, samplingFrequency, timeline));
  page.append(part);
  navigation(part, beats, timeline, selection, units);

  const tell = (time: number | undefined): void => {
    const { voltage, derivative } = shown;
    voltageReadout.textContent = time === undefined ? '' : `${readout(shown, voltage, time, 3)} ${units}`;
    derivativeReadout.textContent =
      time === undefined ? '' : `${readout(shown, derivative, time, 1)} ${units}/s`;
  };

  let visible = beatsWithin(beats, timeline.span);
  const common = {
    group: 'time',
    onCursor: tell,
    onSelect: (from: number, to: number) => timeline.show({ from, to }),
  };
  // A hairline for more than half a minute: it looks the same and draws four times as fast.
  const lineWidth = (): number => (durationOf(timeline.span) > 30 ? 1 : 1.4);
  const initial = [timeline.span.from, timeline.span.to] as const;
  const plots: readonly Plot[] = [
    createPlot({
      ...common,
      host: voltageHost,
      description: `Voltage of lead ${lead.name} against time, with R peaks, symbols and upstroke tangents`,
      height: VOLTAGE_HEIGHT,
      lines: [{ colour: 'trace', width: lineWidth }],
      columns: columnsOf(shown.voltage, timeline.span, voltageHost),
      xRange: initial,
      silentX: true,
      yRange: (low, high) => stepped(low, high, SYMBOL_LANE / (VOLTAGE_HEIGHT - SYMBOL_LANE)),
      drawBelow: surface => {
        tintSpans(surface, spans);
        drawSelected(surface, selection.beat);
      },
      drawAbove: surface => {
        if (!hasRoom(surface, visible.length)) return;
        drawTangents(surface, visible, voltageAt);
        drawBeats(surface, visible, marks, voltageAt);
      },
    }),
    createPlot({
      ...common,
      host: derivativeHost,
      description: `dV/dt of lead ${lead.name} against time, with the measured slopes`,
      height: DERIVATIVE_HEIGHT,
      lines: [{ colour: 'derivative', width: lineWidth }],
      columns: columnsOf(shown.derivative, timeline.span, derivativeHost),
      xRange: initial,
      xLabel: 'time (s)',
      yRange: (low, high) => stepped(low, high, 0),
      drawBelow: surface => drawSelected(surface, selection.beat),
      drawAbove: surface => {
        if (hasRoom(surface, visible.length)) drawSlopePoints(surface, visible);
      },
    }),
  ];
  if (spans.length > 0) showSpanStrip(spanHost, spans, timeline);
  drawOverview(overviewHost, series.overview.voltage, beats, marks, timeline);

  const refresh = (): void => {
    const { span } = timeline;
    visible = beatsWithin(beats, span);
    shown = series.of(span);
    plots[0]!.show(columnsOf(shown.voltage, span, voltageHost), [span.from, span.to]);
    plots[1]!.show(columnsOf(shown.derivative, span, derivativeHost), [span.from, span.to]);
  };
  timeline.follow(oncePerFrame(refresh));
  selection.follow(() => {
    for (const plot of plots) plot.redraw();
  });
  for (const plot of plots) {
    plot.area.addEventListener('dblclick', () =>
      timeline.show(within(centredInitial(timeline), timeline.bounds)),
    );
    plot.area.addEventListener('wheel', event => onWheel(event, plot, timeline), { passive: false });
  }
}

/** The group of the two plots, which takes keyboard focus. */
const panelGroup = (...children: HTMLElement[]): HTMLElement =>
  element(
    'div',
    {
      class: 'panels',
      tabindex: '0',
      role: 'group',
      'aria-label': 'Voltage and dV/dt; arrow keys move in time',
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
    : `${decimals(values[low], digits)} to ${decimals(values[low + 1], digits)}`;
  return `${at}   ${value}`;
}

/** The points to draw of a series within a span, at the resolution of the host. */
function columnsOf(series: SampledSeries, span: TimeSpan, host: HTMLElement) {
  const trace = decimate(series, span.from, span.to, Math.max(200, host.clientWidth));
  return [trace.times, trace.values] as const;
}

/** The spans of a long lead that are shown sample by sample; pressing one goes there. */
function excerptList(
  thinned: NonNullable<ReportLead['thinned']>,
  samplingFrequency: number,
  timeline: Timeline,
): HTMLElement {
  const text = thinnedText(thinned, samplingFrequency);
  const excerpts = thinned.excerpts.map(({ start, why, voltage }) => {
    const to = start + voltage.length / samplingFrequency;
    const label = `${decimals(start, 0)} s ${why}`;
    const title = `${decimals(start, 1)} – ${decimals(to, 1)} s, every sample: ${why}`;
    return button(label, title, () => timeline.show({ from: start, to }));
  });
  return element(
    'div',
    { class: 'excerpts', id: 'excerpts' },
    element('p', { class: 'hint' }, `${text[0]!.toUpperCase()}${text.slice(1)}.`),
    element(
      'div',
      { class: 'buttons', role: 'group', 'aria-label': 'Excerpts with every sample' },
      ...excerpts,
    ),
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
    timeline.show({ from: span.from + shift, to: span.to + shift });
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
