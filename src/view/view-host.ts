/** The host element of a view in another page, with a theme of its own. */
import { element } from './element.ts';
import { useThemeOf, watchTheme } from './palette.ts';

let isWatching = false;

/** Creates the host element of a view; the system's theme is watched once. */
export function viewIn(host: HTMLElement): HTMLElement {
  const part = element('div', { class: 'upstroke-view' });
  host.append(part);
  useThemeOf(part);
  if (!isWatching) watchTheme();
  isWatching = true;
  part.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  return part;
}
