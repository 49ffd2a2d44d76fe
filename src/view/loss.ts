/** The loss curve and the verdict on the training. */

import type { ReportTraining } from '../analysis/report/report-data.ts';
import { besideTitle, element, section } from './element.ts';
import { significant } from './number-format.ts';
import { type Columns, createPlot, type LineSpec, type Plot } from './plot.ts';

const HEIGHT = 230;

export function showLoss(page: HTMLElement, training: ReportTraining): void {
  const { losses, validationLosses, verdict } = training;
  const host = element('div', { class: 'plot' });
  const isLog = element('input', { type: 'checkbox', id: 'log-loss' });
  const part = section(
    'loss',
    'Training',
    element('p', { class: `verdict ${verdict.kind}` }, verdict.text),
    element(
      'p',
      { class: 'setting' },
      ...(training.subject === undefined ? [] : [`${training.subject}: `]),
      `${training.optimizer}, learning rate ${significant(training.learningRate)}, ${losses.length - 1} epochs`,
      ...brokenOff(losses),
    ),
    element(
      'div',
      { class: 'caption' },
      element('h3', {}, 'Loss'),
      element(
        'span',
        { class: 'keys' },
        element('span', { class: 'key training' }, 'training'),
        ...(validationLosses.length > 0 ? [element('span', { class: 'key validation' }, 'validation')] : []),
      ),
    ),
    host,
  );
  besideTitle(part, element('label', { class: 'choice' }, isLog, ' log scale'));
  page.append(part);

  const draw = (): Plot =>
    createPlot({
      host,
      description: `Loss after each epoch. ${verdict.text}`,
      height: HEIGHT,
      lines: linesOf(training),
      columns: lossColumns(training, isLog.checked),
      xLabel: 'epoch',
      wholeX: true,
      yLog: isLog.checked,
      ...(!isLog.checked && {
        yRange: (low, high) => [Math.min(0, low), high > 0 ? 1.06 * high : 1] as const,
      }),
    });
  let plot = draw();
  isLog.addEventListener('change', () => {
    plot.destroy();
    plot = draw();
  });
}

/** Epochs, 0 before training, against the losses; on a logarithmic scale what is not positive is a gap. */
export function lossColumns(training: ReportTraining, isLog: boolean): Columns {
  const shown = (values: readonly (number | null)[]): (number | null)[] =>
    values.map(value => (value !== null && isLog && value <= 0 ? null : value));
  const { losses, validationLosses } = training;
  const epochs = losses.map((_value, index) => index);
  return validationLosses.length > 0
    ? [epochs, shown(losses), [null, ...shown(validationLosses)]]
    : [epochs, shown(losses)];
}

function linesOf({ losses, validationLosses }: ReportTraining): LineSpec[] {
  // A curve of few epochs needs dots: a single epoch would not be visible otherwise.
  const dots = losses.length <= 30 ? { dots: 5 } : {};
  const lines: LineSpec[] = [{ colour: 'class-0', width: 2, ...dots }];
  if (validationLosses.length > 0) lines.push({ colour: 'class-1', width: 2, dash: [6, 4], ...dots });
  return lines;
}

function brokenOff(losses: readonly (number | null)[]): string[] {
  const at = losses.indexOf(null);
  return at < 0 ? [] : [`; no finite loss from epoch ${at}`];
}
