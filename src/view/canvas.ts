/** A canvas that fills its host at the screen's own resolution. */
import { element } from './element.ts';

export interface FilledCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Resizes the canvas to its host when necessary; to be called before painting. */
  fit(): void;
  /** Releases the canvas's pixels until it is painted again, so that nothing has to be blended over what lies below. */
  empty(): void;
  destroy(): void;
}

/** Adds a canvas to `host`; `onResize` is called when the size of the host changes. */
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
  /** The host's size, read when it changes: reading it for every frame would force a layout. */
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
    empty() {
      canvas.width = 0;
    },
    destroy() {
      resizing.disconnect();
      canvas.remove();
    },
  };
}
