/**
 * The grids that `evaluate hearts` runs, by name. A new grid is defined in a file of its own and added to the list
 * here.
 */

import { atrial } from './atrial.ts';
import type { HeartGrid } from './grid.ts';
import { pr, qt } from './intervals.ts';
import { pOnT } from './p-on-t.ts';
import { pacing } from './pacing.ts';
import { qrs } from './qrs.ts';
import { rates } from './rates.ts';
import { tachycardia } from './tachycardia.ts';
import { unlikeBeats } from './unlike-beats.ts';

export const heartGrids: readonly HeartGrid[] = [
  rates,
  tachycardia,
  unlikeBeats,
  qt,
  qrs,
  pr,
  pOnT,
  atrial,
  pacing,
];
