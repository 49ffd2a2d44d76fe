/** WebAssembly memory that runs out. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compile, createProgram } from '../../src/diff/compile.ts';
import { tanh } from '../../src/diff/elementwise.ts';
import { matmul } from '../../src/diff/product.ts';
import { type Tensor, tensor } from '../../src/diff/tensor.ts';

describe('WebAssembly memory that runs out', () => {
  afterEach(() => vi.unstubAllGlobals());
  test('leaves the plain loops, with the same results', () => {
    const f = (x?: Tensor): Tensor[] => [tanh(matmul(x!, x!))];
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const expected = compile(f, x)(x)[0]!.data.slice();
    vi.stubGlobal('WebAssembly', {
      ...Object.fromEntries(
        Object.getOwnPropertyNames(WebAssembly).map(name => [name, Reflect.get(WebAssembly, name)]),
      ),
      Memory: class {
        constructor() {
          throw new RangeError('WebAssembly.Memory(): could not allocate memory');
        }
      },
    });
    const program = createProgram(f, [x]);
    expect(program.steps.native).toBe(0);
    program.run();
    expect(program.outputs[0]!.data).toEqual(expected);
  });
});
