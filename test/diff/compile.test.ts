/** Compiled functions whose results are fed back, against the same functions run eagerly. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, mul, sub } from '../../src/diff/arithmetic.ts';
import { compile, createProgram } from '../../src/diff/compile.ts';
import { stopGradient } from '../../src/diff/elementwise.ts';
import { reshape, transpose } from '../../src/diff/reshape.ts';
import { slice } from '../../src/diff/slice.ts';
import { type Tensor, tensor } from '../../src/diff/tensor.ts';

type Step = (...state: Tensor[]) => Tensor[];

/** The state after `count` steps, eagerly and compiled, results fed back as the next step's inputs. */
function iterate(step: Step, start: readonly Tensor[], count: number): [number[][], number[][]] {
  const fast = compile(step, ...start);
  let [eager, compiled]: [readonly Tensor[], readonly Tensor[]] = [start, start];
  for (let k = 0; k < count; k++) {
    eager = step(...eager);
    compiled = fast(...compiled);
  }
  const numbers = (state: readonly Tensor[]): number[][] => state.map(x => [...x.data]);
  return [numbers(eager), numbers(compiled)];
}

const constant = tensor([7, -1]);
const x = tensor([3, 0.5]);
const y = tensor([1, -2]);
const steps: Readonly<Record<string, Step>> = {
  'Verlet, whose second result is its first input': (now, before) => [
    sub(sub(mul(now!, 2), before!), mul(now!, 0.01)),
    now!,
  ],
  'a swap': (a, b) => [b!, a!],
  'one input twice': (_, b) => [b!, b!],
  'one result twice': (a, b) => {
    const c = add(a!, b!);
    return [c, c];
  },
  'a view of an input': (a, b) => [reshape(reshape(b!, [1, 2]), [2]), add(a!, 1)],
  'an input behind stopGradient': (a, b) => [stopGradient(b!), add(a!, b!)],
  'a result and a view of it': (a, b) => {
    const c = add(a!, b!);
    return [reshape(reshape(c, [2, 1]), [2]), c];
  },
  'a constant, and it again': () => [constant, constant],
  'slices of one input': (a, b) => [slice(a!, [0], [2]), slice(b!, [0], [2])],
  'axes reordered': (a, b) => [transpose(b!), transpose(a!)],
};

test.each(Object.entries(steps))('%s, fed back, is what it is eagerly', (_, step) => {
  for (let count = 1; count <= 4; count++) {
    const [eager, compiled] = iterate(step, [x, y], count);
    expect(compiled).toEqual(eager);
  }
});

test('any choice of inputs, views, constants and sums as results, fed back, is what it is eagerly', () => {
  const pick = (choice: number, [a, b, c]: readonly Tensor[]): Tensor =>
    [a!, b!, c!, constant, reshape(reshape(a!, [2, 1]), [2]), stopGradient(c!), add(a!, b!), mul(c!, 0.5)][
      choice
    ]!;
  const choice = fc.integer({ min: 0, max: 7 });
  fc.assert(
    fc.property(fc.tuple(choice, choice, choice), fc.integer({ min: 1, max: 5 }), (choices, count) => {
      const step: Step = (...state) => choices.map(which => pick(which, state));
      const [eager, compiled] = iterate(step, [x, y, tensor([0.25, 8])], count);
      expect(compiled).toEqual(eager);
    }),
  );
});

describe.each(['float64', 'float32'] as const)('in %s', precision => {
  test.each([true, false])('no two of inputs and outputs share memory (kernels: %s)', native => {
    const program = createProgram(
      (a, b) => {
        const c = mul(a!, b!);
        return [
          a!,
          a!,
          b!,
          c,
          c,
          reshape(c, [1, 2]),
          reshape(a!, [2, 1]),
          constant,
          constant,
          slice(a!, [1], [2]),
        ];
      },
      [x, y],
      { precision, native },
    );
    program.run();
    const before = program.outputs.map(out => [...out.data]);
    const all = [...program.inputs, ...program.outputs].map(tensor => tensor.data);
    all.forEach((data, k) => {
      const others = all.filter((_, other) => other !== k).map(other => [...other]);
      data.fill(99);
      expect(all.filter((_, other) => other !== k).map(other => [...other])).toEqual(others);
    });
    // What a caller writes into an output is gone with the next run, a constant's copy included.
    program.inputs[0]!.data.set(x.data);
    program.inputs[1]!.data.set(y.data);
    program.run();
    expect(program.outputs.map(out => [...out.data])).toEqual(before);
  });
});
