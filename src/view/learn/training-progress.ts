/** The progress of training: a plot of both losses by epoch, the current epoch, and the result. */

import { element } from '../element.ts';
import { lossCaption, verdictText } from '../loss.ts';
import { significant } from '../number-format.ts';
import { createPlot, type Plot } from '../plot.ts';
import { word } from '../translations.ts';
import type { TrainingStatus } from '../worker/training-task.ts';

const height = 220;

export interface TrainingProgress {
  readonly elements: readonly HTMLElement[];
  show(news: TrainingStatus): void;
  /** Removes the plot and the texts. */
  clear(): void;
}

export function trainingProgress(): TrainingProgress {
  const plotHost = element('div', { class: 'plot' });
  const epochText = element('output', { id: 'training-epoch' });
  const verdictLine = element('p', { class: 'verdict', id: 'training-verdict', 'aria-live': 'polite' });
  let plot: Plot | undefined;
  return {
    elements: [lossCaption(true), plotHost, epochText, verdictLine],
    show(news) {
      epochText.textContent = word('epochOf', {
        epoch: news.epoch,
        epochs: news.epochs,
        loss: significant(news.losses.at(-1)),
        validation: significant(news.validationLosses.at(-1)),
      });
      verdictLine.className = `verdict ${news.verdict.kind}`;
      verdictLine.textContent = verdictText(news);
      plot ??= createLossPlot(plotHost, news);
      plot.show(columnsOf(news), [0, Math.max(1, news.epochs)]);
    },
    clear() {
      plot?.destroy();
      plot = undefined;
      epochText.textContent = '';
      verdictLine.textContent = '';
    },
  };
}

const createLossPlot = (host: HTMLElement, news: TrainingStatus): Plot =>
  createPlot({
    host,
    description: word('loss'),
    height,
    lines: [
      { colour: 'class-0', width: 2 },
      { colour: 'class-1', width: 2, dash: [6, 4] },
    ],
    columns: columnsOf(news),
    xRange: [0, news.epochs],
    xLabel: word('epoch'),
    wholeX: true,
    yRange: (low, high) => [Math.min(0, low), high > 0 ? 1.06 * high : 1],
  });

/**
 * Columns of epochs and of both losses. The training loss starts before the first epoch, the validation loss after it.
 */
function columnsOf({ losses, validationLosses }: TrainingStatus) {
  const finite = (values: readonly number[]): (number | null)[] =>
    values.map(value => (Number.isFinite(value) ? value : null));
  return [
    losses.map((_, k) => k),
    finite(losses),
    [null, ...finite(validationLosses)].slice(0, losses.length),
  ] as const;
}
