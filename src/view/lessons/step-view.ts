/** Lesson 7: the learning rate. */

import { type Descent, descend } from '../../analysis/lessons/descent.ts';
import type { LessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import {
  rawRates,
  rawUnitRuns,
  type StepName,
  shareOfLimit,
  stepCount,
  stepRate,
} from '../../analysis/lessons/step-length.ts';
import { createValley, firstDrop } from '../../analysis/lessons/valley.ts';
import { decimals, significant } from '../number-format.ts';
import type { Colour } from '../palette.ts';
import { bandsOf, paintBands } from './contours.ts';
import { curve, dot, label } from './figure.ts';
import { type CreateLessonView, evenly, type Panel, type Say } from './lesson-view.ts';
import { shownPart } from './valley-view.ts';

interface Rate {
  /** Base-10 logarithm of the learning rate. */
  readonly power: number;
  readonly way: Descent;
}

const [lowest, highest] = [-2, 2] as const;
const colours: readonly Colour[] = ['class-4', 'class-0', 'class-5', 'class-3', 'class-1'];

/** Epoch of each curve at which its learning rate is written, for the table in raw units. */
const labelledEpochs = [50, 12, 24, 40, 7] as const;

/** Formats a rate such as 0.001 as 10⁻³. */
const powerOfTen = (rate: number): string => `10⁻${'⁰¹²³⁴⁵⁶⁷⁸⁹'[Math.round(-Math.log10(rate))]}`;

/** Data that do not depend on the state, computed once. */
const prepareRates = ({ task }: LessonInputs, say: Say) => {
  const valley = createValley(task, 'deviations');
  const bands = bandsOf(valley, shownPart, shownPart);
  const wayAt = (rate: number): Descent =>
    descend(valley.loss, firstDrop, { optimizer: 'sgd', rate, steps: stepCount });
  const at = (power: number): Rate => ({ power, way: wayAt(10 ** power) });
  const ends = evenly(lowest, highest, 81).map(power => [power, wayAt(10 ** power).losses.at(-1)!] as const);
  const limit = Math.log10(valley.largestStableRate);
  const words: Readonly<Record<StepName, string>> = {
    stalls: say('stalls', '進まない'),
    arrives: say('arrives', '着く'),
    oscillates: say('oscillates', '揺れる'),
    diverges: say('diverges', '発散する'),
  };
  const named = (Object.keys(shareOfLimit) as StepName[]).map(name => {
    const rate = stepRate(valley, name);
    return { name, power: Math.log10(rate), end: wayAt(rate).losses.at(-1)! };
  });
  const raw = rawUnitRuns(task, true);
  return { valley, bands, at, ends, limit, words, named, raw };
};

type PreparedRates = ReturnType<typeof prepareRates>;

const pathPanel = ({ valley, bands }: PreparedRates, say: Say): Panel<Rate> => ({
  title: say('The way down at this rate', 'この学習率での下り道'),
  xLabel: say('weight of ejection fraction', '駆出率の重み'),
  xRange: shownPart,
  yRange: shownPart,
  height: 320,
  description: say('The steps of gradient descent in the valley.', '谷を下る勾配降下法の歩み。'),
  paint(figure, { way }) {
    paintBands(figure, bands);
    curve(figure, way.points, { colour: 'raise', width: 1.5 });
    for (const point of way.points) dot(figure, point, 'raise', 3);
    dot(figure, valley.bottom, 'tangent', 6);
    dot(figure, firstDrop, 'raise', 6);
  },
});

const ratePanel = ({ valley, at, ends, limit, words, named }: PreparedRates, say: Say): Panel<Rate> => ({
  title: say(
    `Loss after ${stepCount} steps against the learning rate`,
    `${stepCount} 歩のあとの損失と学習率`,
  ),
  xLabel: say('log10 of the learning rate', '学習率の常用対数'),
  xRange: [lowest, highest],
  yRange: [0.4, 20],
  yLog: true,
  height: 190,
  description: say(
    'The loss after the steps is least between a rate too small and the limit 2/λmax.',
    '損失は、小さすぎる学習率と限界 2/λmax のあいだで最も小さくなる。',
  ),
  onPoint: (_, power) => at(power),
  paint(figure, { power, way }) {
    curve(
      figure,
      [
        [limit, 0.1],
        [limit, 100],
      ],
      { colour: 'class-1', width: 1.5, dash: [6, 4] },
    );
    label(figure, `2/λmax = ${decimals(valley.largestStableRate, 1)}`, [limit, 14], {
      align: 'right',
      shift: [-6, 0],
    });
    curve(figure, ends, { colour: 'ink', width: 2 });
    for (const { name, power: place, end } of named) {
      dot(figure, [place, end], 'tangent', 4.5);
      label(figure, words[name], [place, end], {
        align: name === 'oscillates' ? 'left' : 'center',
        shift: name === 'oscillates' ? [8, 12] : [0, name === 'diverges' ? 18 : -14],
        covers: true,
      });
    }
    dot(figure, [power, way.losses.at(-1)!], 'raise', 6);
  },
});

const rawUnitsPanel = ({ raw }: PreparedRates, say: Say): Panel<Rate> => ({
  title: say(
    'A table in its own units (%, mg/dL, mEq/L, years): loss after each epoch',
    '元の単位のままの表(%、mg/dL、mEq/L、年)での、エポックごとの損失',
  ),
  xLabel: say('epoch', 'エポック'),
  xRange: [0, 60],
  yRange: [0.5, 200],
  yLog: true,
  height: 220,
  description: say(
    'Loss curves of five learning rates on raw units: only a narrow range of rates learns.',
    '元の単位のままの表での5つの学習率の損失曲線。学習できる範囲は狭い。',
  ),
  paint(figure) {
    raw.forEach(({ losses }, k) => {
      curve(
        figure,
        losses.map((loss, epoch) => [epoch, loss] as const),
        { colour: colours[k]!, width: 2 },
      );
    });
    raw.forEach(({ losses }, k) => {
      const at = labelledEpochs[k]!;
      label(figure, powerOfTen(rawRates[k]!), [at, losses[at]!], {
        ...{
          align: 'center',
          shift: [0, k === 3 ? 13 : -11],
          colour: colours[k]!,
          weight: 600,
          covers: true,
        },
      });
    });
  },
});

export const createStepView: CreateLessonView<Rate> = (inputs, say) => {
  const prepared = prepareRates(inputs, say);
  const { at, limit, named } = prepared;
  return {
    start: at(named[2]!.power),
    question: say(
      'Lengthen the step: where does the way down turn from slow to quick, from quick to swinging, and from swinging to lost?',
      '一歩を長くしてみてください。遅い歩みが速くなり、揺れはじめ、やがて迷子になるのは、それぞれどこからでしょうか。',
    ),
    controls: [
      {
        kind: 'slider',
        label: say('Learning rate', '学習率'),
        from: lowest,
        to: highest,
        step: 0.02,
        get: ({ power }) => power,
        set: (_, power) => at(power),
        text: value => significant(10 ** value),
      },
    ],
    panels: [pathPanel(prepared, say), ratePanel(prepared, say), rawUnitsPanel(prepared, say)],
    says: ({ power, way }) => [
      say(
        `Rate ${significant(10 ** power)}: loss ${decimals(way.losses[0], 3)} at the start, ${decimals(way.losses.at(-1), 3)} after ${stepCount} steps.`,
        `学習率 ${significant(10 ** power)}: 損失ははじめ ${decimals(way.losses[0], 3)}、${stepCount} 歩のあと ${decimals(way.losses.at(-1), 3)}。`,
      ),
      say(
        `That is ${significant(10 ** (power - limit))} of 2/λmax.`,
        `2/λmax の ${significant(10 ** (power - limit))} 倍。`,
      ),
    ],
  };
};
