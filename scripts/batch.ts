/** `batch`: measures every beat of every record of a database, and writes Parquet. */

import { command } from '../src/cli/commands/batch.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
