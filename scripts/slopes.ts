/** `slopes`: measures the upstroke and downstroke slopes of every beat. */

import { command } from '../src/cli/commands/slopes.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
