/** Lesson 8: comparison of optimisers on a ravine, a saddle and a curved valley. */
import { type Descent, descend } from '../../analysis/lessons/descent.ts';
import {
  createRaceLandscape,
  type LandscapeName,
  landscapes,
  type RaceLandscape,
  type Racer,
  raceRates,
  racers,
  raceSteps,
  stepsToArrive,
} from '../../analysis/lessons/optimizer-race.ts';
import { decimals } from '../number-format.ts';
import type { Colour } from '../palette.ts';
import { bandsOf, paintBands } from './contours.ts';
import { curve, dot, label } from './figure.ts';
import type { Control, CreateLessonView, Panel, Say, Slider } from './lesson-view.ts';

type Ways = Readonly<Record<Racer, Descent>>;

interface Race {
  readonly steps: number;
  /** The landscape whose start the sliders move. */
  readonly moved: LandscapeName;
  readonly ways: Readonly<Record<LandscapeName, Ways>>;
}

const colours: Readonly<Record<Racer, Colour>> = {
  sgd: 'ink',
  momentum: 'class-0',
  nesterov: 'class-5',
  rmsprop: 'class-3',
  adam: 'class-1',
};
const racerNames = (say: Say): Readonly<Record<Racer, string>> => ({
  sgd: 'SGD',
  momentum: say('momentum', 'モメンタム'),
  nesterov: 'Nesterov',
  rmsprop: 'RMSprop',
  adam: 'Adam',
});

const ranges: Readonly<
  Record<LandscapeName, readonly [readonly [number, number], readonly [number, number]]>
> = {
  ravine: [
    [-0.16, 0.09],
    [-0.8, 1.6],
  ],
  saddle: [
    [-1.4, 1.4],
    [-1.4, 1.4],
  ],
  banana: [
    [-0.4, 3.4],
    [-1, 1.6],
  ],
};

/** Title, label of the x axis and description of each landscape. */
type Words = Readonly<Record<LandscapeName, readonly [title: string, xLabel: string, description: string]>>;

const wordsOf = (say: Say): Words => ({
  ravine: [
    say(
      'Ravine: the valley of lesson 1 in the table’s own units',
      '峡谷: レッスン1の谷を、表の元の単位のままで',
    ),
    say('weight of ejection fraction, per %', '駆出率の重み(1 % あたり)'),
    say('A long narrow valley and the ways of five optimisers.', '細長い谷と、5つの手法の道すじ。'),
  ],
  saddle: [
    say(
      'Saddle: two weights in a row, started beside the ridge',
      '鞍点: 直列につないだ2つの重み。尾根のすぐ脇から出発',
    ),
    say('first weight', '1つ目の重み'),
    say('A saddle and the ways of five optimisers.', '鞍点と、5つの手法の道すじ。'),
  ],
  banana: [
    say(
      'Curved valley: the same two weights, started far out on the floor',
      '曲がった谷: 同じ2つの重み。谷筋の遠い端から出発',
    ),
    say('first weight', '1つ目の重み'),
    say(
      'A banana-shaped valley and the paths of five optimisers.',
      'バナナのように曲がった谷と、5つの手法の道すじ。',
    ),
  ],
});

/** Computes the path of each optimiser from a starting point. */
const race = (landscape: RaceLandscape, start: readonly [number, number]): Ways =>
  Object.fromEntries(
    racers.map(racer => [
      racer,
      descend(landscape.loss, start, {
        ...{ optimizer: racer, rate: raceRates[landscape.name][racer], steps: raceSteps },
      }),
    ]),
  ) as unknown as Ways;

/** The race with the start of one landscape moved. */
const startedAt = (state: Race, landscape: RaceLandscape, start: readonly [number, number]): Race => ({
  ...state,
  moved: landscape.name,
  ways: { ...state.ways, [landscape.name]: race(landscape, start) },
});

const startOf = ({ ways }: Race, name: LandscapeName): readonly [number, number] =>
  ways[name].sgd.points[0]! as readonly [number, number];

/** What the landscape's title is up to its colon. */
const shortName = (words: Words, name: LandscapeName): string => words[name][0].split(/[::] ?/)[0]!;

