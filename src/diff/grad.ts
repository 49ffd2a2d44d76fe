/**
 * Differentiation. Reverse mode: a function of tensors is evaluated once on traced inputs, and its tape is traversed
 * from the last node to the first, each node passing its cotangent to the inputs it was computed from. Forward mode:
 * the tape is traversed in order, each node computing its tangent from those of its inputs (Griewank & Walther 2008,
 * ch. 3). Both traversals consist of the same operations, so all functions here compose: gradients of gradients,
 * Hessian–vector products.
 */
import { InputError } from '../input-error.ts';
import { isTensor, requireTensors } from './argument-checks.ts';
import { add, mul } from './arithmetic.ts';
import { concat } from './concat.ts';
import { computeRecorded } from './gradient-program.ts';
import { sum } from './reduction.ts';
import { reshape } from './reshape.ts';
import {
  apply,
  below,
  isTraced,
  type Node,
  newLazyTape,
  newTape,
  nodeOn,
  type Tape,
  type Traced,
  traceInput,
} from './tape.ts';
import { formatShape, full, type Shape, sameShape, sizeOf, type Tensor } from './tensor.ts';

/**
 * The value of a function, and the map from a cotangent (with the shape of the value) to the cotangent of each input.
 */
export interface Pullback {
  readonly value: Tensor;
  readonly pullback: (cotangent: Tensor) => readonly Tensor[];
}

/**
 * f(x₁, …) and its vector–Jacobian product v ↦ (vᵀ·∂f/∂x₁, …). The function is evaluated once, however often the
 * pullback is called. The pullback throws `RangeError` when the cotangent does not have the shape of the value.
 *
 * @example
 * const { value, pullback } = vjp((a, b) => mul(a, b), tensor([1, 2]), tensor([3, 4]));
 * pullback(tensor([1, 1])).map(({ data }) => [...data]) // => [[3, 4], [1, 2]]
 */
export function vjp(f: (...inputs: Tensor[]) => Tensor, ...inputs: readonly Tensor[]): Pullback {
  requireTensors('vjp', ...inputs);
  const tape = newTape();
  const traced = inputs.map(x => traceInput(tape, x));
  const output = f(...traced);
  requireTensors('the result of a differentiated function', output);
  const last = nodeOn(tape, output);
  const value = below(tape, output);
  return {
    value,
    pullback(cotangent) {
      if (!sameShape(cotangent.shape, value.shape)) {
        throw new InputError(
          `vjp: the cotangent has the shape ${formatShape(cotangent.shape)}, the value ${formatShape(value.shape)}`,
        );
      }
      const cotangents = last === undefined ? [] : pullBack(last, cotangent);
      return traced.map(x => cotangents[x.index] ?? full(x.shape, 0));
    },
  };
}

/** The cotangents by node index, of the last node and of every node it depends on. */
function pullBack({ tape, index }: Traced, cotangent: Tensor): (Tensor | undefined)[] {
  const cotangents = new Array<Tensor | undefined>(index + 1);
  cotangents[index] = cotangent;
  for (let i = index; i >= 0; i--) {
    const { primitive, params, inputs, value } = tape.nodes[i]!;
    const ct = cotangents[i];
    if (ct === undefined || primitive === undefined) continue;
    const values = inputs.map(x => below(tape, x));
    for (let argument = 0; argument < inputs.length; argument++) {
      const from = nodeOn(tape, inputs[argument]!);
      if (from === undefined) continue;
      const share = primitive.vjp(ct, argument, values, value, params);
      const sofar = cotangents[from.index];
      cotangents[from.index] = sofar === undefined ? share : add(sofar, share);
    }
    if (i !== index) cotangents[i] = undefined; // spent: let it be collected
  }
  return cotangents;
}

/** The value of a scalar function and its gradient with respect to each input. */
export interface ValueAndGrad {
  readonly value: Tensor;
  readonly gradients: readonly Tensor[];
}

/** Named tensors, such as the parameters of a model. */
export type TensorRecord = { readonly [name: string]: Tensor };

