/** The toolbar above the trace: leads, layout, paper, dV/dt, filter and time. */
import { button, element } from '../element.ts';
import { panned, type Timeline, zoomed } from '../timeline.ts';
import { isTwelveLead, type LayoutName, layoutNames } from '../trace/lead-layout.ts';
import { type FilterName, filters, isFilterPossible } from '../trace/trace-signals.ts';
import { type Word, word } from '../translations.ts';
import { checkbox, select, textButton } from './controls.ts';
import type { OpenRecording } from './recording-interface.ts';
import { showScreenCalibration } from './screen-calibration.ts';
import {
  isSchemePossible,
  type Observed,
  paperGains,
  paperSpeeds,
  type Settings,
  schemes,
} from './settings.ts';

export function traceToolbar(recording: OpenRecording, settings: Observed<Settings>): HTMLElement {
  const { leads, samplingFrequency } = recording.summary;
  const names = leads.map(lead => lead.name);
  const { value } = settings;
  const layoutLabel = (name: LayoutName): string =>
    name === 'stack'
      ? word('layoutStack')
      : name === 'cabrera'
        ? word('layoutCabrera')
        : name.replace('x', ' × ');
  const layouts = isTwelveLead(names) ? layoutNames : (['stack'] as const);
  return element(
    'div',
    { class: 'toolbar', role: 'group', 'aria-label': word('settings') },
    select(
      word('lead'),
      names.map((name, k) => ({ value: String(k), label: name })),
      String(value.lead),
      lead => settings.change({ lead: Number(lead) }),
    ),
    ...(layouts.length > 1
      ? [
          select(
            word('layout'),
            layouts.map(name => ({ value: name, label: layoutLabel(name) })),
            value.layout,
            layout => settings.change({ layout: layout as LayoutName }),
          ),
        ]
      : []),
    leadChoice(names, settings),
    select(
      word('scheme'),
      schemes
        .filter(name => isSchemePossible(name, samplingFrequency))
        .map(name => ({ value: name, label: schemeLabel(name) })),
      value.scheme,
      scheme => settings.change({ scheme }),
    ),
    select(
      word('filter'),
      (Object.keys(filters) as FilterName[])
        .filter(name => isFilterPossible(name, samplingFrequency))
        .map(name => ({ value: name, label: word(`filter_${name}` satisfies Word) })),
      value.filter,
      filter => settings.change({ filter: filter as FilterName }),
    ),
    select(
      word('speed'),
      paperSpeeds.map(speed => ({
        value: String(speed),
        label: speed === 0 ? word('free') : `${speed} mm/s`,
      })),
      String(value.speed),
      speed => settings.change({ speed: Number(speed) }),
    ),
    select(
      word('gain'),
      paperGains.map(gain => ({ value: String(gain), label: gain === 0 ? word('toFit') : `${gain} mm/mV` })),
      String(value.gain),
      gain => settings.change({ gain: Number(gain) }),
    ),
    textButton(word('calibrateScreen'), () => showScreenCalibration(() => settings.change({}))),
    checkbox(word('clock'), value.isClock, isClock => settings.change({ isClock })),
  );
}

/** The menu that selects the stacked leads. */
function leadChoice(names: readonly string[], settings: Observed<Settings>): HTMLElement {
  const shown = new Set(shownLeads(settings.value, names.length));
  return element(
    'details',
    { class: 'control menu' },
    element('summary', {}, word('leads')),
    element(
      'div',
      { class: 'menu-list' },
      textButton(word('allLeads'), () => settings.change({ shown: names.map((_, k) => k), layout: 'stack' })),
      ...names.map((name, k) =>
        checkbox(name, shown.has(k), isShown => {
          if (isShown) shown.add(k);
          else shown.delete(k);
          if (shown.size === 0) shown.add(settings.value.lead);
          settings.change({ shown: [...shown].sort((a, b) => a - b), layout: 'stack' });
        }),
      ),
    ),
  );
}

/** The stacked leads: those selected, otherwise the measured one and its neighbour. */
export function shownLeads({ shown, lead }: Settings, count: number): readonly number[] {
  const chosen = shown?.filter(k => k < count);
  if (chosen && chosen.length > 0) return chosen;
  const measured = Math.min(lead, count - 1);
  const other = measured === 0 ? 1 : 0;
  return count > 1 ? [measured, other].sort((a, b) => a - b) : [measured];
}

/** Readable name of a derivative scheme. */
function schemeLabel(name: string): string {
  const savitzkyGolay = /^sg:(\d+)ms:(\d+)$/.exec(name);
  if (savitzkyGolay) return word('scheme_sg', { ms: savitzkyGolay[1]!, degree: savitzkyGolay[2]! });
  const central = /^central(\d+)$/.exec(name);
  if (central) return word('scheme_central', { order: central[1]! });
  if (name === 'pan-tompkins') return word('scheme_panTompkins');
  return name === 'forward' ? word('scheme_forward') : word('scheme_backward');
}

/** Toolbar with buttons that move and zoom the visible span, the caliper's button and the readouts. */
export const movingToolbar = (
  timeline: Timeline,
  spanText: HTMLElement,
  ...rest: readonly HTMLElement[]
): HTMLElement =>
  element(
    'div',
    { class: 'moving', role: 'toolbar', 'aria-label': word('trace') },
    button('←', word('earlier'), () => timeline.show(panned(timeline.span, -0.5))),
    spanText,
    button('→', word('later'), () => timeline.show(panned(timeline.span, 0.5))),
    button('−', word('zoomOut'), () => timeline.show(zoomed(timeline.span, 2))),
    button('+', word('zoomIn'), () => timeline.show(zoomed(timeline.span, 0.5))),
    button(word('whole'), word('whole'), () => timeline.show(timeline.bounds)),
    ...rest,
  );
