/** `queue`: shows the state of the queue of batches. */

import { command } from '../src/cli/commands/queue.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
