/**
 * Trace once, run many times: a function of tensors is run on example inputs, the steps that its results need are
 * kept with a buffer each, and every further run is a loop over those steps that allocates no tensor. Gradients
 * inside the function are traced along with it.
 */
import type { Tensor } from './tensor.ts';
import { formatShape, full, sameShape } from './tensor.ts';
import { below, isTraced, newTape, nodeOn, type Primitive, traceInput } from './trace.ts';

interface Step {
  readonly primitive: Primitive<unknown>;
  readonly params: unknown;
  readonly inputs: readonly Tensor[];
  readonly out: Tensor;
}

/**
 * A fast version of `f` for inputs shaped as the examples. Its results live in buffers that the next call
 * overwrites: copy what must last. Whatever `f` does other than through operations (reading `.data`, branching on
 * it, drawing random numbers) happens once, now. Throws `RangeError` when later inputs have other shapes.
 */
export function compile(
  f: (...inputs: Tensor[]) => readonly Tensor[],
  ...examples: readonly Tensor[]
): (...inputs: readonly Tensor[]) => readonly Tensor[] {
  const tape = newTape();
  const traced = examples.map(x => traceInput(tape, x));
  const results = f(...traced);

  const needed = new Uint8Array(tape.nodes.length);
  for (const result of results) {
    const node = nodeOn(tape, result);
    if (node !== undefined) needed[node.index] = 1;
  }
  for (let i = tape.nodes.length - 1; i >= 0; i--) {
    if (needed[i] === 0) continue;
    for (const input of tape.nodes[i]!.inputs) {
      const node = nodeOn(tape, input);
      if (node !== undefined) needed[node.index] = 1;
    }
  }

  const buffers = tape.nodes.map((node, i) =>
    needed[i] || i < examples.length ? full(node.value.shape, 0) : node.value,
  );
  const bufferOf = (x: Tensor): Tensor => {
    const node = nodeOn(tape, x);
    if (node !== undefined) return buffers[node.index]!;
    if (isTraced(x)) throw new RangeError('compile: the function uses a tensor traced by an outer gradient');
    return below(tape, x);
  };
  const steps: Step[] = [];
  tape.nodes.forEach(({ primitive, params, inputs }, i) => {
    if (primitive === undefined || needed[i] === 0) return;
    steps.push({ primitive, params, inputs: inputs.map(bufferOf), out: buffers[i]! });
  });
  const outputs = results.map(bufferOf);

  return (...inputs) => {
    for (let k = 0; k < examples.length; k++) {
      const given = inputs[k]?.shape ?? [];
      if (!sameShape(given, examples[k]!.shape)) {
        throw new RangeError(
          `compile: input ${k} has the shape ${formatShape(given)}, the example had ${formatShape(examples[k]!.shape)}`,
        );
      }
      buffers[k]!.data.set(inputs[k]!.data);
    }
    for (const { primitive, params, inputs: from, out } of steps) {
      out.data.fill(0);
      primitive.run(out.data, out.shape, from, params);
    }
    return outputs;
  };
}
