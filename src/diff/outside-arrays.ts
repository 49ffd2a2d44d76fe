/** The arrays that a program which runs once can read and write in place, outside of its memory. */
import { isSum, type Unit } from './fusion.ts';
import { nodeOn, type Tape } from './tape.ts';
import { sizeOf, type Tensor } from './tensor.ts';

/** The inputs and results, by node, that no step but fused ones reads or writes. */
export function outsideArrays(
  tape: Tape,
  inputCount: number,
  results: readonly Tensor[],
  units: readonly Unit[],
): Set<number> {
  const found = new Set<number>();
  for (const { nodes, length } of units) {
    for (const index of length === undefined ? [] : nodes) {
      for (const x of tape.nodes[index]!.inputs) {
        const from = nodeOn(tape, x)?.index ?? inputCount;
        if (from < inputCount && sizeOf(x.shape) === length) found.add(from);
      }
      if (results.some(x => nodeOn(tape, x)?.index === index) && !isSum(tape.nodes[index]!)) found.add(index);
    }
  }
  for (const { nodes, length } of units) {
    if (length !== undefined) continue;
    for (const x of tape.nodes[nodes[0]!]!.inputs) found.delete(nodeOn(tape, x)?.index ?? -1);
  }
  for (const x of results)
    if ((nodeOn(tape, x)?.index ?? inputCount) < inputCount) found.delete(nodeOn(tape, x)!.index);
  return found;
}
