/** `synthesize`: generates ECG with known truth. */

import { command } from '../src/cli/commands/synthesize.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
