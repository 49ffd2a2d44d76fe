/**
 * Lesson 6, backpropagation: every value of a small network in the forward and backward pass, and one weight to change.
 */
import {
  createBeatNetwork,
  measurements,
  type Passes,
  passes,
  turned,
  withWeight,
} from '../../analysis/lessons/backpropagation.ts';
import type { LessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import { decimals, signed } from '../number-format.ts';
import { curve, dot, type Figure, label } from './figure.ts';
import { type CreateLessonView, evenly, type Panel, type Say } from './lesson-view.ts';

interface Turn {
  readonly layer: number;
  readonly index: number;
  /** Change of the weight. */
  readonly by: number;
  readonly now: Passes;
}

const most = 1.5;

/** The network, its passes with one weight changed, and the names of its units. */
const prepareNetwork = (inputs: LessonInputs, say: Say) => {
  const { network, x, measured } = createBeatNetwork(inputs);
  const entering = [...x.data];
  const untouched = passes(network, entering);
  const weightOf = (layer: number, index: number): number => network.layers[layer]!.weights.data[index]!;
  const passesWith = (layer: number, index: number, by: number): Passes =>
    passes(withWeight(network, layer, index, weightOf(layer, index) + by), entering);
  const turn = (layer: number, index: number, by: number): Turn => ({
    ...{ layer, index, by, now: passesWith(layer, index, by) },
  });
  const shareOf = (layer: number, index: number): number =>
    untouched.layers[layer]!.weightShares.flat()[index]!;
  const sizes = [entering.length, ...network.layers.map(({ bias }) => bias.data.length)];
  const names = [
    say('upstroke', '立ち上がり'),
    say('downstroke', '立ち下がり'),
    say('QRS duration', 'QRS 幅'),
  ];
  const nodeName = (level: number, unit: number): string => {
    if (level === 0) return names[unit]!;
    if (level === sizes.length - 1) return ['N', 'V'][unit]!;
    return `h${level}.${unit + 1}`;
  };
  const weights = network.layers.flatMap((layer, k) =>
    Array.from(layer.weights.data, (_, index) => {
      const [from, to] = [Math.floor(index / sizes[k + 1]!), index % sizes[k + 1]!];
      return [`${k}-${index}`, `${nodeName(k, from)} → ${nodeName(k + 1, to)}`] as const;
    }),
  );
  return { entering, measured, untouched, passesWith, turn, shareOf, sizes, nodeName, weights };
};

type PreparedNetwork = ReturnType<typeof prepareNetwork>;

/** Position at which a unit of a layer is drawn. */
const placeOf = (sizes: readonly number[], level: number, unit: number): readonly [number, number] => [
  0.15 + 0.27 * level,
  0.5 + (unit - (sizes[level]! - 1) / 2) * -0.3,
];

/** Draws a line for each weight, with a width according to its share of the loss. */
function paintWeights(figure: Figure, { sizes }: PreparedNetwork, { layer, index, now }: Turn): void {
  const strongest = Math.max(...now.layers.flatMap(each => each.weightShares.flat().map(Math.abs)));
  now.layers.forEach(({ weightShares }, k) => {
    weightShares.forEach((row, from) => {
      row.forEach((share, to) => {
        const isTurned = k === layer && from * row.length + to === index;
        curve(figure, [placeOf(sizes, k, from), placeOf(sizes, k + 1, to)], {
          colour: isTurned ? 'tangent' : share >= 0 ? 'raise' : 'lower',
          width: (isTurned ? 2 : 0.5) + (5 * Math.abs(share)) / strongest,
        });
      });
    });
  });
}

/** Draws each unit with its value and its error. */
function paintUnits(
  figure: Figure,
  { sizes, entering, measured, nodeName }: PreparedNetwork,
  { now }: Turn,
): void {
  // The columns are close together on a telephone.
  const size = figure.width < 420 * figure.scale ? 10 : 11.5;
  sizes.forEach((units, level) => {
    for (let unit = 0; unit < units; unit++) {
      const at = placeOf(sizes, level, unit);
      dot(figure, at, 'ink', 7);
      const value = level === 0 ? entering[unit]! : now.layers[level - 1]!.outputs[unit]!;
      const error = level === 0 ? undefined : now.layers[level - 1]!.errors[unit]!;
      const words = { align: 'center', size, covers: true } as const;
      label(figure, nodeName(level, unit), at, { ...words, shift: [0, -30], weight: 600 });
      label(figure, `→ ${signed(value)}`, at, { ...words, shift: [0, -16] });
      if (error === undefined) {
        const { unit: unitText } = measurements[unit]!;
        label(figure, `${decimals(measured[unit], 0)} ${unitText}`, at, {
          ...words,
          shift: [0, 17],
          colour: 'muted',
        });
      } else {
        label(figure, `← ${signed(error)}`, at, { ...words, shift: [0, 17], colour: 'derivative' });
      }
    }
  });
}

const networkPanel = (prepared: PreparedNetwork, say: Say): Panel<Turn> => ({
  title: say(
    'Forward (→) and back (←, ∂loss/∂unit): line width and colour are each weight’s share of the loss',
    '順方向(→)と逆方向(←、∂損失/∂ユニット)。線の太さと色は各重みの寄与を表す',
  ),
  xLabel: '',
  xRange: [0, 1.07],
  yRange: [0, 1],
  bare: true,
  height: 330,
  description: say(
    'A network of three layers with the value and the error of every unit.',
    '3層のネットワーク。各ユニットの値と誤差を示す。',
  ),
  paint(figure, state) {
    paintWeights(figure, prepared, state);
    paintUnits(figure, prepared, state);
  },
});

const lossPanel = ({ turn, passesWith, shareOf, untouched }: PreparedNetwork, say: Say): Panel<Turn> => ({
  title: say(
    'Loss as the weight is turned; green, the tangent that backpropagation gives',
    '重みを動かしたときの損失。緑は誤差逆伝播が教える接線',
  ),
  xLabel: say('added to the weight', '重みに加える量'),
  xRange: [-most - 0.1, most + 0.1],
  yRange: [0, 1.5],
  height: 170,
  description: say('Loss against one weight, with its tangent.', '1つの重みに対する損失と、その接線。'),
  onPoint: ({ layer, index }, by) => turn(layer, index, by),
  paint(figure, { layer, index, by, now }) {
    curve(
      figure,
      evenly(-most, most, 61).map(each => [each, passesWith(layer, index, each).loss] as const),
      { colour: 'ink', width: 2.5 },
    );
    const slope = shareOf(layer, index);
    curve(
      figure,
      [-most, most].map(each => [each, untouched.loss + slope * each] as const),
      {
        colour: 'tangent',
        dash: [6, 4],
      },
    );
    dot(figure, [by, now.loss], 'raise', 6);
  },
});

export const createBackpropagationView: CreateLessonView<Turn> = (inputs, say) => {
  const prepared = prepareNetwork(inputs, say);
  const { turn, weights, shareOf, untouched } = prepared;
  return {
    start: turn(turned.layer, turned.index, 0),
    question: say(
      'Turn one weight a little: does the loss change by as much as that weight’s share says?',
      '重みを1つだけ少し動かしてみてください。損失は、その重みの「寄与」が示すとおりに変わるでしょうか。',
    ),
    controls: [
      {
        kind: 'choice',
        label: say('Weight', '重み'),
        options: weights,
        get: ({ layer, index }) => `${layer}-${index}`,
        set: (_, value) => {
          const [layer, index] = value.split('-').map(Number);
          return turn(layer!, index!, 0);
        },
      },
      {
        kind: 'slider',
        label: say('Turned by', '動かす量'),
        from: -most,
        to: most,
        step: 0.05,
        get: ({ by }) => by,
        set: ({ layer, index }, by) => turn(layer, index, by),
        text: value => signed(Number(value.toFixed(2))),
      },
    ],
    panels: [networkPanel(prepared, say), lossPanel(prepared, say)],
    says({ layer, index, by, now }) {
      const share = shareOf(layer, index);
      return [
        say(
          `p(V) = ${decimals(now.probabilities[1], 3)}, loss ${decimals(now.loss, 4)}.`,
          `p(V) = ${decimals(now.probabilities[1], 3)}、損失 ${decimals(now.loss, 4)}。`,
        ),
        say(
          `Share of this weight ∂loss/∂w = ${signed(share)}: promised ${decimals(untouched.loss + by * share, 4)}, found ${decimals(now.loss, 4)}.`,
          `この重みの寄与 ∂損失/∂w = ${signed(share)}。予想 ${decimals(untouched.loss + by * share, 4)}、実際 ${decimals(now.loss, 4)}。`,
        ),
      ];
    },
  };
};
