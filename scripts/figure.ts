/** `figure`: draws part of a record as a publication figure. */

import { command } from '../src/cli/commands/figure.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
