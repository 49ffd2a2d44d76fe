/** `export-onnx`: exports a trained model to an ONNX file and verifies it by running it. */
import { InputError } from '../../input-error.ts';
import { classProbabilities } from '../../learn/model/classifier.ts';
import { formatOnnx } from '../../learn/model/onnx.ts';
import { parseModelFile } from '../../node/model-file.ts';
import { createRandom } from '../../random.ts';
import { defineCommand } from '../command.ts';
import { fileEndingIn, flag, required } from '../option.ts';
import { shared } from '../options.ts';
import { print, printJson, researchNotice } from '../output.ts';
import { likelyRows, onnxProbabilities } from './export-onnx/run-onnx.ts';

/** Largest acceptable difference of a probability, due to Float32. */
const tolerance = 1e-5;
const rows = 1000;

export const command = defineCommand({
  name: 'export-onnx',
  takes: ['MODEL.json'],
  summary: 'Exports a trained model to ONNX.',
  options: {
    out: required(
      fileEndingIn(
        ['onnx'],
        'ONNX file to write; input: features [rows, features], output: class probabilities [rows, classes]',
      ),
    ),
    verify: flag(
      `run the file in onnxruntime-web on ${rows} random rows and compare; a difference above ${tolerance} is an error`,
    ),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [researchNotice],
  async run({ out, verify, json }, [path = ''], files) {
    await files.check(out);
    const model = parseModelFile(path, await files.readText(path));
    const bytes = formatOnnx(model);
    let largestDifference: number | undefined;
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
    await files.write(out, bytes);
    await files.commit();
    if (json) {
      printJson({ out, bytes: bytes.length, ...(verify ? { rows, largestDifference } : {}) });
      return 0;
    }
    print(`wrote ${out}, ${bytes.length} bytes`);
    if (verify) {
      print(
        `checked in onnxruntime-web on ${rows} rows: probabilities differ by at most ${largestDifference}`,
      );
    }
    return 0;
  },
});
