#!/usr/bin/env node
/** What `npx upstroke` runs. */
import { runAsProcess } from './run-command.ts';
import { upstroke } from './upstroke.ts';

await runAsProcess(upstroke);
