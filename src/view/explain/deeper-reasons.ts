/**
 * The parts of an explanation that take about a second to compute: the contribution of each sample (integrated
 * gradients), and the smallest changes of the beat for which the model predicts another class (counterfactuals).
 */

import { element } from '../element.ts';
import { errorText } from '../error-text.ts';
import { significant } from '../number-format.ts';
import { word } from '../translations.ts';
import { select, textButton } from '../workbench/controls.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { BeatReason, DeeperReasons } from '../worker/beat-queries.ts';
import { featuresSentence, oddsSentence, voltageSentence } from './reason-sentences.ts';
import type { Waveform } from './shaded-waveform.ts';

const shadings = ['gradient', 'smoothed', 'integrated'] as const;
type Shading = (typeof shadings)[number];

/** The value of each sample for the chosen shading. */
function shadingValues(reason: BeatReason, deeper: DeeperReasons, shading: Shading): Float64Array {
  if (shading === 'gradient') return reason.gradient;
  return shading === 'smoothed' ? deeper.smoothedGradient : deeper.smoothedContributions;
}

/** A beat whose deeper reasons are requested. */
interface ExplainedBeat {
  /** R peak, sample index in the record. */
  readonly rPeak: number;
  readonly reason: BeatReason;
  readonly waveform: Waveform;
  /** Whether the beat is still the one that is shown. */
  readonly isWanted: () => boolean;
}

/**
 * Computes and shows the deeper reasons of a beat at a place, with progress and a button that cancels; when they were
 * cancelled, with a button that computes them after all.
 */
export function deeperReasons({
  workers: { analysis },
  status,
}: Pick<Workbench, 'workers' | 'status'>): (place: HTMLElement, beat: ExplainedBeat) => Promise<void> {
  const shading: { value: Shading } = { value: 'integrated' };
  const complain = (error: Error): void => status.complain(errorText(error));
  let bar: HTMLProgressElement | undefined;
  analysis.on('reasons', share => {
    if (bar) bar.value = share;
  });
  const compute = async (place: HTMLElement, beat: ExplainedBeat): Promise<void> => {
    const { rPeak, reason, waveform, isWanted } = beat;
    bar = element('progress', { max: '1', value: '0', 'aria-label': word('computing') });
    const cancel = textButton(word('cancel'), () => void analysis.call.cancelReasons().catch(complain));
    cancel.setAttribute('aria-label', `${word('cancel')}: ${word('computing')}`);
    place.replaceChildren(element('div', { class: 'task' }, word('computing'), bar, cancel));
    const deeper = await analysis.call.deeperReasonsAt(rPeak, reason.target);
    if (!isWanted()) return;
    if (deeper !== undefined) showDeeperReasons(place, reason, deeper, waveform, shading);
    else {
      const again = (): void => void compute(place, beat).catch(complain);
      place.replaceChildren(textButton(word('computeReasons'), again));
    }
  };
  return compute;
}

/**
 * Adds the choice of shading, and the counterfactual waveform with its description. `shading` holds the choice made for
 * the previous beat, so that it is kept from beat to beat.
 */
function showDeeperReasons(
  host: HTMLElement,
  reason: BeatReason,
  deeper: DeeperReasons,
  waveform: Waveform,
  shading: { value: Shading },
): void {
  const { integrated } = deeper;
  const meaning = element('p', { class: 'setting', id: 'shading-meaning' });
  const show = (): void => {
    waveform.shadeBy(shadingValues(reason, deeper, shading.value));
    meaning.textContent = word(`shading_${shading.value}_meaning`, {
      target: reason.target,
      total: significant(integrated.contributions.reduce((sum, value) => sum + value, 0)),
    });
  };
  const { voltage, features } = deeper.counterfactual;
  waveform.showCounterfactual(voltage && reason.voltage.map((value, k) => value + voltage.change[k]!));
  host.replaceChildren(
    select(
      word('shadeBy'),
      shadings.map(value => ({ value, label: word(`shading_${value}`, { target: reason.target }) })),
      shading.value,
      value => {
        shading.value = value as Shading;
        show();
      },
    ),
    meaning,
    element(
      'p',
      { class: 'says', id: 'log-odds' },
      oddsSentence(reason.target, {
        logOdds: integrated.score,
        typicalLogOdds: integrated.baselineScore,
        completenessError: integrated.completenessError,
      }),
    ),
    element('h3', {}, word('smallestChange')),
    element(
      'p',
      { class: 'says', id: 'counterfactual-voltage' },
      voltageSentence(
        voltage && { ...voltage, largestMillivolts: Math.max(...voltage.change.map(Math.abs)) },
      ),
    ),
    element('p', { class: 'says', id: 'counterfactual-features' }, featuresSentence(features)),
  );
  show();
}
