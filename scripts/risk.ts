/** `risk`: models the risk of an event from a table of patients. */

import { command } from '../src/cli/commands/risk.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
