/** `worker`: measures the records of batches that use a queue. */

import { command } from '../src/cli/commands/worker.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
