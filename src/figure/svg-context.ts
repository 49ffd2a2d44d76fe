/**
 * A drawing context that writes an SVG document. It accepts the same calls as a canvas, so a figure is exported by
 * painting it again.
 */
import type { DrawingContext } from './drawing-context.ts';

interface Style {
  strokeStyle: string;
  fillStyle: string;
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
}

/** The document so far, and the current state of the context, as on a canvas. */
interface SvgState {
  readonly elements: string[];
  style: Style;
  dash: readonly number[];
  /** `d` attribute of the current path. */
  path: string;
  clipCount: number;
  /** Groups opened since the last `save`, which `restore` closes. */
  openGroups: number;
  readonly saved: Pick<SvgState, 'style' | 'dash' | 'openGroups'>[];
}

/** A drawing context that can return its SVG document. */
export interface SvgContext {
  readonly pen: DrawingContext;
  /** The document so far. */
  document(): string;
}

const defaultStyle: Style = {
  strokeStyle: '#000',
  fillStyle: '#000',
  lineWidth: 1,
  lineJoin: 'miter',
  globalAlpha: 1,
  font: '10px sans-serif',
  textAlign: 'start',
  textBaseline: 'alphabetic',
};

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

/** Creates a drawing context with an empty document of the given size in pixels. Text is escaped. */
export function createSvgContext(width: number, height: number): SvgContext {
  const state: SvgState = {
    elements: [],
    style: defaultStyle,
    dash: [],
    path: '',
    clipCount: 0,
    openGroups: 0,
    saved: [],
  };
  const pen = { ...stateCalls(state), ...pathCalls(state), ...paintCalls(state) };
  for (const key of Object.keys(defaultStyle) as (keyof Style)[]) {
    Object.defineProperty(pen, key, {
      get: () => state.style[key],
      set: (value: never) => {
        state.style = { ...state.style, [key]: value };
      },
    });
  }
  return {
    pen: pen as typeof pen & Style,
    document: () =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${state.elements.join('')}</svg>\n`,
  };
}

const stateCalls = (state: SvgState) => ({
  save() {
    state.saved.push({ style: state.style, dash: state.dash, openGroups: state.openGroups });
    state.openGroups = 0;
  },
  restore() {
    state.elements.push('</g>'.repeat(state.openGroups));
    const before = state.saved.pop();
    if (before) Object.assign(state, before);
  },
  clip() {
    const id = `clip${state.clipCount++}`;
    state.elements.push(
      `<clipPath id="${id}"><path d="${state.path}"/></clipPath><g clip-path="url(#${id})">`,
    );
    state.openGroups++;
  },
  setLineDash(dash: number[]) {
    state.dash = dash;
  },
});

const pathCalls = (state: SvgState) => ({
  beginPath() {
    state.path = '';
  },
  closePath() {
    state.path += 'Z';
  },
  moveTo(x: number, y: number) {
    state.path += `M${short(x)} ${short(y)}`;
  },
  lineTo(x: number, y: number) {
    state.path += `L${short(x)} ${short(y)}`;
  },
  rect(x: number, y: number, w: number, h: number) {
    state.path += `M${short(x)} ${short(y)}h${short(w)}v${short(h)}h${short(-w)}Z`;
  },
  /** Adds a whole circle; the angles are ignored, because no figure draws a partial arc. */
  arc(x: number, y: number, r: number) {
    const half = (sign: 1 | -1): string => `a${short(r)} ${short(r)} 0 1 0 ${short(sign * 2 * r)} 0`;
    state.path += `M${short(x - r)} ${short(y)}${half(1)}${half(-1)}Z`;
  },
});

const paintCalls = (state: SvgState) => ({
  stroke() {
    const dash = state.dash.length > 0 ? ` stroke-dasharray="${state.dash.join(' ')}"` : '';
    state.elements.push(
      `<path d="${state.path}" ${strokeOf(state.style)} stroke-linejoin="${state.style.lineJoin}"${dash}${opacityOf(state.style)}/>`,
    );
  },
  fill() {
    state.elements.push(`<path d="${state.path}" ${fillOf(state.style)}/>`);
  },
  fillRect(x: number, y: number, w: number, h: number) {
    state.elements.push(`<rect ${rectangle(x, y, w, h)} ${fillOf(state.style)}/>`);
  },
  strokeRect(x: number, y: number, w: number, h: number) {
    state.elements.push(`<rect ${rectangle(x, y, w, h)} ${strokeOf(state.style)}${opacityOf(state.style)}/>`);
  },
  fillText(text: string, x: number, y: number) {
    const { font, textAlign, textBaseline } = state.style;
    const [, weight = '400', size = '12', family = 'sans-serif'] = /^(\d+) ([\d.]+)px (.*)$/.exec(font) ?? [];
    const placed = `text-anchor="${anchors[textAlign] ?? 'start'}" dominant-baseline="${baselines[textBaseline] ?? 'alphabetic'}"`;
    state.elements.push(
      `<text x="${short(x)}" y="${short(y)}" font-family="${escaped(family)}" font-size="${size}" font-weight="${weight}" ${placed} ${fillOf(state.style)}>${escaped(text)}</text>`,
    );
  },
});

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

/** Rounds to two decimals, a hundredth of a pixel. */
const short = (value: number): string => String(Math.round(value * 100) / 100);

const opacityOf = ({ globalAlpha }: Style): string =>
  globalAlpha < 1 ? ` opacity="${short(globalAlpha)}"` : '';

const fillOf = (style: Style): string => `fill="${escaped(style.fillStyle)}"${opacityOf(style)}`;

const strokeOf = ({ strokeStyle, lineWidth }: Style): string =>
  `fill="none" stroke="${escaped(strokeStyle)}" stroke-width="${short(lineWidth)}"`;

const rectangle = (x: number, y: number, w: number, h: number): string =>
  `x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}"`;
