/** `record`: what a record holds. */

import { command } from '../src/cli/commands/record.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
