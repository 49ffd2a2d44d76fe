/** `respiration`: respiratory rate of a record from its ECG. */

import { command } from '../src/cli/commands/respiration.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
