/** Calibration of the screen in pixels per millimetre, by matching a bar to the width of a bank card. */
import { element } from '../element.ts';
import { word } from '../translations.ts';
import { dialog, slider } from './controls.ts';

/** Width of a card according to ISO/IEC 7810 ID-1, mm. */
const cardWidth = 85.6;
const key = 'upstroke.pixelsPerMillimetre';
/** CSS pixels per millimetre: CSS defines 96 px per inch, but screens differ. */
const usual = 96 / 25.4;

/** CSS pixels per millimetre: the calibrated value, otherwise that of the CSS definition. */
export function pixelsPerMillimetre(): number {
  const kept = Number(localStorage.getItem(key));
  return kept >= 1 && kept <= 20 ? kept : usual;
}

export function showScreenCalibration(onChange: () => void): void {
  const bar = element('div', { class: 'card-bar' });
  const show = (perMm: number): void => {
    bar.style.width = `${perMm * cardWidth}px`;
  };
  show(pixelsPerMillimetre());
  dialog(
    word('calibrateScreen'),
    word('close'),
    element('p', {}, word('calibrateHint')),
    bar,
    slider(
      word('calibrateScreen'),
      { min: 2, max: 8, step: 0.01, value: pixelsPerMillimetre() },
      value => `${value.toFixed(2)} px/mm`,
      value => {
        localStorage.setItem(key, String(value));
        show(value);
        onChange();
      },
    ),
  ).showModal();
}
