/** `figure`: a publication figure of a part of a record. */

import { command } from '../src/cli/commands/figure.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
