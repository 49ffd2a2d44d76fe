/** The interactive figure of a lesson on the page: controls, panels and the sentences below them. */
import { element } from '../element.ts';
import { createPlot, type Plot } from '../plot.ts';
import { figureOf } from './figure.ts';
import type { Choice, Control, LessonView, Panel, Say, Slider } from './lesson-view.ts';

export interface MountedLesson {
  destroy(): void;
}

/** Time between the steps of a slider while it plays, ms. */
const playInterval = 60;

/** Fills `host` with a lesson's view. */
export function mountLesson<S>(
  host: HTMLElement,
  name: string,
  view: LessonView<S>,
  say: Say,
): MountedLesson {
  let state = view.start;
  const plots: Plot[] = [];
  const refreshers: (() => void)[] = [];
  const timers = new Set<ReturnType<typeof setInterval>>();
  const output = element('output', { class: 'says-now' });
  const change = (next: S): void => {
    state = next;
    for (const plot of plots) plot.redraw();
    for (const refresh of refreshers) refresh();
    output.replaceChildren(...view.says(state).map(text => element('span', {}, text)));
  };
  const explorable: Explorable<S> = { name, say, current: () => state, change, refreshers, timers };
  const panels = element('div', { class: 'panels' });
  host.replaceChildren(
    element('p', { class: 'question' }, view.question),
    element(
      'div',
      { class: 'controls' },
      ...view.controls.map((control, k) => controlOf(control, k, explorable)),
    ),
    output,
    panels,
  );
  for (const panel of view.panels) plots.push(mountPanel(panels, panel, explorable));
  change(state);
  return {
    destroy() {
      for (const timer of timers) clearInterval(timer);
      for (const plot of plots) plot.destroy();
      host.replaceChildren();
    },
  };
}

/** State shared by the parts of one interactive figure. */
interface Explorable<S> {
  readonly name: string;
  readonly say: Say;
  readonly current: () => S;
  readonly change: (next: S) => void;
  readonly refreshers: (() => void)[];
  readonly timers: Set<ReturnType<typeof setInterval>>;
}

function mountPanel<S>(parent: HTMLElement, panel: Panel<S>, explorable: Explorable<S>): Plot {
  const host = element('div', { class: 'plot' });
  parent.append(element('div', { class: 'titled' }, element('h3', {}, panel.title), host));
  const [x0, x1] = panel.xRange;
  const plot = createPlot({
    host,
    description: panel.description,
    height: panel.bare ? panel.height : panel.height + 54,
    lines: [{ colour: 'ink', width: 0 }],
    columns: [
      [x0, x1],
      [panel.yRange[0], panel.yRange[0]],
    ],
    xLabel: panel.xLabel,
    xRange: panel.xRange,
    yRange: () => panel.yRange,
    ...(panel.yLog && { yLog: true }),
    ...(panel.bare && { bare: true }),
    drawAbove: surface => panel.paint(figureOf(surface), explorable.current()),
  });
  if (panel.onPoint) followPointer(plot, panel, panel.onPoint, explorable);
  return plot;
}

function followPointer<S>(
  { area }: Plot,
  { xRange, yRange }: Panel<S>,
  onPoint: (state: S, x: number, y: number) => S,
  explorable: Explorable<S>,
): void {
  area.style.touchAction = 'none';
  area.style.cursor = 'grab';
  const take = (event: PointerEvent): void => {
    const box = area.getBoundingClientRect();
    const across = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const up = Math.min(1, Math.max(0, 1 - (event.clientY - box.top) / box.height));
    explorable.change(
      onPoint(
        explorable.current(),
        xRange[0] + across * (xRange[1] - xRange[0]),
        yRange[0] + up * (yRange[1] - yRange[0]),
      ),
    );
  };
  area.addEventListener('pointerdown', event => {
    area.setPointerCapture(event.pointerId);
    take(event);
  });
  area.addEventListener('pointermove', event => {
    if (area.hasPointerCapture(event.pointerId)) take(event);
  });
}

function controlOf<S>(control: Control<S>, index: number, explorable: Explorable<S>): HTMLElement {
  const id = `${explorable.name}-control-${index}`;
  return control.kind === 'slider' ? sliderOf(control, id, explorable) : choiceOf(control, id, explorable);
}

function sliderOf<S>(slider: Slider<S>, id: string, explorable: Explorable<S>): HTMLElement {
  const { from, to, step } = slider;
  const input = element('input', {
    ...{ type: 'range', id, min: String(from), max: String(to), step: String(step) },
  });
  const value = element('span', { class: 'value' });
  explorable.refreshers.push(() => {
    const now = slider.get(explorable.current());
    input.value = String(now);
    value.textContent = slider.text(now);
    input.setAttribute('aria-valuetext', slider.text(now));
  });
  input.addEventListener('input', () => {
    explorable.change(slider.set(explorable.current(), input.valueAsNumber));
  });
  const row = element('div', { class: 'slider' }, element('label', { for: id }, slider.label), input, value);
  if (slider.plays) row.append(playButton(slider, explorable));
  return row;
}

function playButton<S>(slider: Slider<S>, explorable: Explorable<S>): HTMLElement {
  const button = element('button', { type: 'button' }, explorable.say('Run', '走らせる'));
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => {
    if (timer === undefined) return;
    clearInterval(timer);
    explorable.timers.delete(timer);
    timer = undefined;
    button.textContent = explorable.say('Run', '走らせる');
  };
  button.addEventListener('click', () => {
    if (timer !== undefined) {
      stop();
      return;
    }
    if (slider.get(explorable.current()) >= slider.to)
      explorable.change(slider.set(explorable.current(), slider.from));
    button.textContent = explorable.say('Stop', '止める');
    timer = setInterval(() => {
      const next = slider.get(explorable.current()) + slider.step;
      explorable.change(slider.set(explorable.current(), Math.min(next, slider.to)));
      if (next >= slider.to) stop();
    }, playInterval);
    explorable.timers.add(timer);
  });
  return button;
}

function choiceOf<S>(choice: Choice<S>, id: string, explorable: Explorable<S>): HTMLElement {
  const select = element(
    'select',
    { id },
    ...choice.options.map(([value, words]) => element('option', { value }, words)),
  );
  explorable.refreshers.push(() => {
    select.value = choice.get(explorable.current());
  });
  select.addEventListener('change', () => explorable.change(choice.set(explorable.current(), select.value)));
  return element('div', { class: 'option' }, element('label', { for: id }, choice.label), select);
}