/**
 * (x₁, …) ↦ f and ∂f/∂x₁, … for a scalar function of tensors; or, for a function of a record of named tensors, f and a
 * record of gradients. Throws `RangeError` when the function is not scalar, `TypeError` for an argument that is not a
 * tensor.
 *
 * @example valueAndGrad(x => sum(mul(x, x)))(tensor([3, 4])).gradients[0].data // => Float64Array [6, 8]
 */
export function valueAndGrad(
  f: (...inputs: Tensor[]) => Tensor,
): (...inputs: readonly Tensor[]) => ValueAndGrad;
export function valueAndGrad<T extends TensorRecord>(
  f: (parameters: T) => Tensor,
): (parameters: T) => { readonly value: Tensor; readonly gradients: T };
export function valueAndGrad(f: (...inputs: never[]) => Tensor) {
  return (...inputs: readonly (Tensor | TensorRecord)[]): never =>
    gradientsOf('valueAndGrad', f, inputs, true) as never;
}

/**
 * x ↦ ∂f/∂x for a scalar function of one tensor, or of a record of named tensors. Can be nested: `grad(grad(f))`.
 * Throws as `valueAndGrad`.
 *
 * @example grad(({ w, b }: { w: Tensor; b: Tensor }) => sum(add(mul(w, w), b)))({ w: tensor([3]), b: tensor([1]) }).w.data // => Float64Array [6]
 */
