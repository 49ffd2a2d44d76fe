/** `classify`: writes predicted classes as an annotation file. */

import { command } from '../src/cli/commands/classify.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
