/** The training panel: trains in the worker on the beats labelled here, and shows the losses. */

import { aamiClass, aamiClasses } from '../../learn/protocol.ts';
import { type OptimizerName, optimizerNames } from '../../learn/train/optimizers.ts';
import { element, section } from '../element.ts';
import { significant } from '../number-format.ts';
import { createPlot, type Plot } from '../plot.ts';
import { word } from '../translations.ts';
import { select, slider, textButton } from '../workbench/controls.ts';
import type { Panel, Workbench } from '../workbench/workbench.ts';
import type { TrainingRequest } from '../worker/labelled-beats.ts';
import { fewestRows, validationShare } from '../worker/labelled-beats.ts';
import type { TrainingNews } from '../worker/training-task.ts';
import { showLossSurface } from './loss-surface-section.ts';
import { showNextBeat } from './next-beat-section.ts';
import { optimizerLabel } from './optimizer-label.ts';

const height = 220;

export function showLearnPanel(host: HTMLElement, workbench: Workbench): Panel {
  const { recording, selection, workers, status } = workbench;
  const rows = element('p', { class: 'setting', id: 'training-rows' });
  const told = element('p', { class: 'verdict', id: 'training-verdict', 'aria-live': 'polite' });
  const at = element('output', { id: 'training-epoch' });
  const plotHost = element('div', { class: 'plot' });
  let optimizer: OptimizerName = 'adam';
  let logRate = -2;
  let epochs = 60;
  let hidden = 16;
  let plot: Plot | undefined;
  let isRunning = false;
  let isPaused = false;
  let isGone = false;

  const draw = (news: TrainingNews): void => {
    at.textContent = word('epochOf', {
      epoch: news.epoch,
      epochs: news.epochs,
      loss: significant(news.losses.at(-1)),
      validation: significant(news.validationLosses.at(-1)),
    });
    told.className = `verdict ${news.verdict.kind}`;
    told.textContent = news.verdict.words;
    const finite = (values: readonly number[]): (number | null)[] =>
      values.map(value => (Number.isFinite(value) ? value : null));
    const columns = [
      news.losses.map((_, k) => k),
      finite(news.losses),
      [null, ...finite(news.validationLosses)].slice(0, news.losses.length),
    ] as const;
    plot ??= createPlot({
      host: plotHost,
      description: word('loss'),
      height,
      lines: [
        { colour: 'class-0', width: 2 },
        { colour: 'class-1', width: 2, dash: [6, 4] },
      ],
      columns,
      xRange: [0, epochs],
      xLabel: word('epoch'),
      wholeX: true,
      yRange: (low, high) => [Math.min(0, low), high > 0 ? 1.06 * high : 1],
    });
    plot.show(columns, [0, Math.max(1, news.epochs)]);
  };
  workers.analysis.on('training', news => {
    if (isGone) return;
    isRunning = !news.finished;
    draw(news);
    if (news.finished) refreshButtons();
  });

  const request = (): TrainingRequest => ({
    labels: labelsOf(workbench),
    optimizer,
    learningRate: 10 ** logRate,
    epochs,
    hidden,
    seed: 1,
  });
  const start = async (): Promise<void> => {
    plot?.destroy();
    plot = undefined;
    isRunning = true;
    isPaused = false;
    refreshButtons();
    try {
      await workers.analysis.call.startTraining(request());
    } catch (error) {
      isRunning = false;
      status.complain((error as Error).message);
    }
    refreshButtons();
  };
  const pause = (): void => {
    isPaused = !isPaused;
    const call = workers.analysis.call;
    const done = isPaused ? call.pauseTraining() : call.resumeTraining();
    done.catch((error: Error) => status.complain(error.message));
    refreshButtons();
  };
  const use = async (): Promise<void> => {
    try {
      recording.reclassify(await workers.analysis.call.useTrainedModel());
      status.tell(word('modelUsed'));
    } catch (error) {
      status.complain((error as Error).message);
    }
  };
  const startButton = textButton(word('startTraining'), () => void start());
  const pauseButton = textButton(word('pause'), pause);
  const useButton = textButton(word('useThisModel'), () => void use());
  const refreshButtons = (): void => {
    pauseButton.disabled = !isRunning;
    pauseButton.textContent = word(isPaused ? 'resume' : 'pause');
    useButton.disabled = isRunning && !isPaused;
  };
  const refresh = (): void => {
    const labels = labelsOf(workbench);
    const counts = aamiClasses.map((name, k) => [name, labels.filter(label => label === k).length] as const);
    const count = labels.filter(label => label >= 0).length;
    const confirmed = recording.beatMarks().filter(mark => mark && !mark.isProposed).length;
    rows.textContent =
      count < fewestRows
        ? word('notEnough')
        : word('learnRows', {
            count,
            classes: counts.flatMap(([name, n]) => (n > 0 ? [`${name} ${n}`] : [])).join(', '),
            confirmed,
            held: Math.round(100 * validationShare),
          });
  };
  host.append(
    section(
      'learn',
      word('learnTitle'),
      rows,
      element('p', { class: 'setting' }, word('samePatient')),
      element(
        'div',
        { class: 'sliders' },
        select(
          word('optimizer'),
          optimizerNames.map(name => ({ value: name, label: optimizerLabel(name) })),
          optimizer,
          name => {
            optimizer = name as OptimizerName;
          },
        ),
        slider(
          word('learningRate'),
          { min: -6, max: 2, step: 0.1, value: logRate },
          value => significant(10 ** value),
          value => {
            logRate = value;
          },
        ),
        slider(word('epochs'), { min: 5, max: 300, step: 5, value: epochs }, String, value => {
          epochs = value;
        }),
        slider(word('hiddenUnits'), { min: 0, max: 64, step: 4, value: hidden }, String, value => {
          hidden = value;
        }),
      ),
      element('div', { class: 'row' }, startButton, pauseButton, useButton),
      element(
        'div',
        { class: 'caption' },
        element('h3', {}, word('loss')),
        element(
          'span',
          { class: 'keys' },
          element('span', { class: 'key training' }, word('trainingLoss')),
          element('span', { class: 'key validation' }, word('validationLoss')),
        ),
      ),
      plotHost,
      at,
      told,
    ),
  );
  const surface = showLossSurface(host, workbench, request);
  const nextBeat = showNextBeat(host, workbench);
  refreshButtons();
  refresh();
  const stop = selection.follow((now, before) => {
    if (now.revision !== before.revision) refresh();
  });
  return {
    destroy() {
      isGone = true;
      stop();
      surface.destroy();
      nextBeat.destroy();
      plot?.destroy();
      workers.analysis.call.pauseTraining().catch((error: Error) => status.complain(error.message));
    },
  };
}

/** The AAMI class of each measured beat by its mark; −1 for one without. */
function labelsOf({ recording }: Workbench): Int8Array {
  return Int8Array.from(recording.beatMarks(), mark =>
    mark === undefined || aamiClass(mark.symbol) === undefined
      ? -1
      : aamiClasses.indexOf(aamiClass(mark.symbol)!),
  );
}
