/**
 * Simplification of a recorded computation before it is planned as a program: steps that no result depends on are left
 * out, elementwise steps that would compute the same twice are computed once (as the two equal cotangents of y·y), and a
 * constant array of one repeated number becomes that number. Every result keeps its bits.
 */
import { blockLength } from './fusion.ts';
import { type Node, newTape, nodeOn, recordNode, type Tape, type Traced } from './tape.ts';
import { sizeOf, type Tensor } from './tensor.ts';

/** The computation of `results` on a tape of its own, whose first nodes are the inputs as before. */
export function simplified(
  tape: Tape,
  inputCount: number,
  results: readonly Tensor[],
): { readonly tape: Tape; readonly results: readonly Tensor[] } {
  const needed = neededNodes(tape, results);
  const kept = newTape(true);
  const places: Traced[] = [];
  const moved = (x: Tensor): Tensor => {
    const node = nodeOn(tape, x);
    return node === undefined ? x : places[node.index]!;
  };
  const names = namesOfTensors();
  const earlier = new Map<string, Traced>();
  tape.nodes.forEach((node, index) => {
    if (index >= inputCount && !needed[index]) return;
    const inputs = node.inputs.map(x => asNumber(node, moved(x)));
    const key = node.primitive?.elementwise && node.params === undefined ? names(node, inputs) : undefined;
    const same = key === undefined ? undefined : earlier.get(key);
    places[index] = same ?? recordNode(kept, { ...node, inputs });
    if (key !== undefined && same === undefined) earlier.set(key, places[index]);
  });
  return { tape: kept, results: results.map(moved) };
}

/** Whether each node is one that the results depend on. */
export function neededNodes(tape: Tape, results: readonly Tensor[]): boolean[] {
  const { nodes } = tape;
  const needed = new Array<boolean>(nodes.length).fill(false);
  const need = (x: Tensor): void => {
    const node = nodeOn(tape, x);
    if (node !== undefined) needed[node.index] = true;
  };
  results.forEach(need);
  for (let i = nodes.length - 1; i >= 0; i--) if (needed[i]) nodes[i]!.inputs.forEach(need);
  return needed;
}

/** Text that is the same for the same operation on the same tensors, and for no other. */
function namesOfTensors(): (node: Node, inputs: readonly Tensor[]) => string {
  const numbers = new Map<object, number>();
  const numberOf = (of: object): number => {
    const number = numbers.get(of) ?? numbers.size;
    numbers.set(of, number);
    return number;
  };
  return ({ primitive }, inputs) => [primitive!, ...inputs].map(numberOf).join(' ');
}

/** A constant of a long elementwise step as a single number, if all its elements are the same. */
function asNumber({ primitive, value }: Node, x: Tensor): Tensor {
  if ('tape' in x || !primitive?.elementwise || sizeOf(x.shape) < 2 * blockLength) return x;
  const { data } = x;
  const first = data[0]!;
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], first)) return x;
  return sizeOf(value.shape) === data.length ? { shape: [], data: Float64Array.of(first) } : x;
}
