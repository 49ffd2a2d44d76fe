/** `report`: writes an HTML report of one lead. */

import { command } from '../src/cli/commands/report.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
