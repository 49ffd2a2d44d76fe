/** `learning-rate`: what the learning rate does to training. */

import { command } from '../src/cli/commands/learning-rate.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
