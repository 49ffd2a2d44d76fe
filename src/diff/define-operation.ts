/**
 * Operations of one's own: a forward computation on numbers and its derivatives in words of other operations. They are
 * differentiated, compiled and checked (`checkOperation`) as the ones of the table are.
 */
import { InputError } from '../input-error.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, full, type Shape, sameShape, type Tensor } from './tensor.ts';

export interface OperationDefinition {
  /** Shown in errors. */
  readonly name: string;
  /** The result of inputs whose numbers are known: plain loops over `data`. */
  readonly forward: (...inputs: Tensor[]) => Tensor;
  /**
   * The vector–Jacobian product: for a cotangent shaped as the result, one cotangent for each input and shaped as it, made
   * by operations so that it can be differentiated again.
   */
  readonly vjp: (cotangent: Tensor, inputs: readonly Tensor[], output: Tensor) => readonly Tensor[];
  /**
   * The Jacobian–vector product: for a tangent of each input the tangent of the result, made by operations. Absent, it
   * is worked out by transposing `vjp`.
   */
  readonly jvp?: (tangents: readonly Tensor[], inputs: readonly Tensor[], output: Tensor) => Tensor;
  /** The shape of the result, for compiling before numbers are known. Absent, `forward` is tried on zeros. */
  readonly shape?: (...inputs: Shape[]) => Shape;
}

/**
 * An operation as a function of tensors. Throws `RangeError`, naming the operation, when a derivative has not the shape
 * of what it is a derivative of, or `forward` not the shape it promised; `TypeError` when the definition lacks a part.
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
    throw new TypeError('defineOperation: give a name, a forward function and its vjp');
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
          `${name}: vjp gives one cotangent for each of the ${inputs.length} inputs, in a list`,
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
