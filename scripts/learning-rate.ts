/** `learning-rate`: shows the effect of the learning rate on training. */

import { command } from '../src/cli/commands/learning-rate.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
