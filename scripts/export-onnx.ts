/** `export-onnx`: exports a trained model to ONNX. */

import { command } from '../src/cli/commands/export-onnx.ts';
import { runAsProcess } from '../src/cli/run-command.ts';

await runAsProcess(command);
