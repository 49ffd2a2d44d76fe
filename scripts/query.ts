/** `query`: runs SQL on the result of a batch. */

import { command } from '../src/cli/commands/query.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
