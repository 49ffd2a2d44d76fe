/** `download`: downloads a PhysioNet database. */

import { command } from '../src/cli/commands/download.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
