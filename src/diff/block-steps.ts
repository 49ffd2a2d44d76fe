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

/** The whole run as one step; `memory` are all numbers of the program. */
export function runBlocks(
  { length, blocks, steps, lastSteps }: BlockPlan,
  bind: (step: PlannedStep) => () => void,
  memory: Floats,
  size: 4 | 8,
): () => void {
  const whole = length - (length % blockLength);
  const [runs, lastRuns] = [steps.map(bind), lastSteps.map(bind)];
  const copies = blocks.map(({ copiesIn }) =>
    copiesIn.map(({ from, to }) => ({ from: from / size, to: to / size })),
  );
  const results = blocks.map(({ out, copyOut }) => ({
    from: out.address / size,
    to: copyOut === undefined ? -1 : copyOut / size,
  }));
  const runBlock = (at: number, count: number, all: readonly (() => void)[]): void => {
    for (let k = 0; k < all.length; k++) {
      for (const { from, to } of copies[k]!) memory.copyWithin(to, from + at, from + at + count);
      if (at === 0 || !blocks[k]!.once) all[k]!();
      const { from, to } = results[k]!;
      if (to >= 0) memory.copyWithin(to + at, from, from + count);
    }
  };
  return () => {
    for (const { out, sums } of blocks) if (sums) memory[out.address / size] = 0;
    for (let at = 0; at < whole; at += blockLength) runBlock(at, blockLength, runs);
    if (lastRuns.length > 0) runBlock(whole, length - whole, lastRuns);
  };
}
