/** `demo`: runs the complete workflow on samples/. */

import { command } from '../src/cli/commands/demo.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
