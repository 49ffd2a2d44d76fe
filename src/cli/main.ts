#!/usr/bin/env node
/** Entry point of `npx upstroke`. */
import { runAsProcess } from './run-command.ts';
import { upstroke } from './upstroke.ts';

await runAsProcess(upstroke);
