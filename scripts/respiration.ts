/** `respiration`: estimates the respiratory rate from the ECG. */

import { command } from '../src/cli/commands/respiration.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
