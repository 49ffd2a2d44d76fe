/** The view of each lesson, by its name. */
import type { LessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import type { LessonName } from '../../analysis/lessons/lessons.ts';
import { createBackpropagationView } from './backpropagation-view.ts';
import { createChainView } from './chain-view.ts';
import { createCompassView } from './compass-view.ts';
import { type AnyLessonView, anyView, type Say } from './lesson-view.ts';
import { createMillivoltsView } from './millivolts-view.ts';
import { createPartialView } from './partial-view.ts';
import { createRaceView } from './race-view.ts';
import { createSlopeView } from './slope-view.ts';
import { createStepView } from './step-view.ts';
import { createValleyView } from './valley-view.ts';

const views: Readonly<Record<LessonName, (inputs: LessonInputs, say: Say) => AnyLessonView>> = {
  '1-valley': (...from) => anyView(createValleyView(...from)),
  '2-slope': (...from) => anyView(createSlopeView(...from)),
  '3-one-factor-at-a-time': (...from) => anyView(createPartialView(...from)),
  '4-compass': (...from) => anyView(createCompassView(...from)),
  '5-chain-rule': (...from) => anyView(createChainView(...from)),
  '6-backpropagation': (...from) => anyView(createBackpropagationView(...from)),
  '7-step': (...from) => anyView(createStepView(...from)),
  '8-optimisers': (...from) => anyView(createRaceView(...from)),
  '9-millivolts': (...from) => anyView(createMillivoltsView(...from)),
};

/** Creates the view of a lesson; `say` selects the language. */
export const lessonView = (name: LessonName, inputs: LessonInputs, say: Say): AnyLessonView =>
  views[name](inputs, say);
