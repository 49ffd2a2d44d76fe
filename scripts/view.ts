/** `view`: serves the workbench. */

import { command } from '../src/cli/commands/view.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
