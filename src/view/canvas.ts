/** A canvas that fills its host at the screen's own resolution. */
import { element } from './element.ts';

export interface FilledCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Fits the canvas to its host where that has changed; every picture starts with it. */
  fit(): void;
  destroy(): void;
}

/** Adds a canvas to `host`; `onResize` is told when the host has another size. */
export function fillWithCanvas(
  host: HTMLElement,
  className: string,
  onResize: () => void,
  { isOpaque = false } = {},
): FilledCanvas {
  const canvas = element('canvas', { class: className });
  host.append(canvas);
  const context = canvas.getContext('2d', { alpha: !isOpaque })!;
  let width = 0;
  let height = 0;
  /** The host's size, asked for when it changes: asking at every frame makes the page lay itself out. */
  let size = [host.clientWidth, host.clientHeight] as const;
  const resizing = new ResizeObserver(() => {
    size = [host.clientWidth, host.clientHeight];
    onResize();
  });
  resizing.observe(host);
  return {
    canvas,
    context,
    get width() {
      return width;
    },
    get height() {
      return height;
    },
    fit() {
      const scale = devicePixelRatio || 1;
      [width, height] = size;
      const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
      if (canvas.width !== wide || canvas.height !== high) {
        canvas.width = wide;
        canvas.height = high;
      }
      context.setTransform(scale, 0, 0, scale, 0, 0);
    },
    destroy() {
      resizing.disconnect();
      canvas.remove();
    },
  };
}
