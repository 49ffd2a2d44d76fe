/** Every row of the table of operations: its gradient against central differences, forward against closed forms. */
import { describe, expect, test } from 'vitest';
import { mul } from '../../src/diff/arithmetic.ts';
import { createProgram } from '../../src/diff/compile.ts';
import { jvp, vjp } from '../../src/diff/grad.ts';
import { gradientCheck } from '../../src/diff/gradient-check.ts';
import { primitives } from '../../src/diff/primitives.ts';
import { sum } from '../../src/diff/reduction.ts';
import { apply, type Primitive } from '../../src/diff/tape.ts';
import { item, type Tensor } from '../../src/diff/tensor.ts';
import { distinctNumbers } from './distinct-numbers.ts';
import { cases } from './primitive-cases.ts';

const table = Object.entries(primitives) as [keyof typeof primitives, Primitive<unknown>][];

describe('every operation', () => {
  test.each(table.filter(([name]) => name !== 'stopGradient'))(
    '%s passes the gradient check',
    (name, primitive) => {
      expect(cases[name].length).toBeGreaterThan(0);
      for (const { inputs, params } of cases[name]) {
        const f = (...xs: Tensor[]) => apply(primitive, xs, params);
        const weights = distinctNumbers(f(...inputs).shape, 5);
        // The mask of `where` is discrete: moving it by ε is no question to ask.
        const check =
          name === 'where'
            ? gradientCheck((a, b) => f(inputs[0]!, a, b), inputs.slice(1), { weights })
            : gradientCheck(f, inputs, { weights });
        expect(check.worstError, JSON.stringify(check)).toBeLessThan(1e-7);
      }
    },
  );

  // Rows whose result is flat, or a constant's, have nothing to differentiate twice that a check could see.
  test.each(table.filter(([name]) => name !== 'stopGradient' && name !== 'where'))(
    '%s: its vector–Jacobian product can be differentiated again, and ⟨Jv, u⟩ = ⟨v, Jᵀu⟩',
    (name, primitive) => {
      for (const { inputs, params } of cases[name]) {
        const f = (...xs: Tensor[]) => apply(primitive, xs, params);
        inputs.forEach((x, argument) => {
          const u = distinctNumbers(f(...inputs).shape, 5);
          const second = gradientCheck((...xs) => vjp(f, ...xs).pullback(u)[argument]!, inputs, {
            weights: distinctNumbers(x.shape, 6),
          });
          expect(second.worstError, JSON.stringify(second)).toBeLessThan(1e-6);

          const alone = (moving: Tensor) => f(...inputs.map((other, k) => (k === argument ? moving : other)));
          const v = distinctNumbers(x.shape, 7);
          const left = item(sum(mul(jvp(alone, x, v), u)));
          const right = item(sum(mul(v, vjp(alone, x).pullback(u)[0]!)));
          expect(Math.abs(left - right)).toBeLessThan(1e-12 * Math.max(1, Math.abs(left)));
        });
      }
    },
  );

  test('the kind stated in each row is that of its test cases', () => {
    for (const [name, { form }] of table) {
      if (form === 'linear') expect([name, cases[name].every(c => c.linear)]).toEqual([name, true]);
      // One number from one number: as many in the result as in the one input.
      if (form !== 'diagonal') continue;
      for (const { inputs, params } of cases[name]) {
        expect(inputs).toHaveLength(1);
        expect(primitives[name].shape([inputs[0]!.shape], params as never)).toEqual(inputs[0]!.shape);
      }
    }
  });

  const linearCases = table.flatMap(([name, primitive]) =>
    cases[name].filter(c => c.linear).map((c, k) => ({ label: `${name} #${k}`, primitive, c })),
  );
  test.each(linearCases)('$label: ⟨Jv, u⟩ = ⟨v, Jᵀu⟩ to rounding', ({ primitive, c }) => {
    c.inputs.forEach((x, argument) => {
      const f = (moving: Tensor) =>
        apply(
          primitive,
          c.inputs.map((other, k) => (k === argument ? moving : other)),
          c.params,
        );
      const v = distinctNumbers(x.shape, 7);
      const { value, pullback } = vjp(f, x);
      const u = distinctNumbers(value.shape, 8);
      const left = item(sum(mul(jvp(f, x, v), u)));
      const right = item(sum(mul(v, pullback(u)[0]!)));
      expect(Math.abs(left - right)).toBeLessThan(1e-12 * Math.max(1, Math.abs(left)));
      // Linear: the Jacobian–vector product is the operation itself (additive operations shift by a constant).
      const moved = f({ shape: x.shape, data: x.data.map((value, i) => value + v.data[i]!) });
      const tangent = jvp(f, x, v);
      moved.data.forEach((y, i) => {
        expect(y - value.data[i]!).toBeCloseTo(tangent.data[i]!, 12);
      });
    });
  });

  test.each(table)('%s computes the same by kernel and by plain loop', (name, primitive) => {
    for (const { inputs, params } of cases[name]) {
      const f = (...xs: Tensor[]): readonly Tensor[] => [apply(primitive, xs, params)];
      const eager = f(...inputs)[0]!.data;
      for (const precision of ['float64', 'float32'] as const) {
        const [kernel, loop] = [true, false].map(native => {
          const program = createProgram(f, inputs, { precision, native });
          program.run();
          return [...program.outputs[0]!.data];
        });
        if (precision === 'float64') expect(loop).toEqual([...eager]);
        const exact = precision === 'float64' && name !== 'conv1dInput';
        const tolerance = exact ? 0 : precision === 'float64' ? 1e-14 : 1e-6;
        kernel!.forEach((value, i) => {
          const size = Math.max(1, Math.abs(loop![i]!));
          expect(Math.abs(value - loop![i]!), `${name} ${precision} #${i}`).toBeLessThanOrEqual(
            tolerance * size,
          );
          expect(Math.abs(value - eager[i]!)).toBeLessThan(1e-5 * size);
        });
      }
    }
  });

  const refusals = table.flatMap(([name, primitive]) =>
    cases[name].flatMap(c => (c.refuses ? [{ name, primitive, ...c.refuses }] : [])),
  );
  test('those that take any shape are the elementwise ones of one input', () => {
    const anyShape = table.map(([name]) => name).filter(name => !refusals.some(r => r.name === name));
    expect(anyShape.sort()).toEqual(
      [
        ...['neg', 'exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'softplus', 'relu', 'abs', 'step', 'sign'],
        ...['stopGradient', 'clip', 'log1p', 'sin', 'cos', 'erf', 'argmax'],
      ].sort(),
    );
  });
  test.each(refusals)(
    '$name refuses shapes that do not fit, naming both',
    ({ primitive, shapes, params, says }) => {
      expect(() => primitive.shape(shapes, params)).toThrow(RangeError);
      expect(() => primitive.shape(shapes, params)).toThrow(says);
    },
  );
});
