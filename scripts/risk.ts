/** `risk`: the risk of an event from a table of patients, validated, and why one patient has it. */

import { command } from '../src/cli/commands/risk.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
