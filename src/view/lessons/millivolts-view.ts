/** Lesson 9, counterfactuals: the smallest change of the waveform that changes the predicted class. */
import type { LessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import { readMillivolts } from '../../analysis/lessons/millivolts.ts';
import { decimals } from '../number-format.ts';
import { curve, dot, type Figure, label } from './figure.ts';
import { type CreateLessonView, evenly, type Panel, type Say } from './lesson-view.ts';

interface Change {
  /** Fraction of the smallest change that is added. */
  readonly share: number;
  readonly probabilities: readonly number[];
}

/** Data that do not depend on the state, computed once. */
const prepareChange = (inputs: LessonInputs) => {
  const found = readMillivolts(inputs);
  const { voltage, voltageGradient, change, classes, target, rIndex, samplingFrequency } = found;
  const to = found.counterfactual.voltage!.to;
  const [own, other] = [classes.indexOf(target), classes.indexOf(to)];
  const msOf = (sample: number): number => (1000 * (sample - rIndex)) / samplingFrequency;
  const at = (share: number): Change => ({
    share,
    probabilities: found.probabilitiesWith(change.map(value => share * value)),
  });
  const ways = evenly(0, 1.5, 31).map(at);
  const untouched = at(0);
  const slope = voltageGradient.reduce((sum, value, k) => sum + value * change[k]!, 0);
  const strongest = voltageGradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const xRange = [msOf(0), msOf(voltage.length - 1)] as const;
  const shade = (figure: Figure): void => {
    const { pen, top, height } = figure;
    pen.save();
    voltageGradient.forEach((value, k) => {
      const strength = Math.abs(value) / strongest;
      if (strength < 0.02) return;
      pen.globalAlpha = 0.75 * strength;
      pen.fillStyle = figure.colour(value > 0 ? 'raise' : 'lower');
      const [from, until] = [figure.x(msOf(k - 0.5)), figure.x(msOf(k + 0.5))];
      pen.fillRect(from, top, until - from, height);
    });
    pen.restore();
  };
  return {
    found,
    voltage,
    change,
    classes,
    target,
    to,
    own,
    other,
    msOf,
    at,
    ways,
    untouched,
    slope,
    xRange,
    shade,
  };
};

type PreparedChange = ReturnType<typeof prepareChange>;

const voltagePanel = (
  { voltage, change, target, msOf, xRange, shade }: PreparedChange,
  say: Say,
): Panel<Change> => ({
  title: say(
    `Voltage, mV, shaded by ∂p(${target})/∂V: orange raises p, blue lowers it; dashed, the changed beat`,
    `電位(mV)。色は ∂p(${target})/∂V: 橙は p を上げ、青は下げる。破線は変化を加えた心拍`,
  ),
  xLabel: say('ms from the R peak', 'R 波からの時間(ms)'),
  xRange,
  yRange: [-0.8, 2.6],
  height: 300,
  description: say(
    'A ventricular beat, shaded by the derivative of its class probability by each sample.',
    '心室期外収縮の波形。各サンプルによるクラス確率の微分で色づけしてある。',
  ),
  paint(figure, { share }) {
    shade(figure);
    curve(
      figure,
      Array.from(voltage, (mv, k) => [msOf(k), mv] as const),
      { colour: 'trace', width: 2 },
    );
    curve(
      figure,
      Array.from(voltage, (mv, k) => [msOf(k), mv + share * change[k]!] as const),
      {
        colour: 'tangent',
        width: 2,
        dash: [5, 3],
      },
    );
  },
});

const probabilityPanel = (
  { target, to, own, other, at, ways, untouched, slope }: PreparedChange,
  say: Say,
): Panel<Change> => ({
  title: say(
    `Probabilities of ${target} and ${to}; dotted, what the gradient promises`,
    `${target} と ${to} の確率。点線は勾配からの予想`,
  ),
  xLabel: say('share of the change, %', '変化の割合(%)'),
  xRange: [0, 150],
  yRange: [0, 1],
  height: 170,
  description: say('Class probabilities as the change is added.', '変化を加えたときのクラス確率。'),
  onPoint: (_, x) => at(x / 100),
  paint(figure, { share, probabilities }) {
    const line = (index: number) => ways.map(way => [100 * way.share, way.probabilities[index]!] as const);
    curve(figure, line(own), { colour: 'class-1', width: 2.5 });
    curve(figure, line(other), { colour: 'class-0', width: 2.5 });
    const promised = (x: number) => [x, untouched.probabilities[own]! + (slope * x) / 100] as const;
    curve(figure, [promised(0), promised(150)], { colour: 'class-1', width: 1.5, dash: [2, 4] });
    label(figure, target, line(own)[2]!, { shift: [0, 14], weight: 600, colour: 'class-1' });
    label(figure, to, line(other)[2]!, { shift: [0, -14], weight: 600, colour: 'class-0' });
    for (const [index, name] of [
      [own, 'class-1'],
      [other, 'class-0'],
    ] as const) {
      dot(figure, [100 * share, probabilities[index]!], name, 6);
    }
  },
});

export const createMillivoltsView: CreateLessonView<Change> = (inputs, say) => {
  const prepared = prepareChange(inputs);
  const { found, classes, target, to, own, other, at } = prepared;
  return {
    start: at(1),
    question: say(
      'Add the smallest change bit by bit: at how many microvolts does the answer turn?',
      '最小の変化を少しずつ加えてみてください。答えが変わるのは何 µV のときでしょうか。',
    ),
    controls: [
      {
        kind: 'slider',
        label: say('Share of the change', '変化の割合'),
        from: 0,
        to: 1.5,
        step: 0.01,
        get: ({ share }) => share,
        set: (_, share) => at(share),
        text: value => `${decimals(100 * value, 0)} %`,
      },
    ],
    panels: [voltagePanel(prepared, say), probabilityPanel(prepared, say)],
    says({ share, probabilities }) {
      const best = classes[probabilities.indexOf(Math.max(...probabilities))]!;
      const rms = decimals(1000 * share * found.counterfactual.voltage!.rmsMillivolts, 1);
      return [
        say(`${rms} µV RMS added.`, `加えた変化は実効値で ${rms} µV。`),
        say(
          `p(${target}) = ${decimals(probabilities[own], 3)}, p(${to}) = ${decimals(probabilities[other], 3)}: the answer is ${best}.`,
          `p(${target}) = ${decimals(probabilities[own], 3)}、p(${to}) = ${decimals(probabilities[other], 3)}。答えは ${best}。`,
        ),
        say('Research use only. Not for diagnosis.', '研究専用です。診断には使用できません。'),
      ];
    },
  };
};
