/** `intervals`: measures intervals, amplitudes, the ST segment and the axis. */

import { command } from '../src/cli/commands/intervals.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
