/** The labels of a curve: its name, the ends of its scale with the unit, and why nothing is drawn. */
import { type DrawingContext, fontOf } from '../../figure/drawing-context.ts';
import { decimals } from '../number-format.ts';
import { colour } from '../palette.ts';
import { word } from '../translations.ts';
import { axisWidth, isNear, type PlacedCurve, type TraceScene } from './trace-scene.ts';

/** Where the name of a curve begins: beside the calibration pulse. */
const indentOf = ({ pulse }: PlacedCurve): number => (pulse === 'inside' ? 40 : 6);

/** Shows why nothing is drawn: it is being read, too far away, or no sample in view is valid. */
export function paintEmpty(
  pen: DrawingContext,
  { signals, words }: TraceScene,
  placed: PlacedCurve,
  isRead: boolean,
): void {
  const { kind, cell, box } = placed;
  const isFar = !isNear(placed, signals.samplingFrequency);
  const isInvalid = isFar ? signals.isSurveyed(kind, cell.lead, box.to * signals.samplingFrequency) : isRead;
  const text = isInvalid ? words.noSamples : isFar && kind === 'slope' ? words.zoomForSlope : words.loading;
  pen.font = fontOf(12);
  pen.fillStyle = colour('muted');
  pen.textAlign = 'left';
  pen.textBaseline = 'top';
  pen.fillText(text, box.left + indentOf(placed), box.top + 20);
}

export function paintNames(
  pen: DrawingContext,
  scene: TraceScene,
  placed: PlacedCurve,
  [bottom, top]: readonly [number, number],
): void {
  const { kind, cell, box } = placed;
  const { name, units } = scene.signals.leads[cell.lead]!;
  pen.textBaseline = 'top';
  pen.textAlign = 'left';
  pen.font = fontOf(12, 650);
  const shown = `${cell.isInverted ? '−' : ''}${name}`;
  const label = kind === 'voltage' ? shown : `${scene.words.slope} ${shown}`;
  const indent = indentOf(placed);
  // On a ground of its own, so that the trace does not cross it.
  pen.fillStyle = colour('panel');
  pen.globalAlpha = 0.8;
  pen.fillRect(box.left + indent - 2, box.top + 2, 7.6 * label.length + 4, 15);
  pen.globalAlpha = 1;
  pen.fillStyle = colour(kind === 'voltage' ? 'ink' : 'derivative');
  pen.fillText(label, box.left + indent, box.top + 3);
  if (cell.column > 0) return;
  pen.font = fontOf(11);
  pen.fillStyle = colour('muted');
  pen.textAlign = 'right';
  const places = top - bottom < 5 ? 1 : 0;
  pen.fillText(decimals(top, places), axisWidth - 6, box.top + 2);
  pen.textBaseline = 'bottom';
  pen.fillText(decimals(bottom, places), axisWidth - 6, box.top + box.height - 2);
  if (box.height > 56) {
    pen.textBaseline = 'middle';
    pen.fillText(kind === 'voltage' ? units : `${units}/s`, axisWidth - 6, box.top + box.height / 2);
  }
}

/** The words that are drawn with curves, in the language of the page. */
export const curveWords = (): TraceScene['words'] => ({
  loading: word('loading'),
  noSamples: word('noSamples'),
  slope: word('slope'),
  zoomForSlope: word('zoomForSlope'),
});
