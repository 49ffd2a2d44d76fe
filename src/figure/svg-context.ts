/** A pen that writes an SVG document: the same calls as a canvas, so that a picture is exported by painting it again. */
import type { DrawingContext } from './drawing-context.ts';

interface State {
  strokeStyle: string;
  fillStyle: string;
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  dash: readonly number[];
  /** Groups to close at `restore`. */
  groups: number;
}

export interface SvgContext {
  readonly pen: DrawingContext;
  /** The document so far. */
  document(): string;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

/** Two decimals are a hundredth of a pixel. */
const short = (value: number): string => String(Math.round(value * 100) / 100);

const anchors: Readonly<Record<string, string>> = {
  left: 'start',
  start: 'start',
  center: 'middle',
  right: 'end',
  end: 'end',
};
const baselines: Readonly<Record<string, string>> = {
  top: 'hanging',
  middle: 'central',
  bottom: 'text-after-edge',
};

/** A pen over an empty picture of so many pixels. Text is escaped. */
export function createSvgContext(width: number, height: number): SvgContext {
  const out: string[] = [];
  let path = '';
  let clips = 0;
  const stack: State[] = [];
  let state: State = {
    strokeStyle: '#000',
    fillStyle: '#000',
    lineWidth: 1,
    lineJoin: 'miter',
    globalAlpha: 1,
    font: '10px sans-serif',
    textAlign: 'start',
    textBaseline: 'alphabetic',
    dash: [],
    groups: 0,
  };
  const opacity = (): string => (state.globalAlpha < 1 ? ` opacity="${short(state.globalAlpha)}"` : '');
  const box = (x: number, y: number, w: number, h: number): string =>
    `x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}"`;
  const pen = {
    save() {
      stack.push({ ...state });
      state.groups = 0;
    },
    restore() {
      out.push('</g>'.repeat(state.groups));
      state = stack.pop() ?? state;
    },
    beginPath() {
      path = '';
    },
    closePath() {
      path += 'Z';
    },
    moveTo(x: number, y: number) {
      path += `M${short(x)} ${short(y)}`;
    },
    lineTo(x: number, y: number) {
      path += `L${short(x)} ${short(y)}`;
    },
    rect(x: number, y: number, w: number, h: number) {
      path += `M${short(x)} ${short(y)}h${short(w)}v${short(h)}h${short(-w)}Z`;
    },
    arc(x: number, y: number, r: number) {
      // Every arc here is a whole circle.
      path += `M${short(x - r)} ${short(y)}a${short(r)} ${short(r)} 0 1 0 ${short(2 * r)} 0a${short(r)} ${short(r)} 0 1 0 ${short(-2 * r)} 0Z`;
    },
    stroke() {
      const dash = state.dash.length > 0 ? ` stroke-dasharray="${state.dash.join(' ')}"` : '';
      out.push(
        `<path d="${path}" fill="none" stroke="${escaped(state.strokeStyle)}" stroke-width="${short(state.lineWidth)}" stroke-linejoin="${state.lineJoin}"${dash}${opacity()}/>`,
      );
    },
    fill() {
      out.push(`<path d="${path}" fill="${escaped(state.fillStyle)}"${opacity()}/>`);
    },
    clip() {
      const id = `clip${clips++}`;
      out.push(`<clipPath id="${id}"><path d="${path}"/></clipPath><g clip-path="url(#${id})">`);
      state.groups++;
    },
    fillRect(x: number, y: number, w: number, h: number) {
      out.push(`<rect ${box(x, y, w, h)} fill="${escaped(state.fillStyle)}"${opacity()}/>`);
    },
    strokeRect(x: number, y: number, w: number, h: number) {
      out.push(
        `<rect ${box(x, y, w, h)} fill="none" stroke="${escaped(state.strokeStyle)}" stroke-width="${short(state.lineWidth)}"${opacity()}/>`,
      );
    },
    fillText(text: string, x: number, y: number) {
      const [, weight = '400', size = '12', family = 'sans-serif'] =
        /^(\d+) ([\d.]+)px (.*)$/.exec(state.font) ?? [];
      const baseline = baselines[state.textBaseline] ?? 'alphabetic';
      out.push(
        `<text x="${short(x)}" y="${short(y)}" font-family="${escaped(family)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchors[state.textAlign] ?? 'start'}" dominant-baseline="${baseline}" fill="${escaped(state.fillStyle)}"${opacity()}>${escaped(text)}</text>`,
      );
    },
    setLineDash(dash: number[]) {
      state.dash = dash;
    },
  };
  for (const key of Object.keys(state) as (keyof State)[]) {
    if (key === 'dash' || key === 'groups') continue;
    Object.defineProperty(pen, key, {
      get: () => state[key],
      set: (value: never) => {
        state = { ...state, [key]: value };
      },
    });
  }
  return {
    pen: pen as unknown as DrawingContext,
    document: () =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${out.join('')}</svg>\n`,
  };
}
