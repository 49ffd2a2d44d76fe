/** `evaluate`: how good the results are. */

import { command } from '../src/cli/commands/evaluate.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
