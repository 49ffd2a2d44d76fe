/** `hrv`: measures heart-rate variability. */

import { command } from '../src/cli/commands/hrv.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
