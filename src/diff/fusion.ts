/**
 * Fusion of elementwise steps: a chain of them over long arrays runs block by block, so that what lies between them
 * stays in the cache and needs no array of its own length. Every element is computed as before, to the bit.
 */
import { type Node, nodeOn, type Tape } from './tape.ts';
import { sizeOf } from './tensor.ts';

/** Elements of a block: two dozen blocks of Float64 fit the second-level cache. */
export const blockLength = 2048;

/** The steps that run together: one, or elementwise ones over arrays of `length` elements. */
export interface Unit {
  readonly nodes: readonly number[];
  /** Defined for a fused unit. */
  readonly length?: number;
}

/** The number of elements that a step goes through one by one, when it may be fused. */
function fusibleLength({ primitive, inputs, value }: Node): number | undefined {
  if (primitive === undefined || primitive.alias) return undefined;
  const own = sizeOf(value.shape);
  const length = isSum({ primitive, value }) ? sizeOf(inputs[0]!.shape) : own;
  if (length < 2 * blockLength || !(primitive.elementwise || length !== own)) return undefined;
  return inputs.every(x => [1, length].includes(sizeOf(x.shape))) ? length : undefined;
}

/** Whether the step sums all elements of its input to one. */
export const isSum = ({ primitive, value }: Pick<Node, 'primitive' | 'value'>): boolean =>
  primitive?.addPart !== undefined && sizeOf(value.shape) === 1;

/**
 * The needed steps of a tape in an order in which each comes after those it depends on, and in which as many elementwise
 * steps as possible follow one another: steps that need the result of an open run of them wait until it ends.
 */
export function scheduleOf(tape: Tape, inputCount: number, needed: (index: number) => boolean): Unit[] {
  const units: Unit[] = [];
  let open: number[] = [];
  let openLength: number | undefined;
  let waiting: number[] = [];
  const inOpen = new Set<number>();
  const isWaiting = new Set<number>();
  const close = (): void => {
    if (open.length > 1) units.push({ nodes: open, length: openLength! });
    else units.push(...open.map(index => ({ nodes: [index] })));
    units.push(...waiting.map(index => ({ nodes: [index] })));
    [open, waiting, openLength] = [[], [], undefined];
    inOpen.clear();
    isWaiting.clear();
  };
  for (let i = inputCount; i < tape.nodes.length; i++) {
    const node = tape.nodes[i]!;
    if (node.primitive === undefined || !needed(i)) continue;
    const from = node.inputs.flatMap(x => nodeOn(tape, x)?.index ?? []);
    const waits = from.some(index => isWaiting.has(index));
    const length = fusibleLength(node);
    if (length !== undefined) {
      if (waits || (openLength !== undefined && openLength !== length)) close();
      open.push(i);
      openLength = length;
      // A sum is known when the run ends.
      if (isSum(node)) isWaiting.add(i);
      else inOpen.add(i);
    } else if (waits || from.some(index => inOpen.has(index))) {
      waiting.push(i);
      isWaiting.add(i);
    } else {
      units.push({ nodes: [i] });
    }
  }
  close();
  return units;
}
