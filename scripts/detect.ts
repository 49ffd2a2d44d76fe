/** `detect`: detects QRS complexes. */

import { command } from '../src/cli/commands/detect.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
