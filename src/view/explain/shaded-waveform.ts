/** The waveform of a beat shaded by ∂p/∂V, with handles that modify its QRS complex. */
import { shade } from '../explanation.ts';
import { colour } from '../palette.ts';
import { createPlot, type Plot, type Surface } from '../plot.ts';
import { word } from '../translations.ts';
import type { BeatReason } from '../worker/beat-queries.ts';
import type { Shape } from './reshape-beat.ts';

export interface Waveform {
  /** Shows the modified beat over the recorded one; undefined hides it. */
  showReshaped(voltage: Float64Array | undefined): void;
  /** The waveform that the model would call otherwise, over the recorded one; undefined for none. */
  showCounterfactual(voltage: Float64Array | undefined): void;
  /** Shades each sample by these values in place of ∂p/∂V. */
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
const least = 0.3;
const most = 2.5;

type HandleName = keyof Shape;

export function showWaveform(host: HTMLElement, reason: BeatReason, handles: ShapeHandles): Waveform {
  const { voltage, gradient, rIndex, target, complex } = reason;
  const msOf = (sample: number): number => (1000 * (sample - rIndex)) / reason.samplingFrequency;
  let shading = gradient;
  let reshaped: Float64Array | undefined;
  let counterfactual: Float64Array | undefined;
  const times = Array.from(voltage, (_, k) => msOf(k));
  const finite = (values: ArrayLike<number>): (number | null)[] =>
    Array.from(values, value => (Number.isFinite(value) ? value : null));
  const range = [msOf(-0.5), msOf(voltage.length - 0.5)] as const;

  /** Positions of the handles for the current shape: ms and mV. */
  const placesOf = (): Readonly<Record<HandleName, readonly [number, number]>> | undefined => {
    if (complex === undefined) return undefined;
    const { onset, peak, offset, isUpright } = complex;
    const { slope, width, amplitude } = handles.shape();
    const level = (voltage[onset]! + voltage[offset]!) / 2;
    const [up, down] = isUpright ? [onset, offset] : [offset, onset];
    return {
      amplitude: [msOf(peak), level + amplitude * (voltage[peak]! - level)],
      slope: [msOf(peak + ((up - peak) * width) / slope), level],
      width: [msOf(peak + (down - peak) * width), level],
    };
  };
  const paintHandles = (surface: Surface): void => {
    const places = placesOf();
    if (places === undefined) return;
    const { context, scale } = surface;
    context.lineWidth = 2 * scale;
    context.strokeStyle = colour('panel');
    context.fillStyle = colour('tangent');
    for (const [ms, mv] of Object.values(places)) {
      context.beginPath();
      context.arc(surface.x(ms), surface.y(mv), 6 * scale, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  };
  const columns = (): readonly [number[], ...(number | null)[][]] => [
    times,
    finite(voltage),
    reshaped ? finite(reshaped) : times.map(() => null),
    counterfactual ? finite(counterfactual) : times.map(() => null),
  ];
  const plot = createPlot({
    host,
    description: word('voltageShaded', { target }),
    height,
    lines: [
      { colour: 'trace', width: 2 },
      { colour: 'tangent', width: 2, dash: [5, 3] },
      { colour: 'class-3', width: 2, dash: [2, 2] },
    ],
    columns: columns(),
    xRange: range,
    xLabel: 'ms · mV',
    yRange: (low, high) => {
      const air = 0.1 * (high - low || 1);
      return [low - air, high + air];
    },
    drawBelow: surface => shade(surface, shading, largestOf(shading), msOf),
    drawAbove: paintHandles,
  });
  followHandles(plot, placesOf, handles, complex);
  return {
    showReshaped(now) {
      reshaped = now;
      plot.show(columns(), range);
    },
    showCounterfactual(now) {
      counterfactual = now;
      plot.show(columns(), range);
    },
    shadeBy(values) {
      shading = values;
      plot.redraw();
    },
    destroy: plot.destroy,
  };

  function followHandles(
    on: Plot,
    places: typeof placesOf,
    { shape, onChange }: ShapeHandles,
    at: BeatReason['complex'],
  ): void {
    const { area } = on;
    area.style.touchAction = 'none';
    let held:
      | { readonly name: HandleName; readonly x: number; readonly y: number; readonly shape: Shape }
      | undefined;
    const placeOf = (event: PointerEvent): readonly [number, number] => {
      const box = area.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    area.addEventListener('pointerdown', event => {
      const now = places();
      if (now === undefined) return;
      const [x, y] = placeOf(event);
      const away = (name: HandleName): number => {
        const [hx, hy] = on.placeOf(...now[name]);
        return Math.hypot(hx - x, hy - y);
      };
      const name = (Object.keys(now) as HandleName[]).sort((a, b) => away(a) - away(b))[0]!;
      if (away(name) > grasp) return;
      area.setPointerCapture(event.pointerId);
      held = { name, x, y, shape: shape() };
    });
    area.addEventListener('pointermove', event => {
      const now = places();
      if (held === undefined || now === undefined || at === undefined) return;
      const [x, y] = placeOf(event);
      const { name, shape: from } = held;
      const level = (voltage[at.onset]! + voltage[at.offset]!) / 2;
      const [peakX] = on.placeOf(msOf(at.peak), level);
      const [, levelY] = on.placeOf(0, level);
      const clamped = (value: number): number => Math.min(most, Math.max(least, value));
      const ratio = Math.abs((x - peakX) / (held.x - peakX || 1));
      if (name === 'amplitude') {
        onChange({ ...from, amplitude: clamped(from.amplitude * ((y - levelY) / (held.y - levelY || 1))) });
      } else if (name === 'width') onChange({ ...from, width: clamped(from.width * ratio) });
      // The nearer to the peak, the steeper.
      else onChange({ ...from, slope: clamped(from.slope / Math.max(0.05, ratio)) });
    });
    const release = (): void => {
      held = undefined;
    };
    area.addEventListener('pointerup', release);
    area.addEventListener('pointercancel', release);
  }
}

const largestOf = (values: Float64Array): number =>
  values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
