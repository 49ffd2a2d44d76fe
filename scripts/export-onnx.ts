/** Writes a trained model as an ONNX file, and checks it by running it. */

import { runCommand, UsageError } from '../src/cli/command.ts';
import { InputError } from '../src/input-error.ts';
import { classProbabilities } from '../src/learn/model/classifier.ts';
import { formatOnnx } from '../src/learn/model/onnx.ts';
import { readModel } from '../src/node/model-file.ts';
import { writeOut } from '../src/node/write-file.ts';
import { createRandom } from '../src/random.ts';
import { likelyRows, onnxProbabilities } from './export-onnx/run-onnx.ts';

const help = `
export-onnx MODEL.json --out MODEL.onnx [--verify] [--json]: a trained model for any ONNX runtime

  --out FILE  where the ONNX file goes: raw features [rows, features] in, class probabilities [rows, classes] out
  --verify    runs the file in onnxruntime-web on 1000 random rows and compares; more than 1e-5 apart is an error
  --json      what was done as JSON on standard output

Research use only, not for diagnosis.
`;

/** Largest difference of a probability that Float32 may make. */
const tolerance = 1e-5;

await runCommand({
  help,
  options: {
    out: { type: 'string' },
    verify: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  async run({ out, verify, json }, [path, ...more]) {
    if (path === undefined || more.length > 0) throw new UsageError('export-onnx takes one model file');
    if (out === undefined) throw new UsageError('--out says where the ONNX file goes');
    const model = await readModel(path);
    const bytes = formatOnnx(model);
    let largestDifference: number | undefined;
    const rows = 1000;
    if (verify) {
      const x = likelyRows(model, rows, createRandom(1));
      const ours = classProbabilities(model, x).data;
      const theirs = (await onnxProbabilities(bytes, x)).data;
      largestDifference = ours.reduce((worst, p, i) => Math.max(worst, Math.abs(p - theirs[i]!)), 0);
      if (!(largestDifference <= tolerance)) {
        throw new InputError(
          `${path}: the ONNX model differs by ${largestDifference}, more than ${tolerance}; not written`,
        );
      }
    }
    await writeOut(out, bytes);
    if (json) {
      console.log(
        JSON.stringify({ out, bytes: bytes.length, ...(verify ? { rows, largestDifference } : {}) }),
      );
      return;
    }
    console.log(`wrote ${out}, ${bytes.length} bytes`);
    if (verify) {
      console.log(
        `checked in onnxruntime-web on ${rows} rows: probabilities differ by at most ${largestDifference}`,
      );
    }
  },
});
