/** The plots of the panel beside the trace as one picture, one below the other, each with its name. */
import { colour } from '../palette.ts';

const margin = 12;
const nameHeight = 22;

/** Paints the plots of `panel`; undefined where it has none. */
export function panelPicture(panel: HTMLElement): HTMLCanvasElement | undefined {
  const plots = [...panel.querySelectorAll('canvas')].filter(({ width, height }) => width * height > 0);
  if (plots.length === 0) return undefined;
  const scale = devicePixelRatio;
  const picture = document.createElement('canvas');
  picture.width = Math.max(...plots.map(({ width }) => width)) + 2 * margin * scale;
  picture.height = plots.reduce(
    (sum, { height }) => sum + height + (nameHeight + margin) * scale,
    margin * scale,
  );
  const pen = picture.getContext('2d')!;
  pen.fillStyle = colour('panel');
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.fillStyle = colour('ink');
  pen.font = `600 ${13 * scale}px system-ui, sans-serif`;
  pen.textBaseline = 'middle';
  let top = margin * scale;
  for (const plot of plots) {
    const name = plot.closest('[role=img]')?.getAttribute('aria-label') ?? '';
    pen.fillText(name, margin * scale, top + (nameHeight * scale) / 2, picture.width - 2 * margin * scale);
    pen.drawImage(plot, margin * scale, top + nameHeight * scale);
    top += plot.height + (nameHeight + margin) * scale;
  }
  return picture;
}
