/** The section that runs the optimisers from the same starting point and shows their paths on the loss surface. */

import { element, section } from '../element.ts';
import { errorText } from '../error-text.ts';
import { percent, significant } from '../number-format.ts';
import type { Plot } from '../plot.ts';
import { word } from '../translations.ts';
import { textButton } from '../workbench/controls.ts';
import type { Panel, Workbench } from '../workbench/workbench.ts';
import type { TrainingRequest } from '../worker/labelled-beats.ts';
import { comparedOptimizers, type LossSurface } from '../worker/optimizer-comparison.ts';
import { pathStyles, plotLossSurface } from './loss-surface-plot.ts';
import { optimizerLabel } from './optimizer-label.ts';

export function showLossSurface(
  host: HTMLElement,
  { workers, status }: Pick<Workbench, 'workers' | 'status'>,
  request: () => TrainingRequest,
): Panel {
  const plotHost = element('div', { class: 'plot', hidden: '' });
  const keys = element('ul', { class: 'path-keys', id: 'optimizer-paths' });
  const told = element('p', { class: 'says', id: 'surface-words', 'aria-live': 'polite' });
  const progress = element('progress', { max: '1', hidden: '', 'aria-label': word('comparisonProgress') });
  let plot: Plot | undefined;
  let isGone = false;

  const show = (surface: LossSurface): void => {
    plot?.destroy();
    plotHost.hidden = false;
    plot = plotLossSurface(plotHost, surface, word('surfaceLabel'));
    keys.replaceChildren(
      ...surface.paths.map(({ optimizer, losses, isCut }, k) => {
        const stroke = element('span', { class: 'stroke', 'aria-hidden': 'true' });
        const { colour, dash } = pathStyles[k]!;
        stroke.style.borderTop = `3px ${dash.length === 0 ? 'solid' : dash.length > 2 ? 'double' : dash[0]! > 5 ? 'dashed' : 'dotted'} var(--${colour})`;
        const text = word(isCut ? 'pathCut' : 'pathLoss', {
          optimizer: optimizerLabel(optimizer),
          before: significant(losses[0]),
          after: significant(losses.at(-1)),
        });
        return element('li', {}, stroke, text);
      }),
    );
    told.textContent = word('surfaceWords', { share: percent(surface.explainedVariance) });
  };
  const compare = async (): Promise<void> => {
    refresh(true);
    try {
      const surface = await workers.analysis.call.compareOptimizers(request());
      if (surface !== undefined && !isGone) show(surface);
    } catch (error) {
      status.complain(errorText(error));
    }
    if (!isGone) refresh(false);
  };
  const cancel = (): void => {
    workers.analysis.call.cancelComparison().catch((error: Error) => status.complain(errorText(error)));
  };
  const start = textButton(word('compareOptimizers'), () => void compare());
  const stop = textButton(word('cancel'), cancel);
  const refresh = (isRunning: boolean): void => {
    start.disabled = isRunning;
    stop.hidden = !isRunning;
    progress.hidden = !isRunning;
    progress.value = 0;
  };
  workers.analysis.on('comparison', share => {
    progress.value = share;
  });
  refresh(false);
  host.append(
    section(
      'loss-surface',
      word('surfaceTitle'),
      element(
        'p',
        { class: 'setting' },
        word('surfaceHint', { optimizers: comparedOptimizers.map(optimizerLabel).join(', ') }),
      ),
      element('div', { class: 'row' }, start, stop, progress),
      plotHost,
      keys,
      told,
    ),
  );
  return {
    destroy() {
      isGone = true;
      cancel();
      plot?.destroy();
    },
  };
}
