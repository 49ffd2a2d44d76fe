/** The waveform of a beat shaded by ∂p/∂V, with handles that modify its QRS complex. */

import { colour } from '../palette.ts';
import { createPlot, type Plot, type Surface } from '../plot.ts';
import { word } from '../translations.ts';
import type { BeatReason } from '../worker/beat-queries.ts';
import type { Complex, Shape } from './reshape-beat.ts';
import { shade } from './sample-shading.ts';

export interface Waveform {
  /** Shows the modified beat over the recorded one; undefined hides it. */
  showReshaped(voltage: Float64Array | undefined): void;
  /**
   * Shows the counterfactual waveform, which the model assigns to another class, over the recorded one; undefined hides
   * it.
   */
  showCounterfactual(voltage: Float64Array | undefined): void;
  /** Shades the samples by these values instead of ∂p/∂V. */
  shadeBy(values: Float64Array): void;
  destroy(): void;
}

export interface ShapeHandles {
  readonly shape: () => Shape;
  readonly onChange: (shape: Shape) => void;
}

const height = 240;
/** Distance within which a press grabs a handle, px. */
const grasp = 16;
/** Limits of the factors of a modification. */
const least = 0.3;
const most = 2.5;

type HandleName = keyof Shape;

/** State of the plot of a beat. */
interface WaveformState {
  readonly reason: BeatReason;
  readonly shape: () => Shape;
  /** One value per sample. */
  shading: Float64Array;
  reshaped: Float64Array | undefined;
  counterfactual: Float64Array | undefined;
}

export function showWaveform(host: HTMLElement, reason: BeatReason, handles: ShapeHandles): Waveform {
  const state: WaveformState = {
    reason,
    shape: handles.shape,
    shading: reason.gradient,
    reshaped: undefined,
    counterfactual: undefined,
  };
  const range = [msOf(reason, -0.5), msOf(reason, reason.voltage.length - 0.5)] as const;
  const plot = createPlot({
    host,
    description: word('voltageShaded', { target: reason.target }),
    height,
    lines: [
      { colour: 'trace', width: 2 },
      { colour: 'tangent', width: 2, dash: [5, 3] },
      { colour: 'class-3', width: 2, dash: [2, 2] },
    ],
    columns: columnsOf(state),
    xRange: range,
    xLabel: word('fromR'),
    yRange: (low, high) => {
      const margin = 0.1 * (high - low || 1);
      return [low - margin, high + margin];
    },
    drawBelow: surface =>
      shade(surface, state.shading, largestOf(state.shading), sample => msOf(reason, sample)),
    drawAbove: surface => paintHandles(surface, state),
  });
  followHandles(plot, state, handles.onChange);
  return {
    showReshaped(voltage) {
      state.reshaped = voltage;
      plot.show(columnsOf(state), range);
    },
    showCounterfactual(voltage) {
      state.counterfactual = voltage;
      plot.show(columnsOf(state), range);
    },
    shadeBy(values) {
      state.shading = values;
      plot.redraw();
    },
    destroy: plot.destroy,
  };
}

/** Time of a sample of the window after the R peak, ms. */
const msOf = ({ rIndex, samplingFrequency }: BeatReason, sample: number): number =>
  (1000 * (sample - rIndex)) / samplingFrequency;

const finite = (values: ArrayLike<number>): (number | null)[] =>
  Array.from(values, value => (Number.isFinite(value) ? value : null));

function columnsOf({ reason, reshaped, counterfactual }: WaveformState) {
  const { voltage } = reason;
  const absent = Array.from(voltage, () => null);
  return [
    Array.from(voltage, (_, k) => msOf(reason, k)),
    finite(voltage),
    reshaped ? finite(reshaped) : absent,
    counterfactual ? finite(counterfactual) : absent,
  ] as const;
}

/** Mean of the voltages at QRS onset and offset, mV; the amplitude is relative to it. */
const levelOf = ({ voltage }: BeatReason, { onset, offset }: Complex): number =>
  (voltage[onset]! + voltage[offset]!) / 2;

