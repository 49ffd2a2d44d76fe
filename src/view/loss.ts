/** The loss curve and the verdict on the training. */

import type { ReportTraining } from '../analysis/report/report-data.ts';
import { besideTitle, element, section } from './element.ts';
import { significant } from './number-format.ts';
import { type Columns, createPlot, type LineSpec, type Plot } from './plot.ts';
import { subjectIn } from './report-language.ts';
import { isWord, language, word } from './translations.ts';

const HEIGHT = 230;

export function showLoss(page: HTMLElement, training: ReportTraining): void {
  const { losses, validationLosses, verdict } = training;
  const host = element('div', { class: 'plot' });
  const isLog = element('input', { type: 'checkbox', id: 'log-loss' });
  const part = section(
    'loss',
    word('r_training'),
    element('p', { class: `verdict ${verdict.kind}` }, verdictText(training)),
    element(
      'p',
      { class: 'setting' },
      ...(training.subject === undefined ? [] : [`${subjectIn(training.subject)}: `]),
      word('r_trainedWith', {
        optimizer: training.optimizer,
        rate: significant(training.learningRate),
        epochs: losses.length - 1,
      }),
      ...brokenOff(losses),
    ),
    lossCaption(validationLosses.length > 0),
    host,
  );
  besideTitle(part, element('label', { class: 'choice' }, isLog, ` ${word('r_logScale')}`));
  page.append(part);

  const draw = (): Plot =>
    createPlot({
      host,
      description: word('r_lossLabel', { verdict: verdictText(training) }),
      height: HEIGHT,
      lines: linesOf(training),
      columns: lossColumns(training, isLog.checked),
      xLabel: word('epoch'),
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

/** The heading of a plot of losses, with the colour of each. */
export const lossCaption = (hasValidation: boolean): HTMLElement =>
  element(
    'div',
    { class: 'caption' },
    element('h3', {}, word('loss')),
    element(
      'span',
      { class: 'keys' },
      element('span', { class: 'key training' }, word('trainingLoss')),
      ...(hasValidation ? [element('span', { class: 'key validation' }, word('validationLoss'))] : []),
    ),
  );

/** The verdict: in English the library's sentence, else its kind with the first and last loss. */
export function verdictText({ verdict, losses }: Pick<ReportTraining, 'verdict' | 'losses'>): string {
  const name = `verdict_${verdict.kind}`;
  if (language() === 'en' || !isWord(name)) return verdict.text;
  return word(name, { first: significant(losses[0]), last: significant(losses.at(-1)) });
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
  return at < 0 ? [] : [word('r_brokenOff', { epoch: at })];
}
