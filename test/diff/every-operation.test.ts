/**
 * Every operation that people call, by enumeration of what the files export: its gradient, that all it is made of is in
 * the table of operations, and that a shape error names it (not what it is made of) and both shapes.
 */
import { describe, expect, test } from 'vitest';
import * as arithmetic from '../../src/diff/arithmetic.ts';
import * as batchedProduct from '../../src/diff/batched-product.ts';
import * as broadcast from '../../src/diff/broadcast.ts';
import * as comparison from '../../src/diff/comparison.ts';
import * as joining from '../../src/diff/concat.ts';
import * as convolution from '../../src/diff/convolution.ts';
import * as scan from '../../src/diff/cumulative-sum.ts';
import * as dropping from '../../src/diff/dropout.ts';
import * as elementwise from '../../src/diff/elementwise.ts';
import * as errorFunction from '../../src/diff/error-function.ts';
import * as gathering from '../../src/diff/gather.ts';
import * as gradients from '../../src/diff/grad.ts';
import { checkOperation, gradientCheck } from '../../src/diff/gradient-check.ts';
import * as normalising from '../../src/diff/layer-norm.ts';
import * as loss from '../../src/diff/loss.ts';
import * as matrixProduct from '../../src/diff/matrix-product.ts';
import * as pooling from '../../src/diff/pooling.ts';
import { primitives } from '../../src/diff/primitives.ts';
import * as product from '../../src/diff/product.ts';
import * as reduction from '../../src/diff/reduction.ts';
import * as reshaping from '../../src/diff/reshape.ts';
import * as slicing from '../../src/diff/slice.ts';
import * as smooth from '../../src/diff/soft-maximum.ts';
import { isTraced, newTape, traceInput } from '../../src/diff/tape.ts';
import type { Tensor } from '../../src/diff/tensor.ts';
import * as selecting from '../../src/diff/where.ts';
import { distinctNumbers } from './distinct-numbers.ts';
import { uses } from './operation-uses.ts';

/** What these files export besides operations: what operations are built with, and what gives no tensor. */
const others = [
  ...[
    'lift',
    'elementwise',
    'zeroGradient',
    'erfOf',
    'broadcasting',
    'broadcastShape',
    'requireReducible',
    'gridTo',
  ],
  ...['normaliseAxis', 'checkReduction', 'dropoutMask', 'stableSigmoid', 'stableSoftplus'],
];
const files = [
  ...[batchedProduct, comparison, errorFunction, matrixProduct, joining, slicing, gathering, selecting],
  ...[arithmetic, reshaping, broadcast, convolution, elementwise, gradients, loss, pooling, product],
  ...[reduction, normalising, dropping, scan, smooth],
];
const exported = files.flatMap(file =>
  Object.entries(file).flatMap(([name, value]) => (typeof value === 'function' ? [name] : [])),
);

test('no operation is left out of this enumeration', () => {
  expect(Object.keys(uses).sort()).toEqual(exported.filter(name => !others.includes(name)).sort());
});

describe.each(Object.entries(uses))('%s', (name, { works: [f, ...inputs], refuses = [] }) => {
  test('has the gradient of its finite differences', () => {
    const weights = distinctNumbers(f(...inputs).shape, 5);
    expect(gradientCheck(f, inputs, { weights }).worstError).toBeLessThan(1e-7);
  });

  test('second gradient, forward against reverse mode, compiled against eager evaluation', () => {
    const { secondGradient, adjointError, compiledError } = checkOperation(f, inputs);
    expect(secondGradient.worstError).toBeLessThan(1e-6);
    expect(adjointError).toBeLessThan(1e-12);
    expect(compiledError).toBeLessThan(1e-12);
  });

  test('is made of rows of the table, and so are its first and second derivatives', () => {
    const rows = new Set<unknown>(Object.values(primitives));
    const once = (...xs: Tensor[]): Tensor => {
      const { value, pullback } = gradients.vjp(f, ...xs);
      return pullback(distinctNumbers(value.shape, 5))[0]!;
    };
    const twice = (...xs: Tensor[]): Tensor => {
      const { value, pullback } = gradients.vjp(once, ...xs);
      return pullback(distinctNumbers(value.shape, 6))[0]!;
    };
    for (const g of [f, once, twice]) {
      const tape = newTape();
      const result = g(...inputs.map(x => traceInput(tape, x)));
      if (g === f) expect(isTraced(result)).toBe(true);
      const strays = tape.nodes.flatMap(({ primitive }) =>
        primitive === undefined || rows.has(primitive) ? [] : [primitive.name],
      );
      expect(strays).toEqual([]);
    }
  });

  test.each(refuses)('refuses shapes that do not fit: its name and both shapes (#%#)', (call, one, other) => {
    expect(call).toThrow(RangeError);
    let message = '';
    try {
      call();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.startsWith(`${name}: `), message).toBe(true);
    expect(message).toContain(one);
    expect(message).toContain(other);
  });
});

test('each row is called by its own name, and no file hides a row of another', () => {
  for (const [name, { name: own }] of Object.entries(primitives)) expect(own).toBe(name);
  const counted = files.flatMap(file =>
    Object.entries(file).flatMap(([name, value]) =>
      name.endsWith('Rows') && typeof value === 'object' ? Object.keys(value) : [],
    ),
  );
  expect(counted.sort()).toEqual(Object.keys(primitives).sort());
});
