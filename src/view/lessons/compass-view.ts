/** Lesson 4: directional derivatives and the gradient. */

import { compassPoint, compassRate, readCompass } from '../../analysis/lessons/compass.ts';
import type { LessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import { createValley } from '../../analysis/lessons/valley.ts';
import { decimals } from '../number-format.ts';
import { bandsOf, paintBands } from './contours.ts';
import { arrow, curve, dot, label } from './figure.ts';
import type { CreateLessonView, Panel, Say } from './lesson-view.ts';

interface Dial {
  readonly degrees: number;
}

/** Twice as wide as high, like the panel, so that right angles appear as right angles. */
const [xRange, yRange] = [[-1.9, 3.7] as const, [-2.1, 0.7] as const];

/** Data that do not depend on the state, computed once. */
const prepareCompass = ({ task }: LessonInputs) => {
  const valley = createValley(task, 'deviations');
  const bands = bandsOf(valley, xRange, yRange);
  const { gradient, length, degrees: uphill, rises } = readCompass(valley, compassPoint);
  const towards = (degrees: number, far: number): readonly [number, number] => [
    compassPoint[0] + far * Math.cos((degrees * Math.PI) / 180),
    compassPoint[1] + far * Math.sin((degrees * Math.PI) / 180),
  ];
  const down = [
    compassPoint[0] - compassRate * gradient[0],
    compassPoint[1] - compassRate * gradient[1],
  ] as const;
  const most = 0.45;
  return { valley, bands, gradient, length, uphill, rises, towards, down, most };
};

type PreparedCompass = ReturnType<typeof prepareCompass>;

const directionPanel = ({ bands, uphill, towards, down }: PreparedCompass, say: Say): Panel<Dial> => ({
  title: say('The valley, the gradient (green) and the dial (orange)', '谷と、勾配(緑)、ダイヤルの方向(橙)'),
  xLabel: say('weight of ejection fraction', '駆出率の重み'),
  ...{ xRange, yRange, height: 340 },
  description: say(
    'The gradient as an arrow in the valley, the direction of the dial, and one step down.',
    '谷の中の勾配の矢印、ダイヤルの方向、そして下りの一歩。',
  ),
  onPoint: (_, x, y) => ({
    degrees: Math.round((Math.atan2(y - compassPoint[1], x - compassPoint[0]) * 180) / Math.PI + 360) % 360,
  }),
  paint(figure, { degrees }) {
    paintBands(figure, bands);
    arrow(figure, compassPoint, down, { colour: 'lower', width: 2.5, dash: [6, 4] });
    label(figure, say('one step down', '下りの一歩'), down, {
      shift: [-4, -12],
      align: 'right',
      covers: true,
    });
    arrow(figure, compassPoint, towards(uphill, 0.9), { colour: 'tangent', width: 3.5 });
    label(figure, say('gradient', '勾配'), towards(uphill, 0.9), {
      ...{ shift: [10, 4], weight: 600, covers: true },
    });
    arrow(figure, compassPoint, towards(degrees, 0.7), { colour: 'raise', width: 3 });
    dot(figure, compassPoint, 'ink', 5);
  },
});

const risePanel = ({ length, uphill, rises, most }: PreparedCompass, say: Say): Panel<Dial> => ({
  title: say(
    'Rise of the loss per unit of way, tried in 360 directions; dashed, |gradient| · cos of the angle between',
    '360 方向で試した、進んだ距離あたりの損失の上がり方。破線は |勾配| × なす角の cos',
  ),
  xLabel: say('direction, degrees', '方向(度)'),
  xRange: [0, 360],
  yRange: [-most, most],
  height: 180,
  description: say(
    'A cosine: greatest along the gradient, zero across it, least against it.',
    'コサインの形。勾配の向きで最大、直角の向きで 0、逆向きで最小。',
  ),
  onPoint: (_, x) => ({ degrees: Math.min(359, Math.max(0, Math.round(x))) }),
  paint(figure, { degrees }) {
    curve(
      figure,
      Array.from(rises, (rise, at) => [at, rise] as const),
      { colour: 'ink', width: 2.5 },
    );
    curve(
      figure,
      Array.from(rises, (_, at) => [at, length * Math.cos(((at - uphill) * Math.PI) / 180)] as const),
      { colour: 'tangent', width: 1.5, dash: [3, 4] },
    );
    curve(
      figure,
      [
        [uphill, -most],
        [uphill, most],
      ],
      { colour: 'tangent', width: 1.5 },
    );
    label(figure, say('gradient', '勾配'), [uphill, -0.8 * most], { align: 'right', shift: [-6, 0] });
    dot(figure, [degrees, rises[degrees]!], 'raise', 6);
  },
});

export const createCompassView: CreateLessonView<Dial> = (inputs, say) => {
  const prepared = prepareCompass(inputs);
  const { length, uphill, rises } = prepared;
  return {
    start: { degrees: 40 },
    question: say(
      'Turn the dial: in which direction does the loss rise fastest, and where does it not change at all?',
      'ダイヤルを回してみてください。損失が最も速く上がるのはどの方向でしょうか。まったく変わらない方向はどこでしょうか。',
    ),
    controls: [
      {
        kind: 'slider',
        label: say('Direction', '方向'),
        from: 0,
        to: 359,
        step: 1,
        get: ({ degrees }) => degrees,
        set: (_, degrees) => ({ degrees }),
        text: value => `${decimals(value, 0)}°`,
      },
    ],
    panels: [directionPanel(prepared, say), risePanel(prepared, say)],
    says: ({ degrees }) => [
      say(
        `At ${degrees}° the loss changes by ${decimals(rises[degrees], 3)} per unit of way.`,
        `${degrees}° の方向では、進んだ距離あたり損失が ${decimals(rises[degrees], 3)} 変わる。`,
      ),
      say(
        `The gradient points to ${decimals(uphill, 1)}° and is ${decimals(length, 3)} long.`,
        `勾配の向きは ${decimals(uphill, 1)}°、長さは ${decimals(length, 3)}。`,
      ),
    ],
  };
};
