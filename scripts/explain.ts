/** `explain`: explains the predicted class of a beat. */

import { command } from '../src/cli/commands/explain.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
