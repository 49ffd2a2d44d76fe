/** Colours and shapes. Hues tell classes apart for the colour-blind too (Okabe & Ito 2008), and so do the shapes. */
import type { ReportBeat } from '../analysis/report/report-data.ts';

/** Names of the colours of the style sheet, which defines light, dark and print themes. */
export type Colour =
  | 'ink'
  | 'muted'
  | 'rule'
  | 'grid'
  | 'panel'
  | 'trace'
  | 'derivative'
  | 'tangent'
  | 'lower'
  | 'raise'
  | 'paper-thin'
  | 'paper-thick'
  | `class-${number}`;

const known = new Map<Colour, string>();

/** The element whose theme applies: the root of the page, or a component in another page. */
let themed: HTMLElement | undefined;
const root = (): HTMLElement => themed ?? document.documentElement;

/** Uses the theme of a component instead of that of the page's root. */
export function useThemeOf(part: HTMLElement): void {
  themed = part;
  known.clear();
}

/** The CSS colour in the current theme. */
export function colour(name: Colour): string {
  let value = known.get(name);
  if (value === undefined) {
    value = getComputedStyle(root()).getPropertyValue(`--${name}`).trim();
    known.set(name, value);
  }
  return value;
}

const listeners = new Set<() => void>();

/**
 * Calls `listener` when the theme changes: between light and dark, and to light while printing. Returns a function that
 * ends the subscription.
 */
export function followTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The user's choice: the system's theme, or light or dark regardless of it. */
export type ThemeChoice = 'system' | 'light' | 'dark';

let chosen: ThemeChoice = 'system';
let isPrinting = false;

/** Applies the theme (light, dark or print) and redraws everything. */
function applyTheme(): void {
  const isDark = chosen === 'dark' || (chosen === 'system' && systemIsDark().matches);
  root().dataset.theme = isPrinting ? 'print' : isDark ? 'dark' : 'light';
  known.clear();
  for (const listener of listeners) listener();
}

const systemIsDark = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');

/** Sets the theme. */
export function chooseTheme(choice: ThemeChoice): void {
  chosen = choice;
  applyTheme();
}

/** Starts to follow the system's theme and printing; to be called once. */
export function watchTheme(): void {
  systemIsDark().addEventListener('change', applyTheme);
  addEventListener('beforeprint', () => {
    isPrinting = true;
    applyTheme();
  });
  addEventListener('afterprint', () => {
    isPrinting = false;
    applyTheme();
  });
  applyTheme();
}

/** How one class of beats is drawn. */
export interface ClassMark {
  readonly name: string;
  readonly colour: Colour;
  /** SVG path data about the origin, some 10 units across. */
  readonly shape: string;
}

const SHAPES = {
  circle: 'M-4.2 0a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0Z',
  square: 'M-4-4H4V4H-4Z',
  triangle: 'M0-5.2L5 3.8H-5Z',
  diamond: 'M0-5.6L5.2 0L0 5.6L-5.2 0Z',
  cross: 'M-4.6-2.4L-2.4-4.6L0-2.2L2.4-4.6L4.6-2.4L2.2 0L4.6 2.4L2.4 4.6L0 2.2L-2.4 4.6L-4.6 2.4L-2.2 0Z',
  tip: 'M0 5.2L5-3.8H-5Z',
  bar: 'M-5.4-2.2H5.4V2.2H-5.4Z',
  post: 'M-2.2-5.4H2.2V5.4H-2.2Z',
} as const;

const shapes = Object.values(SHAPES);
const AAMI = ['N', 'V', 'S', 'F', 'Q'];

/** The mark of each class: those of the five AAMI classes are fixed, others are assigned in the order given. */
export function classMarks(names: readonly string[]): ReadonlyMap<string, ClassMark> {
  const marks = new Map<string, ClassMark>();
  let next = AAMI.length;
  for (const name of names) {
    if (marks.has(name)) continue;
    const place = AAMI.includes(name) ? AAMI.indexOf(name) : next++ % shapes.length;
    marks.set(name, { name, colour: `class-${place}`, shape: shapes[place]! });
  }
  return marks;
}

export const classOf = (beat: ReportBeat): string => beat.class ?? beat.symbol;

/** Beats of each class, the most frequent first. */
export function countsByClass(beats: readonly ReportBeat[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const beat of beats) counts.set(classOf(beat), (counts.get(classOf(beat)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** The mark as an inline SVG icon. */
export function markIcon(mark: ClassMark): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '-6 -6 12 12');
  svg.setAttribute('class', 'mark');
  svg.setAttribute('aria-hidden', 'true');
  svg.style.color = `var(--${mark.colour})`;
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', mark.shape);
  svg.append(path);
  return svg;
}
