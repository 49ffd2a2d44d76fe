/** `record`: shows the contents of a record. */

import { command } from '../src/cli/commands/record.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
