/** The drawing interface of all figures: a canvas, or an SVG document that accepts the same calls. */

export type DrawingContext = Pick<
  CanvasRenderingContext2D,
  | 'save'
  | 'restore'
  | 'beginPath'
  | 'closePath'
  | 'moveTo'
  | 'lineTo'
  | 'rect'
  | 'arc'
  | 'stroke'
  | 'fill'
  | 'clip'
  | 'fillRect'
  | 'strokeRect'
  | 'fillText'
  | 'setLineDash'
> & {
  strokeStyle: string;
  fillStyle: string;
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
};

/** A rectangle in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Runs `draw` with drawing clipped to a box. */
export function inside(pen: DrawingContext, { left, top, width, height }: Box, draw: () => void): void {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
  draw();
  pen.restore();
}

/** Draws a straight line. */
export function line(pen: DrawingContext, x1: number, y1: number, x2: number, y2: number): void {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** CSS font of a size in pixels; `family` is a CSS list of font families. */
export const fontOf = (size: number, weight = 400, family = fontFamily): string =>
  `${weight} ${size}px ${family}`;

/** Text truncated with an ellipsis to a width in pixels, estimated at 0.56 em per character. */
export function fitted(text: string, size: number, width: number): string {
  const room = Math.floor(width / (0.56 * size));
  if (text.length <= room) return text;
  return room < 3 ? '' : `${text.slice(0, room - 1)}…`;
}
