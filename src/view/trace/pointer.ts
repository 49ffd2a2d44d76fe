/** Mouse, pen, touch and wheel on a trace: pan, pinch, point, press, measure. */
import { durationOf, panned, type Timeline, zoomed } from '../timeline.ts';

export interface PointerActions {
  readonly timeline: Timeline;
  /** Left edge and width of the part of the area that shows the window, CSS pixels. */
  readonly plot: () => { readonly left: number; readonly width: number };
  /** Whether zooming is possible: not when the paper speed determines the window's length. */
  readonly canZoom: () => boolean;
  /** Where the pointer is, CSS pixels from the top left; undefined once it has left. */
  readonly onPoint: (place: { readonly x: number; readonly y: number } | undefined) => void;
  /** A press without a drag. */
  readonly onPress: (place: { readonly x: number; readonly y: number }) => void;
  /** Whether a drag without shift measures instead of panning. */
  readonly isMeasuring: () => boolean;
  /** A drag that measures, from and to. */
  readonly onMeasure: (from: number, to: number, isDone: boolean) => void;
}

/** A pointer that moved less than this is a press, not a drag; px. */
const stillness = 4;
/** Time after the last turn of the wheel until values are read under the pointer again, ms. */
const pauseMs = 120;

export function followPointer(area: HTMLElement, actions: PointerActions): void {
  const { timeline, plot } = actions;
  /** The active pointers by their last x. */
  const down = new Map<number, number>();
  let startX = 0;
  let hasMoved = false;
  let isMeasuring = false;

  const placeOf = (event: MouseEvent): Place => placeIn(area, event);

  area.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    const { x } = placeOf(event);
    area.setPointerCapture(event.pointerId);
    down.set(event.pointerId, x);
    startX = x;
    hasMoved = false;
    isMeasuring = event.shiftKey || actions.isMeasuring();
  });
  area.addEventListener('pointermove', event => {
    const place = placeOf(event);
    const before = down.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType !== 'touch') actions.onPoint(place);
      return;
    }
    if (Math.abs(place.x - startX) >= stillness) hasMoved = true;
    if (!hasMoved) return;
    if (isMeasuring) {
      actions.onMeasure(startX, place.x, false);
      return;
    }
    const others = [...down].filter(([id]) => id !== event.pointerId);
    down.set(event.pointerId, place.x);
    if (others.length === 0) {
      timeline.show(panned(timeline.span, -(place.x - before) / plot().width));
      actions.onPoint(undefined);
    } else if (actions.canZoom()) pinch(actions, others[0]![1], before, place.x);
  });
  const release = (event: PointerEvent): void => {
    if (!down.delete(event.pointerId)) return;
    const place = placeOf(event);
    if (isMeasuring) actions.onMeasure(startX, place.x, true);
    else if (!hasMoved && event.type === 'pointerup') {
      actions.onPoint(place);
      actions.onPress(place);
    }
  };
  area.addEventListener('pointerup', release);
  area.addEventListener('pointercancel', release);
  area.addEventListener('pointerleave', event => {
    if (event.pointerType !== 'touch') actions.onPoint(undefined);
  });
  let pointing: ReturnType<typeof setTimeout> | undefined;
  const onWheelEvent = (event: WheelEvent): void => {
    const place = placeOf(event);
    // Values are read again where the pointer is once the picture stands still.
    actions.onPoint(undefined);
    clearTimeout(pointing);
    pointing = setTimeout(() => actions.onPoint(place), pauseMs);
    onWheel(actions, event, place);
  };
  area.addEventListener('wheel', onWheelEvent, { passive: false });
}

/** A position in CSS pixels from the top left of the area. */
interface Place {
  readonly x: number;
  readonly y: number;
}

function placeIn(area: HTMLElement, event: MouseEvent): Place {
  const box = area.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function timeAt({ timeline, plot }: PointerActions, x: number): number {
  const { left, width } = plot();
  return timeline.span.startSeconds + ((x - left) / width) * durationOf(timeline.span);
}

/** Pinch: the times under both fingers stay under them. */
function pinch(actions: PointerActions, still: number, before: number, now: number): void {
  const { timeline } = actions;
  const distance = Math.abs(before - still);
  const wider = Math.abs(now - still);
  if (distance < 8 || wider < 8) return;
  timeline.show(zoomed(timeline.span, distance / wider, timeAt(actions, still)));
}

/** The wheel pans in time; with ctrl, which a pinch on a touch pad also sends, it zooms about the pointer. */
function onWheel(actions: PointerActions, event: WheelEvent, { x }: Place): void {
  const { timeline, plot } = actions;
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) {
    if (actions.canZoom()) {
      timeline.show(zoomed(timeline.span, 1.002 ** event.deltaY, timeAt(actions, x)));
    }
    return;
  }
  const delta = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
  timeline.show(panned(timeline.span, (delta * lines) / plot().width));
}
