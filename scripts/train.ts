/** `train`: trains a beat classifier. */

import { command } from '../src/cli/commands/train.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
