/** The nine lessons: their names in order, and the numbers quoted in each. */
import { backpropagationFigures } from './backpropagation.ts';
import { chainFigures } from './chain-rule.ts';
import { compassFigures } from './compass.ts';
import type { Figures, LessonInputs } from './lesson-inputs.ts';
import { millivoltFigures } from './millivolts.ts';
import { raceFigures } from './optimizer-race.ts';
import { partialFigures } from './partial-derivatives.ts';
import { secantFigures } from './secant.ts';
import { stepFigures } from './step-length.ts';
import { createValley, valleyFigures } from './valley.ts';

/** Names of the lessons, which are also the names of their text and picture files. */
export const lessonNames = [
  '1-valley',
  '2-slope',
  '3-one-factor-at-a-time',
  '4-compass',
  '5-chain-rule',
  '6-backpropagation',
  '7-step',
  '8-optimisers',
  '9-millivolts',
] as const;
export type LessonName = (typeof lessonNames)[number];

const valleyOf = ({ task }: LessonInputs) => createValley(task, 'deviations');

const figures: Readonly<Record<LessonName, (inputs: LessonInputs) => Figures>> = {
  '1-valley': inputs => valleyFigures(valleyOf(inputs)),
  '2-slope': secantFigures,
  '3-one-factor-at-a-time': partialFigures,
  '4-compass': inputs => compassFigures(valleyOf(inputs)),
  '5-chain-rule': chainFigures,
  '6-backpropagation': backpropagationFigures,
  '7-step': inputs => stepFigures(valleyOf(inputs), inputs.task),
  '8-optimisers': ({ task }) => raceFigures(task),
  '9-millivolts': millivoltFigures,
};

/** The numbers quoted in the text of a lesson. */
export const lessonFigures = (name: LessonName, inputs: LessonInputs): Figures => figures[name](inputs);
