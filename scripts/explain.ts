/** `explain`: why a beat was called what it was called. */

import { command } from '../src/cli/commands/explain.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
