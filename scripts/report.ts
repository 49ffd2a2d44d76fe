/** `report`: one HTML page of a lead. */

import { command } from '../src/cli/commands/report.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
