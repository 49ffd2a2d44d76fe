/**
 * Lesson 3, partial derivatives: sliders for a patient's values, and the partial derivative of the risk with respect to
 * each.
 */
import type { LessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import { patientRisk } from '../../analysis/lessons/partial-derivatives.ts';
import type { PatientRisk } from '../../analysis/risk/patient-risk.ts';
import { decimals, signed } from '../number-format.ts';
import { bar, curve, label } from './figure.ts';
import type { Control, CreateLessonView, Panel, Say } from './lesson-view.ts';

interface Patient {
  readonly values: readonly number[];
  readonly found: PatientRisk;
}

/** Name and unit of each covariate in both languages; range and step of its slider. */
const covariates: Readonly<
  Record<
    string,
    readonly [english: string, japanese: string, unit: string, from: number, to: number, step: number]
  >
> = {
  age: ['Age', '年齢', 'y', 40, 95, 1],
  anaemia: ['Anaemia', '貧血', '', 0, 1, 1],
  creatinine_phosphokinase: ['CPK', 'CPK', 'U/L', 20, 3000, 10],
  diabetes: ['Diabetes', '糖尿病', '', 0, 1, 1],
  ejection_fraction: ['Ejection fraction', '駆出率', '%', 14, 80, 1],
  high_blood_pressure: ['High blood pressure', '高血圧', '', 0, 1, 1],
  platelets: ['Platelets', '血小板', '/µL', 50_000, 600_000, 5000],
  serum_creatinine: ['Serum creatinine', '血清クレアチニン', 'mg/dL', 0.5, 6, 0.1],
  serum_sodium: ['Serum sodium', '血清ナトリウム', 'mEq/L', 113, 148, 1],
  sex: ['Sex', '性別', '', 0, 1, 1],
  smoking: ['Smoking', '喫煙', '', 0, 1, 1],
};

/** Data that do not depend on the state, computed once. */
const prepareRisk = (inputs: LessonInputs, say: Say) => {
  const names = inputs.task.covariates.map(({ name }) => name);
  const of = (values: readonly number[]): Patient => ({ values, found: patientRisk(inputs, values) });
  const wordsOf = (name: string): string => say(covariates[name]![0], covariates[name]![1]);
  const first = patientRisk(inputs);
  // p(1 − p) is at most ¼, so that no derivative per SD exceeds this.
  const largest = 14;
  return { names, of, wordsOf, first, largest };
};

type PreparedRisk = ReturnType<typeof prepareRisk>;

const derivativePanel = ({ names, wordsOf, largest }: PreparedRisk, say: Say): Panel<Patient> => ({
  title: say(
    '∂risk/∂x per standard deviation, percentage points',
    '∂リスク/∂x(1 SD あたり、パーセントポイント)',
  ),
  xLabel: say('percentage points of risk per SD', '1 SD あたりのリスク(パーセントポイント)'),
  xRange: [-largest - 24, largest + 9],
  yRange: [-0.6, names.length - 0.4],
  bare: true,
  height: 26 * names.length + 16,
  description: say(
    'A bar for each covariate: the partial derivative of the risk, to the right where it raises, to the left where it lowers.',
    '各因子によるリスクの偏微分係数の棒グラフ。右は上げる方向、左は下げる方向。',
  ),
  paint(figure, { found }) {
    curve(
      figure,
      [
        [0, -1],
        [0, names.length],
      ],
      { colour: 'muted', width: 1 },
    );
    found.derivatives.forEach(({ name, perDeviation }, k) => {
      const y = names.length - 1 - k;
      const value = 100 * perDeviation;
      bar(figure, value, y, value >= 0 ? 'raise' : 'lower', 14);
      label(figure, wordsOf(name), [-largest - 24, y]);
      // A negative bar has its number to the right of zero, clear of the names.
      label(figure, signed(value), [Math.max(0, value), y], { shift: [6, 0] });
    });
  },
});

export const createPartialView: CreateLessonView<Patient> = (inputs, say) => {
  const prepared = prepareRisk(inputs, say);
  const { names, of, wordsOf, first } = prepared;
  return {
    start: of(first.derivatives.map(({ value }) => value)),
    question: say(
      'Move one value and leave the others: which one moves the risk most, and does its slope stay the same?',
      'ほかの値はそのままにして、1つだけ動かしてみてください。リスクを最も動かすのはどの値でしょうか。その傾きは一定でしょうか。',
    ),
    controls: names.map((name, k): Control<Patient> => {
      const [, , unit, from, to, step] = covariates[name]!;
      const set = ({ values }: Patient, value: number): Patient =>
        of(values.map((other, j) => (j === k ? value : other)));
      if (to === 1) {
        const words: readonly [string, string] =
          name === 'sex'
            ? [say('woman', '女性'), say('man', '男性')]
            : [say('no', 'なし'), say('yes', 'あり')];
        return {
          kind: 'choice',
          label: wordsOf(name),
          options: [
            ['0', words[0]],
            ['1', words[1]],
          ],
          get: ({ values }) => String(values[k]),
          set: (state, value) => set(state, Number(value)),
        };
      }
      return {
        kind: 'slider',
        label: wordsOf(name),
        from,
        to,
        step,
        set,
        get: ({ values }) => values[k]!,
        text: value => `${decimals(value, step < 1 ? 1 : 0)} ${unit === 'y' ? say('y', '歳') : unit}`.trim(),
      };
    }),
    panels: [derivativePanel(prepared, say)],
    says({ found }) {
      const creatinine = found.derivatives.find(({ name }) => name === 'serum_creatinine')!;
      return [
        say(
          `Risk ${decimals(100 * found.risk, 1)} % (typical patient ${decimals(100 * found.typicalRisk, 1)} %).`,
          `リスク ${decimals(100 * found.risk, 1)} %(平均的な患者では ${decimals(100 * found.typicalRisk, 1)} %)。`,
        ),
        say(
          `Creatinine: ${signed(100 * creatinine.perUnit)} points per mg/dL; by changing that cell ${signed(100 * creatinine.byChanging)}.`,
          `クレアチニン: 1 mg/dL あたり ${signed(100 * creatinine.perUnit)} ポイント。実際に値を動かして求めると ${signed(100 * creatinine.byChanging)}。`,
        ),
        say('Research use only. Not for diagnosis.', '研究専用です。診断には使用できません。'),
      ];
    },
  };
};
