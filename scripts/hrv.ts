/** `hrv`: heart-rate variability of a record. */

import { command } from '../src/cli/commands/hrv.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
