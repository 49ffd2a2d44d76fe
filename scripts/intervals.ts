/** `intervals`: intervals, amplitudes, ST segment and axis of a record. */

import { command } from '../src/cli/commands/intervals.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
