/** Lesson 2, the derivative: a secant of a real QRS complex whose ends approach each other until it is the tangent. */
import type { LessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import { noiseMillivolts, secantSlope, shownBeat, withWhiteNoise } from '../../analysis/lessons/secant.ts';
import { decimals } from '../number-format.ts';
import { curve, dot } from './figure.ts';
import type { CreateLessonView, Panel, Say, Slider } from './lesson-view.ts';

interface Secant {
  readonly kind: 'normal' | 'ventricular';
  readonly isNoisy: boolean;
  /** Ends of the secant, in samples from the steepest sample. */
  readonly from: number;
  readonly to: number;
}

const farthest = 18;

/** Data that do not depend on the state, computed once. */
const prepareBeats = (inputs: LessonInputs) => {
  const beats = { normal: shownBeat(inputs, 'normal'), ventricular: shownBeat(inputs, 'ventricular') };
  const rate = beats.normal.samplingFrequency;
  const noisy = {
    normal: withWhiteNoise(beats.normal.voltage, noiseMillivolts, 1),
    ventricular: withWhiteNoise(beats.ventricular.voltage, noiseMillivolts, 2),
  };
  const voltageOf = ({ kind, isNoisy }: Secant): Float64Array =>
    isNoisy ? noisy[kind] : beats[kind].voltage;
  const msOf = ({ kind }: Secant, sample: number): number => (1000 * (sample - beats[kind].steepest)) / rate;
  const slopeOf = (state: Secant): number => {
    const { steepest } = beats[state.kind];
    return secantSlope(voltageOf(state), rate, steepest + state.from, steepest + state.to);
  };
  const end = (
    words: string,
    get: Slider<Secant>['get'],
    set: Slider<Secant>['set'],
    range: readonly [number, number],
  ): Slider<Secant> => ({
    kind: 'slider',
    label: words,
    from: range[0],
    to: range[1],
    step: 1,
    get,
    set,
    text: value => `${decimals((1000 * value) / rate, 1)} ms`,
  });
  return { beats, rate, voltageOf, msOf, slopeOf, end };
};

type PreparedBeats = ReturnType<typeof prepareBeats>;

const voltagePanel = ({ beats, rate, voltageOf, msOf, slopeOf }: PreparedBeats, say: Say): Panel<Secant> => ({
  title: say('Voltage, mV', '電位(mV)'),
  xLabel: say('ms from the steepest sample', '最も急な点からの時間(ms)'),
  xRange: [-100, 180],
  yRange: [-1.6, 2.2],
  height: 300,
  description: say('A QRS complex with a secant through two of its samples.', 'QRS 波の2点を通る割線。'),
  onPoint: (state, ms) => {
    const sample = Math.round((ms * rate) / 1000);
    return sample < 0
      ? { ...state, from: Math.max(-farthest, sample) }
      : { ...state, to: Math.min(farthest, Math.max(1, sample)) };
  },
  paint(figure, state) {
    const voltage = voltageOf(state);
    const { steepest } = beats[state.kind];
    curve(
      figure,
      Array.from(voltage, (mv, k) => [msOf(state, k), mv] as const),
      { colour: 'trace' },
    );
    const [a, b] = [steepest + state.from, steepest + state.to];
    const slope = slopeOf(state) / 1000;
    const lineAt = (ms: number) => [ms, voltage[a]! + slope * (ms - msOf(state, a))] as const;
    curve(figure, [lineAt(-150), lineAt(200)], { colour: 'tangent', width: 1.5, dash: [6, 4] });
    curve(figure, [lineAt(msOf(state, a)), lineAt(msOf(state, b))], { colour: 'tangent', width: 3 });
    for (const at of [a, b]) dot(figure, [msOf(state, at), voltage[at]!], 'tangent', 6);
  },
});

const secantSlopePanel = (
  { beats, rate, voltageOf, msOf, slopeOf }: PreparedBeats,
  say: Say,
): Panel<Secant> => ({
  title: say(
    'Slope of every secant of two sampling intervals, mV/s; dashed, the secant above',
    'サンプル2間隔ぶんの割線の傾き(mV/s)。破線は上の割線の傾き',
  ),
  xLabel: say('ms from the steepest sample', '最も急な点からの時間(ms)'),
  xRange: [-100, 180],
  yRange: [-200, 120],
  height: 180,
  description: say('dV/dt of the same beat.', '同じ心拍の dV/dt。'),
  paint(figure, state) {
    const voltage = voltageOf(state);
    const points = Array.from({ length: voltage.length - 2 }, (_, k) => {
      return [msOf(state, k + 1), secantSlope(voltage, rate, k, k + 2)] as const;
    });
    curve(figure, points, { colour: 'derivative' });
    const slope = slopeOf(state);
    curve(
      figure,
      [
        [-150, slope],
        [200, slope],
      ],
      { colour: 'tangent', width: 1.5, dash: [6, 4] },
    );
    dot(figure, [msOf(state, beats[state.kind].steepest + (state.from + state.to) / 2), slope], 'tangent', 5);
  },
});

export const createSlopeView: CreateLessonView<Secant> = (inputs, say) => {
  const prepared = prepareBeats(inputs);
  const { beats, rate, slopeOf, end } = prepared;
  return {
    start: { kind: 'normal', isNoisy: false, from: -6, to: 6 },
    question: say(
      'Bring the two ends together: when does the slope of the secant stop changing, and when does noise take over?',
      '割線の両端を近づけてみてください。傾きはどこで変わらなくなるでしょうか。雑音があると、どこから乱れるでしょうか。',
    ),
    controls: [
      {
        kind: 'choice',
        label: say('Beat', '心拍'),
        options: [
          ['normal', say('normal', '正常')],
          ['ventricular', say('ventricular premature', '心室期外収縮')],
        ],
        get: ({ kind }) => kind,
        set: (state, value) => ({ ...state, kind: value as Secant['kind'] }),
      },
      end(
        say('Left end', '左の端'),
        s => s.from,
        (s, from) => ({ ...s, from }),
        [-farthest, -1],
      ),
      end(
        say('Right end', '右の端'),
        s => s.to,
        (s, to) => ({ ...s, to }),
        [1, farthest],
      ),
      {
        kind: 'choice',
        label: say('Noise', '雑音'),
        options: [
          ['no', say('none added', '加えない')],
          ['yes', say('20 µV white noise', '20 µV の白色雑音')],
        ],
        get: ({ isNoisy }) => (isNoisy ? 'yes' : 'no'),
        set: (state, value) => ({ ...state, isNoisy: value === 'yes' }),
      },
    ],
    panels: [voltagePanel(prepared, say), secantSlopePanel(prepared, say)],
    says(state) {
      const slope = decimals(slopeOf(state), 1);
      const width = decimals((1000 * (state.to - state.from)) / rate, 1);
      const own = decimals(beats[state.kind].slope, 0);
      return [
        say(`Δx = ${width} ms, Δy/Δx = ${slope} mV/s.`, `Δx = ${width} ms、Δy/Δx = ${slope} mV/s。`),
        say(
          `upstroke measures ${own} mV/s on this beat without added noise.`,
          `upstroke がこの心拍(雑音なし)で測る立ち上がりの傾きは ${own} mV/s。`,
        ),
      ];
    },
  };
};