export function grad(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor;
export function grad<T extends TensorRecord>(f: (parameters: T) => Tensor): (parameters: T) => T;
export function grad(f: (x: never) => Tensor) {
  return (x: Tensor | TensorRecord) => {
    const { gradients } = gradientsOf('grad', f, [x], false);
    return Array.isArray(gradients) ? gradients[0] : gradients;
  };
}

/** Gradients with respect to the given tensors, or to those of the given record, and the value if it is wanted. */
function gradientsOf(
  name: string,
  f: (...inputs: never[]) => Tensor,
  inputs: readonly (Tensor | TensorRecord)[],
  wantsValue: boolean,
): { readonly value: Tensor | undefined; readonly gradients: readonly Tensor[] | TensorRecord } {
  const [only] = inputs;
  const record = inputs.length === 1 && isRecord(only) ? only : undefined;
  const tensors = record === undefined ? (inputs as readonly Tensor[]) : Object.values(record);
  requireTensors(name, ...tensors);
  const named = (values: readonly Tensor[]): TensorRecord =>
    Object.fromEntries(Object.keys(record!).map((key, k) => [key, values[k]!]));
  const call = f as (...xs: (Tensor | TensorRecord)[]) => Tensor;
  // The outermost gradient is recorded first and computed at the end, as a whole.
  const lazy = tensors.some(isTraced) ? undefined : newLazyTape();
  // So is the cotangent: what is computed from it alone is then a part of the whole.
  const one = full([], 1);
  const start = lazy === undefined ? one : traceInput(lazy, one);
  const { value, pullback } = vjp(
    (...moving) => (record === undefined ? call(...moving) : call(named(moving))),
    ...(lazy === undefined ? tensors : tensors.map(x => traceInput(lazy, x))),
  );
  if (sizeOf(value.shape) !== 1) {
    throw new InputError(
      `${name}: the function must return a single number, not a tensor of the shape ${formatShape(value.shape)}`,
    );
  }
  const wanted = [...pullback(reshape(start, value.shape)), ...(wantsValue ? [value] : [])];
  const results = lazy === undefined ? wanted : computeRecorded(lazy, [one, ...tensors], wanted);
  const gradients = results.slice(0, tensors.length);
  return { value: results[tensors.length], gradients: record === undefined ? gradients : named(gradients) };
}

const isRecord = (x: unknown): x is TensorRecord =>
  typeof x === 'object' && x !== null && !isTensor(x) && Object.getPrototypeOf(x) === Object.prototype;

/**
 * The Jacobian ∂f/∂x of a function of one tensor, with shape `[...shape of f, ...shape of x]`, computed row by row: one
 * pullback for each element of the result. Throws `TypeError` for an argument that is not a tensor.
 *
 * @example jacobian(x => mul(x, x))(tensor([1, 2])) // => { shape: [2, 2], data: [2, 0, 0, 4] }
 */
export function jacobian(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return x => {
    requireTensors('jacobian', x);
    const { value, pullback } = vjp(f, x);
    const shape = [...value.shape, ...x.shape];
    if (sizeOf(value.shape) === 0) return full(shape, 0);
    const rows = Array.from({ length: sizeOf(value.shape) }, (_, row) => {
      const unit = full(value.shape, 0);
      unit.data[row] = 1;
      return reshape(pullback(unit)[0]!, [1, sizeOf(x.shape)]);
    });
    return reshape(concat(rows), shape);
  };
}

/**
 * The Jacobian–vector product ∂f/∂x·v, with the shape of f: forward mode, one pass over the computation. Throws
 * `RangeError` when v does not have the shape of x.
 *
 * @example jvp(x => mul(x, x), tensor([1, 2]), tensor([1, 1])).data // => [2, 4]
 */
export function jvp(f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): Tensor {
  requireTangent('jvp', x, v);
  const tape = newTape();
  const output = f(traceInput(tape, x));
  const last = nodeOn(tape, output);
  if (last === undefined) return full(output.shape, 0);
  const tangents: (Tensor | undefined)[] = [v];
  for (let i = 1; i <= last.index; i++) tangents[i] = pushForward(tape, tape.nodes[i]!, tangents);
  return tangents[last.index] ?? full(output.shape, 0);
}

/** The tangent of a node from those of its inputs; undefined when none of them has one. */
function pushForward(tape: Tape, node: Node, tangents: readonly (Tensor | undefined)[]): Tensor | undefined {
  const { primitive, params, inputs, value } = node;
  if (primitive === undefined) return undefined;
  const values = inputs.map(x => below(tape, x));
  if (primitive.jvp !== undefined) {
    const moving = inputs.map(input => {
      const from = nodeOn(tape, input);
      return from && tangents[from.index];
    });
    if (moving.every(tangent => tangent === undefined)) return undefined;
    const all = moving.map((tangent, k) => tangent ?? full(values[k]!.shape, 0));
    return primitive.jvp(all, values, value, params);
  }
  let total: Tensor | undefined;
  inputs.forEach((input, argument) => {
    const from = nodeOn(tape, input);
    const tangent = from && tangents[from.index];
    if (tangent === undefined) return;
    const pull = (ct: Tensor): Tensor => primitive.vjp(ct, argument, values, value, params);
    const share =
      primitive.form === 'linear'
        ? apply(
            primitive,
            values.map((x, k) => (k === argument ? tangent : x)),
            params,
          )
        : primitive.form === 'diagonal'
          ? pull(tangent)
          : transposed(pull, value.shape, tangent);
    total = total === undefined ? share : add(total, share);
  });
  return total;
}

/**
 * A pullback is linear in its cotangent, so the pullback of a pullback is its transpose, the forward derivative
 * (Townsend 2017).
 */
const transposed = (pull: (ct: Tensor) => Tensor, shape: Shape, tangent: Tensor): Tensor =>
  vjp(ct => pull(ct!), full(shape, 0)).pullback(tangent)[0]!;

function requireTangent(name: string, x: Tensor, v: Tensor): void {
  requireTensors(name, x, v);
  if (!sameShape(x.shape, v.shape)) {
    throw new InputError(
      `${name}: the tangent has the shape ${formatShape(v.shape)}, the input ${formatShape(x.shape)}`,
    );
  }
}

/**
 * The Hessian–vector product ∂²f/∂x²·v of a scalar function, with the shape of x: the gradient of ⟨∇f, v⟩. Throws
 * `RangeError` when v does not have the shape of x.
 *
 * @example hessianVectorProduct(x => sum(pow(x, 3)), tensor([1, 2]), tensor([1, 0])).data // => [6, 0]
 */
export function hessianVectorProduct(f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): Tensor {
  requireTangent('hessianVectorProduct', x, v);
  return grad(y => sum(mul(grad(f)(y), v)))(x);
}