/** The landscape whose start is moved, and a slider for each coordinate of the start. */
function startControls(made: readonly RaceLandscape[], words: Words, say: Say): Control<Race>[] {
  const coordinate = (label: string, axis: 0 | 1): Slider<Race> => ({
    kind: 'slider',
    label,
    from: 0,
    to: 100,
    step: 1,
    get: state => {
      const [from, to] = ranges[state.moved][axis];
      return (100 * (startOf(state, state.moved)[axis] - from)) / (to - from);
    },
    set: (state, value) => {
      const [from, to] = ranges[state.moved][axis];
      const [x, y] = startOf(state, state.moved);
      const moved = from + (value / 100) * (to - from);
      const landscape = made.find(({ name }) => name === state.moved)!;
      return startedAt(state, landscape, axis === 0 ? [moved, y] : [x, moved]);
    },
    text: value => `${decimals(value, 0)} %`,
  });
  return [
    {
      kind: 'choice',
      label: say('Start moved', '動かすスタート'),
      options: made.map(({ name }) => [name, shortName(words, name)] as const),
      get: ({ moved }) => moved,
      set: (state, value) => ({ ...state, moved: value as LandscapeName }),
    },
    coordinate(say('Start, left to right', 'スタートの左右'), 0),
    coordinate(say('Start, bottom to top', 'スタートの上下'), 1),
  ];
}

function landscapePanel(
  landscape: RaceLandscape,
  words: Words,
  names: Readonly<Record<Racer, string>>,
): Panel<Race> {
  const [xRange, yRange] = ranges[landscape.name];
  const [title, xLabel, description] = words[landscape.name];
  const bands = bandsOf(landscape, xRange, yRange);
  return {
    ...{ title, xLabel, xRange, yRange, description, height: 260 },
    onPoint: (state, x, y) => startedAt(state, landscape, [x, y]),
    paint(figure, { steps, ways }) {
      paintBands(figure, bands);
      dot(figure, landscape.bottom, 'tangent', 6);
      racers.forEach(racer => {
        const { points } = ways[landscape.name][racer];
        const gone = points.slice(0, steps + 1);
        curve(figure, gone, { colour: colours[racer], width: 1.8 });
        dot(figure, gone.at(-1)!, colours[racer], 5);
      });
      dot(figure, ways[landscape.name].sgd.points[0]!, 'ink', 6);
      racers.forEach((racer, place) => {
        label(figure, names[racer], [xRange[1], yRange[1]], {
          ...{ align: 'right', shift: [-6, 14 + 16 * place], colour: colours[racer], weight: 600 },
          covers: true,
        });
      });
    },
  };
}

export const createRaceView: CreateLessonView<Race> = ({ task }, say) => {
  const made = landscapes.map(name => createRaceLandscape(task, name));
  const words = wordsOf(say);
  const names = racerNames(say);
  return {
    start: {
      steps: 30,
      moved: 'ravine',
      ways: Object.fromEntries(
        made.map(landscape => [landscape.name, race(landscape, landscape.start)]),
      ) as unknown as Race['ways'],
    },
    question: say(
      'Drag a start elsewhere and run the race: does the same optimiser win on every landscape?',
      'スタート地点を動かして競走させてみてください。どの地形でも同じ手法が勝つでしょうか。',
    ),
    controls: [
      {
        kind: 'slider',
        label: say('Steps', '歩数'),
        from: 0,
        to: raceSteps,
        step: 1,
        plays: true,
        get: ({ steps }) => steps,
        set: (state, steps) => ({ ...state, steps }),
        text: value => String(value),
      },
      ...startControls(made, words, say),
    ],
    panels: made.map(landscape => landscapePanel(landscape, words, names)),
    says: ({ ways }) =>
      made.map(landscape => {
        const place = (racer: Racer): string =>
          `${names[racer]} ${stepsToArrive(landscape, ways[landscape.name][racer].losses) ?? '—'}`;
        const name = shortName(words, landscape.name);
        return (
          say(`${name}, steps to the bottom: `, `${name}で谷底までの歩数: `) +
          racers.map(place).join(say(', ', '、'))
        );
      }),
  };
};
