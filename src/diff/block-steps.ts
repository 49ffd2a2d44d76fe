/** Runs fused steps (fusion.ts) block by block: copy the inputs' blocks, run each step on blocks, copy the results'. */
import { blockLength } from './fusion.ts';
import type { BlockStep, LaidOutStep } from './memory-layout.ts';
import type { Floats } from './tensor.ts';
import type { NativeStep } from './wasm-kernels.ts';

/** A step with its kernel, where there is one. */
export interface PlannedStep extends LaidOutStep {
  readonly kernel: NativeStep | undefined;
}

/** Fused steps over arrays of `length`, for whole blocks and for the shorter last one. */
export interface BlockPlan {
  readonly length: number;
  readonly blocks: readonly BlockStep[];
  readonly steps: readonly PlannedStep[];
  readonly lastSteps: readonly PlannedStep[];
}

export function planBlocks(
  length: number,
  blocks: readonly BlockStep[],
  planned: (step: LaidOutStep) => PlannedStep,
): BlockPlan {
  const rest = [length % blockLength];
  const shortened = ({ node, out, inputs, sums }: BlockStep): LaidOutStep => ({
    node,
    sums: sums ?? false,
    out: sums ? out : { ...out, shape: rest },
    inputs: inputs.map(place => (place.shape.length === 0 ? place : { ...place, shape: rest })),
  });
  return {
    ...{ length, blocks },
    steps: blocks.map(planned),
    lastSteps: rest[0] === 0 ? [] : blocks.map(block => planned(shortened(block))),
  };
}

/** An array, and where in it something begins. */
export interface Located {
  readonly array: Floats;
  readonly offset: number;
}

/** Runs a step, or copies a block, for the `count` elements from `at`. */
type Action = (at: number, count: number) => void;

/** The whole run as one step; `locate` finds what is at an address. */
export function runBlocks(
  { length, blocks, steps, lastSteps }: BlockPlan,
  bind: (step: PlannedStep) => () => void,
  locate: (address: number) => Located,
): () => void {
  const whole = length - (length % blockLength);
  const bound = steps.map(bind);
  const first = bound.filter((_, k) => blocks[k]!.once);
  const actions = actionsOf(blocks, bound, locate);
  const lastActions = actionsOf(blocks, lastSteps.map(bind), locate);
  const sums = blocks.filter(block => block.sums).map(({ out }) => locate(out.address));
  const runBlock = (at: number, count: number, all: readonly Action[]): void => {
    for (let k = 0; k < all.length; k++) all[k]!(at, count);
  };
  return () => {
    for (const { array, offset } of sums) array[offset] = 0;
    for (let k = 0; k < first.length; k++) first[k]!();
    for (let at = 0; at < whole; at += blockLength) runBlock(at, blockLength, actions);
    if (whole < length) runBlock(whole, length - whole, lastActions);
  };
}

/** What is done for each block: copies of what the steps read, the steps but those for the first block alone, copies. */
function actionsOf(
  blocks: readonly BlockStep[],
  steps: readonly (() => void)[],
  locate: (address: number) => Located,
): Action[] {
  return steps.flatMap((step, k) => {
    const { copiesIn, once, out, copyOut } = blocks[k]!;
    return [
      ...copiesIn.map(({ from, to }) => copyOf(locate(from), locate(to), true)),
      ...(once ? [] : [step]),
      ...(copyOut === undefined ? [] : [copyOf(locate(out.address), locate(copyOut), false)]),
    ];
  });
}

/** A copy of a part of a long array to a block, or from a block to a part of a long array. */
function copyOf(from: Located, to: Located, isIn: boolean): Action {
  if (from.array === to.array) {
    const { array } = from;
    return isIn
      ? (at, count) => array.copyWithin(to.offset, from.offset + at, from.offset + at + count)
      : (at, count) => array.copyWithin(to.offset + at, from.offset, from.offset + count);
  }
  return isIn
    ? (at, count) => to.array.set(from.array.subarray(from.offset + at, from.offset + at + count), to.offset)
    : (at, count) => to.array.set(from.array.subarray(from.offset, from.offset + count), to.offset + at);
}
