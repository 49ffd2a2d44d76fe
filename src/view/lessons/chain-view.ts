/** Lesson 5, the chain rule: from the dose to the blood pressure to the risk. */
import { type ChainAt, chainAt } from '../../analysis/lessons/chain-rule.ts';
import { decimals } from '../number-format.ts';
import { curve, dot, label } from './figure.ts';
import { type CreateLessonView, evenly, type Panel, type Say } from './lesson-view.ts';

interface Dose {
  readonly at: ChainAt;
}

const chain = evenly(0, 40, 81).map(chainAt);

/** Panel with one function of the chain, its tangent at the dose, and the factor that is the tangent's slope. */
const factorPanel = (
  words: Pick<Panel<Dose>, 'title' | 'xLabel' | 'description'>,
  ranges: Pick<Panel<Dose>, 'xRange' | 'yRange'>,
  of: (at: ChainAt) => readonly [x: number, y: number, slope: number],
  factor: (at: ChainAt) => string,
): Panel<Dose> => ({
  ...{ ...words, ...ranges, height: 150 },
  paint(figure, { at }) {
    const [x, y, slope] = of(at);
    curve(
      figure,
      chain.map(each => of(each).slice(0, 2) as [number, number]),
      { colour: 'ink', width: 2.5 },
    );
    const reach = 0.28 * (ranges.xRange[1] - ranges.xRange[0]);
    curve(
      figure,
      [
        [x - reach, y - slope * reach],
        [x + reach, y + slope * reach],
      ],
      {
        colour: 'tangent',
        width: 2.5,
      },
    );
    dot(figure, [x, y], 'tangent', 6);
    label(figure, factor(at), [ranges.xRange[1], ranges.yRange[1]], {
      align: 'right',
      shift: [-8, 14],
      weight: 600,
    });
  },
});

/** Panels of the two functions of the chain, and of their composition. */
const factorPanels = (say: Say): Panel<Dose>[] => {
  const description = say('A curve with its tangent at the dose.', '曲線と、その用量での接線。');
  return [
    factorPanel(
      {
        title: say('Dose → systolic blood pressure, mmHg', '用量 → 収縮期血圧(mmHg)'),
        xLabel: say('dose, mg', '用量(mg)'),
        description,
      },
      { xRange: [-1, 41], yRange: [110, 170] },
      at => [at.dose, at.pressure, at.pressurePerMg],
      at => `${decimals(at.pressurePerMg, 2)} mmHg/mg`,
    ),
    factorPanel(
      {
        title: say('Systolic blood pressure → stroke risk, %', '収縮期血圧 → 脳卒中のリスク(%)'),
        xLabel: say('systolic blood pressure, mmHg', '収縮期血圧(mmHg)'),
        description,
      },
      { xRange: [120, 165], yRange: [0, 20] },
      at => [at.pressure, at.risk, at.riskPerMmHg],
      at => `+${decimals(at.riskPerMmHg, 2)} %/mmHg`,
    ),
    factorPanel(
      {
        title: say('Dose → stroke risk, %: the product of the two', '用量 → 脳卒中のリスク(%): 2つの積'),
        xLabel: say('dose, mg', '用量(mg)'),
        description,
      },
      { xRange: [-1, 41], yRange: [0, 20] },
      at => [at.dose, at.risk, at.riskPerMg],
      at =>
        `${decimals(at.pressurePerMg, 2)} × ${decimals(at.riskPerMmHg, 2)} = ${decimals(at.riskPerMg, 2)} %/mg`,
    ),
  ];
};

export const createChainView: CreateLessonView<Dose> = (_, say) => ({
  start: { at: chainAt(0) },
  question: say(
    'Raise the dose: which of the two factors is it that makes the next milligram worth less?',
    '用量を増やしてみてください。次の 1 mg の効き目が小さくなるのは、2つの因子のどちらのせいでしょうか。',
  ),
  controls: [
    {
      kind: 'slider',
      label: say('Dose', '用量'),
      from: 0,
      to: 40,
      step: 0.5,
      get: ({ at }) => at.dose,
      set: (_state, dose) => ({ at: chainAt(dose) }),
      text: value => `${decimals(value, 1)} mg`,
    },
  ],
  panels: factorPanels(say),
  says: ({ at }) => [
    say(
      `${decimals(at.dose, 1)} mg: ${decimals(at.pressure, 0)} mmHg, risk ${decimals(at.risk, 1)} %.`,
      `${decimals(at.dose, 1)} mg では ${decimals(at.pressure, 0)} mmHg、リスク ${decimals(at.risk, 1)} %。`,
    ),
    say(
      `The next mg changes the risk by ${decimals(at.riskPerMg, 2)} percentage points.`,
      `次の 1 mg でリスクは ${decimals(at.riskPerMg, 2)} パーセントポイント変わる。`,
    ),
    say('Made-up curves, not a dosing rule.', '説明のための曲線であり、投与の目安ではない。'),
  ],
});
