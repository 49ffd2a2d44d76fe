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
import type { Colour } from '../palette.ts';
import { bandsOf, paintBands } from './contours.ts';
import { curve, dot, label } from './figure.ts';
import type { CreateLessonView, Panel, Say } from './lesson-view.ts';

type Ways = Readonly<Record<Racer, Descent>>;

interface Race {
  readonly steps: number;
  readonly ways: Readonly<Record<LandscapeName, Ways>>;
}

const colours: Readonly<Record<Racer, Colour>> = {
  sgd: 'ink',
  momentum: 'class-0',
  nesterov: 'class-5',
  rmsprop: 'class-3',
  adam: 'class-1',
};
const racerNames: Readonly<Record<Racer, string>> = {
  sgd: 'SGD',
  momentum: 'momentum',
  nesterov: 'Nesterov',
  rmsprop: 'RMSprop',
  adam: 'Adam',
};

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

function landscapePanel(landscape: RaceLandscape, words: Words): Panel<Race> {
  const [xRange, yRange] = ranges[landscape.name];
  const [title, xLabel, description] = words[landscape.name];
  const bands = bandsOf(landscape, xRange, yRange);
  return {
    ...{ title, xLabel, xRange, yRange, description, height: 260 },
    onPoint: (state, x, y) => ({
      ...state,
      ways: { ...state.ways, [landscape.name]: race(landscape, [x, y]) },
    }),
    paint(figure, { steps, ways }) {
      paintBands(figure, bands);
      dot(figure, landscape.bottom, 'tangent', 6);
      racers.forEach((racer, place) => {
        const { points } = ways[landscape.name][racer];
        const gone = points.slice(0, steps + 1);
        curve(figure, gone, { colour: colours[racer], width: 1.8 });
        dot(figure, gone.at(-1)!, colours[racer], 5);
        label(figure, racerNames[racer], [xRange[1], yRange[1]], {
          ...{ align: 'right', shift: [-10, 14 + 17 * place], colour: colours[racer], weight: 600 },
        });
      });
      dot(figure, ways[landscape.name].sgd.points[0]!, 'muted', 4);
    },
  };
}

export const createRaceView: CreateLessonView<Race> = ({ task }, say) => {
  const made = landscapes.map(name => createRaceLandscape(task, name));
  const words = wordsOf(say);
  return {
    start: {
      steps: 30,
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
    ],
    panels: made.map(landscape => landscapePanel(landscape, words)),
    says: ({ ways }) =>
      made.map(landscape => {
        const place = (racer: Racer): string =>
          `${racerNames[racer]} ${stepsToArrive(landscape, ways[landscape.name][racer].losses) ?? '—'}`;
        const name = words[landscape.name][0].split(/[::] ?/)[0]!;
        return (
          say(`${name}, steps to the bottom: `, `${name}で谷底までの歩数: `) + racers.map(place).join(', ')
        );
      }),
  };
};
