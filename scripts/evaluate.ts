/** `evaluate`: compares results with reference annotations. */

import { command } from '../src/cli/commands/evaluate.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
