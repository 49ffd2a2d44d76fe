/** Lesson 1: gradient descent on the loss over two weights, from any starting point. */

import { type Descent, descend } from '../../analysis/lessons/descent.ts';
import type { LessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import { createValley, firstDrop, marble } from '../../analysis/lessons/valley.ts';
import { decimals } from '../number-format.ts';
import { bandsOf, paintBands } from './contours.ts';
import { curve, dot, label } from './figure.ts';
import { type CreateLessonView, evenly, type Panel, type Say, type Slider } from './lesson-view.ts';

interface Drop {
  readonly start: readonly [number, number];
  readonly way: Descent;
}

/** The range of the loss surface that is shown, per standard deviation. */
export const shownPart = [-3, 3] as const;

/** Data that do not depend on the state, computed once. */
const prepareValley = ({ task }: LessonInputs) => {
  const valley = createValley(task, 'deviations');
  const bands = bandsOf(valley, shownPart, shownPart);
  const drop = (x: number, y: number): Drop => ({
    start: [x, y],
    way: descend(valley.loss, [x, y], { optimizer: 'sgd', ...marble }),
  });
  const slider = (words: string, axis: 0 | 1): Slider<Drop> => ({
    kind: 'slider',
    label: words,
    from: shownPart[0],
    to: shownPart[1],
    step: 0.05,
    get: ({ start }: Drop) => start[axis],
    set: ({ start }: Drop, value: number) => (axis === 0 ? drop(value, start[1]) : drop(start[0], value)),
    text: value => decimals(value, 2),
  });
  return { valley, bands, drop, slider };
};

type PreparedValley = ReturnType<typeof prepareValley>;

const valleyPanel = ({ valley, bands, drop }: PreparedValley, say: Say): Panel<Drop> => ({
  title: say('The loss over two weights (log-odds per SD)', '2つの重みに対する損失(1 SD あたりの対数オッズ)'),
  xLabel: say('weight of ejection fraction', '駆出率の重み'),
  xRange: shownPart,
  yRange: shownPart,
  height: 360,
  description: say(
    'Contours of the loss over the two weights, and the way of the marble from where it was dropped to the lowest point.',
    '2つの重みに対する損失の等高線と、ビー玉が置かれた場所から谷底へ転がる道すじ。',
  ),
  onPoint: (_, x, y) => drop(x, y),
  paint(figure, { start, way }) {
    paintBands(figure, bands);
    label(figure, say('weight of creatinine ↑', 'クレアチニンの重み ↑'), [-2.95, 2.8], {
      covers: true,
    });
    curve(figure, way.points, { colour: 'raise', width: 2.5 });
    for (const point of way.points.slice(1)) dot(figure, point, 'raise', 2.5);
    dot(figure, valley.bottom, 'tangent', 6);
    label(figure, say('bottom', '谷底'), valley.bottom, { shift: [10, 0], weight: 600 });
    dot(figure, start, 'raise', 7);
  },
});

const lossPanel = ({ valley }: PreparedValley, say: Say): Panel<Drop> => ({
  title: say('Loss after each step', '一歩ごとの損失'),
  xLabel: say('step', '歩数'),
  xRange: [0, marble.steps],
  yRange: [0.5, 2.5],
  yLog: true,
  height: 150,
  description: say('The loss falls with each step of the marble.', 'ビー玉が進むごとに損失が下がる。'),
  paint(figure, { way }) {
    curve(
      figure,
      evenly(0, marble.steps, 2).map(x => [x, valley.least]),
      {
        colour: 'tangent',
        width: 1.5,
        dash: [5, 4],
      },
    );
    curve(
      figure,
      way.losses.map((loss, step) => [step, loss]),
      { colour: 'raise', width: 2.5 },
    );
  },
});

export const createValleyView: CreateLessonView<Drop> = (inputs, say) => {
  const prepared = prepareValley(inputs);
  const { valley, drop, slider } = prepared;
  return {
    start: drop(...firstDrop),
    question: say(
      'Drop the marble anywhere: does where it ends depend on where it began?',
      '好きな場所にビー玉を置いてみてください。行き着く先は、置いた場所によって変わるでしょうか。',
    ),
    controls: [
      slider(say('Weight of ejection fraction', '駆出率の重み'), 0),
      slider(say('Weight of serum creatinine', '血清クレアチニンの重み'), 1),
    ],
    panels: [valleyPanel(prepared, say), lossPanel(prepared, say)],
    says({ way }) {
      const [x, y] = way.points.at(-1)!;
      return [
        say(
          `Loss ${decimals(way.losses[0], 3)} where it was dropped, ${decimals(way.losses.at(-1), 3)} after ${marble.steps} steps.`,
          `損失は置いた場所で ${decimals(way.losses[0], 3)}、${marble.steps} 歩のあとで ${decimals(way.losses.at(-1), 3)}。`,
        ),
        say(
          `It lies at (${decimals(x, 2)}, ${decimals(y, 2)}); the bottom is at (${decimals(valley.bottom[0], 2)}, ${decimals(valley.bottom[1], 2)}).`,
          `止まった場所は (${decimals(x, 2)}, ${decimals(y, 2)})。谷底は (${decimals(valley.bottom[0], 2)}, ${decimals(valley.bottom[1], 2)})。`,
        ),
      ];
    },
  };
};
