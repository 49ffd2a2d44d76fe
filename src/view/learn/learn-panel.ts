/** The training panel: trains in the worker on the beats labelled in the page, and plots the losses. */

import { aamiClass, aamiClasses } from '../../learn/protocol.ts';
import { type OptimizerName, optimizerNames } from '../../learn/train/optimizers.ts';
import { element, section } from '../element.ts';
import { errorText } from '../error-text.ts';
import { significant } from '../number-format.ts';
import { word } from '../translations.ts';
import { select, slider, textButton } from '../workbench/controls.ts';
import type { Panel, Workbench } from '../workbench/workbench.ts';
import type { TrainingRequest } from '../worker/labelled-beats.ts';
import { fewestRows, validationShare } from '../worker/labelled-beats.ts';
import { showLossSurface } from './loss-surface-section.ts';
import { showNextBeat } from './next-beat-section.ts';
import { optimizerLabel } from './optimizer-label.ts';
import { trainingProgress } from './training-progress.ts';

type Setting = Omit<TrainingRequest, 'labels' | 'seed'>;

interface TrainingState {
  /** The settings of the controls; changes apply from the next start. */
  setting: Setting;
  isRunning: boolean;
  isPaused: boolean;
  isDestroyed: boolean;
}

export function showLearnPanel(host: HTMLElement, workbench: Workbench): Panel {
  const { selection, workers, status } = workbench;
  const state: TrainingState = {
    setting: { optimizer: 'adam', learningRate: 0.01, epochs: 60, hidden: 16 },
    isRunning: false,
    isPaused: false,
    isDestroyed: false,
  };
  const rows = element('p', { class: 'setting', id: 'training-rows' });
  const progress = trainingProgress();
  const buttons = trainingButtons(workbench, state, () => progress.clear());
  workers.analysis.on('training', news => {
    // The last epoch may arrive after the training has been cancelled.
    if (state.isDestroyed || !state.isRunning) return;
    state.isRunning = !news.finished;
    progress.show(news);
    if (news.finished) buttons.refresh();
  });
  host.append(
    section(
      'learn',
      word('learnTitle'),
      rows,
      element('p', { class: 'setting' }, word('samePatient')),
      settingControls(state),
      buttons.host,
      ...progress.elements,
    ),
  );
  const surface = showLossSurface(host, workbench, () => requestOf(workbench, state.setting));
  const nextBeat = showNextBeat(host, workbench);
  const refresh = (): void => {
    rows.textContent = labelText(workbench);
  };
  buttons.refresh();
  refresh();
  const stop = selection.follow((now, before) => {
    if (now.revision !== before.revision) refresh();
  });
  return {
    destroy() {
      state.isDestroyed = true;
      stop();
      surface.destroy();
      nextBeat.destroy();
      progress.clear();
      workers.analysis.call.pauseTraining().catch((error: Error) => status.complain(errorText(error)));
    },
  };
}

const requestOf = (workbench: Workbench, setting: Setting): TrainingRequest => ({
  ...setting,
  labels: labelsOf(workbench),
  seed: 1,
});

/** Buttons to start, pause or resume training, and to use the trained model. */
function trainingButtons(workbench: Workbench, state: TrainingState, clear: () => void) {
  const { recording, workers, status } = workbench;
  const { call } = workers.analysis;
  const complain = (error: unknown): void => status.complain(errorText(error));
  const start = async (): Promise<void> => {
    clear();
    state.isRunning = true;
    state.isPaused = false;
    refresh();
    try {
      await call.startTraining(requestOf(workbench, state.setting));
    } catch (error) {
      state.isRunning = false;
      complain(error);
    }
    refresh();
  };
  const pause = (): void => {
    state.isPaused = !state.isPaused;
    (state.isPaused ? call.pauseTraining() : call.resumeTraining()).catch(complain);
    refresh();
  };
  const use = async (): Promise<void> => {
    try {
      recording.reclassify(await call.useTrainedModel());
      status.tell(word('modelUsed'));
    } catch (error) {
      complain(error);
    }
  };
  const startButton = textButton(word('startTraining'), () => void start());
  const pauseButton = textButton(word('pause'), pause);
  const cancelButton = textButton(word('cancel'), () => {
    call.pauseTraining().catch(complain);
    state.isRunning = false;
    state.isPaused = false;
    clear();
    refresh();
  });
  const useButton = textButton(word('useThisModel'), () => void use());
  const refresh = (): void => {
    pauseButton.disabled = !state.isRunning;
    cancelButton.disabled = !state.isRunning;
    pauseButton.textContent = word(state.isPaused ? 'resume' : 'pause');
    useButton.disabled = state.isRunning && !state.isPaused;
  };
  return {
    host: element('div', { class: 'row' }, startButton, pauseButton, cancelButton, useButton),
    refresh,
  };
}

/** Controls of the optimiser, the learning rate, the epochs and the hidden units. */
function settingControls(state: TrainingState): HTMLElement {
  const { optimizer, learningRate, epochs, hidden } = state.setting;
  const change = (changed: Partial<Setting>): void => {
    state.setting = { ...state.setting, ...changed };
  };
  return element(
    'div',
    { class: 'sliders' },
    select(
      word('optimizer'),
      optimizerNames.map(name => ({ value: name, label: optimizerLabel(name) })),
      optimizer,
      name => change({ optimizer: name as OptimizerName }),
    ),
    slider(
      word('learningRate'),
      { min: -6, max: 2, step: 0.1, value: Math.log10(learningRate) },
      value => significant(10 ** value),
      value => change({ learningRate: 10 ** value }),
    ),
    slider(word('epochs'), { min: 5, max: 300, step: 5, value: epochs }, String, value =>
      change({ epochs: value }),
    ),
    slider(word('hiddenUnits'), { min: 0, max: 64, step: 4, value: hidden }, String, value =>
      change({ hidden: value }),
    ),
  );
}

/** The number of labelled beats and their classes, or a message that there are too few. */
function labelText(workbench: Workbench): string {
  const labels = labelsOf(workbench);
  const count = labels.filter(label => label >= 0).length;
  if (count < fewestRows) return word('notEnough');
  const counts = aamiClasses.map((name, k) => [name, labels.filter(label => label === k).length] as const);
  return word('learnRows', {
    count,
    classes: counts.flatMap(([name, n]) => (n > 0 ? [`${name} ${n}`] : [])).join(', '),
    confirmed: workbench.recording.beatMarks().filter(mark => mark && !mark.isProposed).length,
    held: Math.round(100 * validationShare),
  });
}

/** AAMI class of each measured beat from its mark, as a class index; −1 for a beat without one. */
function labelsOf({ recording }: Workbench): Int8Array {
  return Int8Array.from(recording.beatMarks(), mark =>
    mark === undefined || aamiClass(mark.symbol) === undefined
      ? -1
      : aamiClasses.indexOf(aamiClass(mark.symbol)!),
  );
}
