/**
 * User-defined operations: a forward computation on values, and derivatives expressed by other operations. They are
 * differentiated, compiled and checked (`checkOperation`) like built-in ones.
 */
import { InputError } from '../input-error.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, full, type Shape, sameShape, type Tensor } from './tensor.ts';

export interface OperationDefinition {
  /** Used in error messages. */
  readonly name: string;
  /** Computes the result from inputs whose values are known: plain loops over `data`. */
  readonly forward: (...inputs: Tensor[]) => Tensor;
  /**
   * The vector–Jacobian product: given a cotangent with the shape of the result, one cotangent for each input, with the
   * shape of that input. Built from operations, so that it can be differentiated again.
   */
  readonly vjp: (cotangent: Tensor, inputs: readonly Tensor[], output: Tensor) => readonly Tensor[];
  /**
   * The Jacobian–vector product: given a tangent of each input, the tangent of the result, built from operations.
   * Derived from `vjp` by transposition when absent.
   */
  readonly jvp?: (tangents: readonly Tensor[], inputs: readonly Tensor[], output: Tensor) => Tensor;
  /** The shape of the result, for compilation before values are known. When absent, `forward` is called on zeros. */
  readonly shape?: (...inputs: Shape[]) => Shape;
}

/**
 * A differentiable function of tensors from the definition of an operation. Throws `RangeError`, naming the operation,
 * when a derivative or the result of `forward` has the wrong shape, and `TypeError` when the definition is incomplete.
 *
 * @example
 * const cube = defineOperation({
 *   name: 'cube',
 *   forward: x => tensor(x.data.map(v => v ** 3), x.shape),
 *   vjp: (ct, [x]) => [mul(ct, mul(3, mul(x, x)))],
 * });
 * grad(x => sum(cube(x)))(tensor([2])).data // => Float64Array [12]
 */
export function defineOperation(definition: OperationDefinition): (...inputs: Tensor[]) => Tensor {
  const { name, forward, vjp, jvp } = definition;
  if (typeof name !== 'string' || typeof forward !== 'function' || typeof vjp !== 'function') {
    throw new TypeError('defineOperation: needs a name, a forward function and its vjp');
  }
  const shapeOf = (inputs: readonly Shape[]): Shape =>
    definition.shape?.(...inputs) ?? forward(...inputs.map(shape => full(shape, 0))).shape;
  const primitive: Primitive<undefined> = {
    name,
    shape: shapeOf,
    prepare: (shape, shapes) => (out, numbers) => {
      const inputs = numbers.map((data, k) => ({ shape: shapes[k]!, data: Float64Array.from(data) }));
      const result = forward(...inputs);
      requireResult(`${name}: forward`, result, shape);
      out.set(result.data);
    },
    vjp(ct, argument, inputs, output) {
      const cotangents = vjp(ct, inputs, output);
      if (!Array.isArray(cotangents) || cotangents.length !== inputs.length) {
        throw new InputError(
          `${name}: vjp must return a list of ${inputs.length} cotangents, one for each input`,
        );
      }
      requireResult(`${name}: vjp of input ${argument}`, cotangents[argument], inputs[argument]!.shape);
      return cotangents[argument]!;
    },
    ...(jvp === undefined
      ? {}
      : {
          jvp(tangents: readonly Tensor[], inputs: readonly Tensor[], output: Tensor) {
            const tangent = jvp(tangents, inputs, output);
            requireResult(`${name}: jvp`, tangent, output.shape);
            return tangent;
          },
        }),
  };
  return (...inputs) => apply(primitive, inputs, undefined);
}

function requireResult(what: string, result: Tensor | undefined, shape: Shape): void {
  if (result === undefined || !Array.isArray(result.shape) || !sameShape(result.shape, shape)) {
    const found = result?.shape === undefined ? String(result) : `the shape ${formatShape(result.shape)}`;
    throw new InputError(`${what} gives ${found}, not a tensor of the shape ${formatShape(shape)}`);
  }
}
