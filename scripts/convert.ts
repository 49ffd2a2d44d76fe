/** `convert`: rewrites a recording in another format. */

import { command } from '../src/cli/commands/convert.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