/** Positions of the handles for the current shape, ms and mV; undefined without a QRS complex. */
function handlePlaces({ reason, shape }: WaveformState) {
  const { complex, voltage } = reason;
  if (complex === undefined) return undefined;
  const { onset, peak, offset, isUpright } = complex;
  const { slope, width, amplitude } = shape();
  const level = levelOf(reason, complex);
  const [up, down] = isUpright ? [onset, offset] : [offset, onset];
  return {
    amplitude: [msOf(reason, peak), level + amplitude * (voltage[peak]! - level)],
    slope: [msOf(reason, peak + ((up - peak) * width) / slope), level],
    width: [msOf(reason, peak + (down - peak) * width), level],
  } satisfies Record<HandleName, readonly [number, number]>;
}

function paintHandles({ context, scale, x, y }: Surface, state: WaveformState): void {
  context.lineWidth = 2 * scale;
  context.strokeStyle = colour('panel');
  context.fillStyle = colour('tangent');
  for (const [ms, mv] of Object.values(handlePlaces(state) ?? {})) {
    context.beginPath();
    context.arc(x(ms), y(mv), 6 * scale, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

/** A handle while it is dragged: where it was pressed, CSS pixels, and the shape at that time. */
interface HeldHandle {
  readonly name: HandleName;
  readonly x: number;
  readonly y: number;
  readonly shape: Shape;
}

/** Changes the shape while a handle is dragged. */
function followHandles(plot: Plot, state: WaveformState, onChange: (shape: Shape) => void): void {
  const { area } = plot;
  area.style.touchAction = 'none';
  let held: HeldHandle | undefined;
  const placeOf = (event: PointerEvent): readonly [number, number] => {
    const box = area.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  area.addEventListener('pointerdown', event => {
    const [x, y] = placeOf(event);
    const name = handleAt(plot, state, x, y);
    if (name === undefined) return;
    area.setPointerCapture(event.pointerId);
    held = { name, x, y, shape: state.shape() };
  });
  area.addEventListener('pointermove', event => {
    if (held !== undefined) onChange(draggedShape(plot, state.reason, held, placeOf(event)));
  });
  const release = (): void => {
    held = undefined;
  };
  area.addEventListener('pointerup', release);
  area.addEventListener('pointercancel', release);
}

/** The handle nearest to a position in the plotting area, if close enough. */
function handleAt(plot: Plot, state: WaveformState, x: number, y: number): HandleName | undefined {
  const places = handlePlaces(state);
  if (places === undefined) return undefined;
  const distance = (name: HandleName): number => {
    const [handleX, handleY] = plot.placeOf(...(places[name] as [number, number]));
    return Math.hypot(handleX - x, handleY - y);
  };
  const nearest = (Object.keys(places) as HandleName[]).sort((a, b) => distance(a) - distance(b))[0]!;
  return distance(nearest) > grasp ? undefined : nearest;
}

/** The shape after a handle has been dragged to a position. */
function draggedShape(
  plot: Plot,
  reason: BeatReason,
  held: HeldHandle,
  [x, y]: readonly [number, number],
): Shape {
  const { name, shape } = held;
  const complex = reason.complex!;
  const [peakX, levelY] = plot.placeOf(msOf(reason, complex.peak), levelOf(reason, complex));
  const clamped = (value: number): number => Math.min(most, Math.max(least, value));
  const ratio = Math.abs((x - peakX) / (held.x - peakX || 1));
  if (name === 'amplitude') {
    return { ...shape, amplitude: clamped(shape.amplitude * ((y - levelY) / (held.y - levelY || 1))) };
  }
  if (name === 'width') return { ...shape, width: clamped(shape.width * ratio) };
  // The closer the handle is to the peak, the steeper the upstroke.
  return { ...shape, slope: clamped(shape.slope / Math.max(0.05, ratio)) };
}

const largestOf = (values: Float64Array): number =>
  values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
