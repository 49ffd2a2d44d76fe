/**
 * Recording of computations. A primitive applied to plain tensors computes its result. Applied to a traced tensor it
 * also appends a node to that tensor's tape, an array of nodes in order of creation, so that the backward pass is a
 * loop. There is no global tape: a traced tensor refers to its own.
 *
 * Tapes nest (gradients of gradients): the value of a node of an inner tape may itself be traced by an outer one. Of
 * two tapes the one created later is the inner one; `order` tells which.
 */
import { InputError } from '../input-error.ts';
import { isTensor, requireTensors } from './argument-checks.ts';
import { leastWork, runKernel } from './eager-kernel.ts';
import { type Floats, type Shape, sizeOf, type Tensor } from './tensor.ts';
import type { NativeStep, Site } from './wasm-kernels.ts';

/**
 * A loop prepared for given shapes: writes every element of `out`, checks nothing, and allocates no array of its size.
 */
export type Loop = (out: Floats, inputs: readonly Floats[]) => void;

/**
 * A primitive operation: its forward computation and its vector–Jacobian product. `P` is the type of its parameters
 * besides tensors.
 */
export interface Primitive<P> {
  readonly name: string;
  /** The shape of the result. Throws `RangeError`, naming the operation and the shapes, when they do not match. */
  shape(inputs: readonly Shape[], params: P): Shape;
  /**
   * The loop that computes a result of `shape` from inputs of these shapes; prepared once per shape, and run any number
   * of times.
   */
  prepare(shape: Shape, inputs: readonly Shape[], params: P): Loop;
  /** The same computation as a WebAssembly kernel, where one exists for these shapes. */
  native?(site: Site, params: P): NativeStep | undefined;
  /**
   * The number of multiplications, for operations with many per element: above a threshold they run as a kernel outside
   * a compiled program too. Only defined where kernel and loop agree to the bit.
   */
  work?(inputs: readonly Shape[], params: P): number;
  /**
   * Runs after the loop or the kernel and corrects sums of products in which a zero that means "no contribution" (a
   * masked cotangent) was multiplied by an infinite or invalid factor and gave NaN.
   */
  correctZeros?(shape: Shape, inputs: readonly Shape[], params: P): Loop | undefined;
  /** The result is the unchanged input, so that in a compiled program the two share their memory. */
  readonly alias?: true;
  /**
   * Element i of the result depends on element i of each input alone (on the only element of an input of one), so that
   * the loop may be run on any part of the arrays.
   */
  readonly elementwise?: true;
  /**
   * Of an operation that sums all elements to one: adds those of a part, so that the sum may be taken part by part, in
   * order and with the same roundings.
   */
  readonly addPart?: Loop;
  /**
   * The structure of the forward derivative: `linear` in each input separately, so that the operation applied to a
   * tangent is its tangent; or `diagonal`, each element of the result depending on one element of the single input, so
   * that the Jacobian equals its transpose.
   */
  readonly form?: 'linear' | 'diagonal';
  /**
   * ctᵀ·∂output/∂inputs[argument], with the shape of that input. Expressed by operations, so that it can be
   * differentiated.
   */
  vjp(ct: Tensor, argument: number, inputs: readonly Tensor[], output: Tensor, params: P): Tensor;
  /** The tangent of the result from those of the inputs, where it is not derived from `form` or `vjp`. */
  jvp?(tangents: readonly Tensor[], inputs: readonly Tensor[], output: Tensor, params: P): Tensor;
}

/** One step of a computation: the primitive and the inputs that `value` was computed from. */
export interface Node {
  readonly primitive: Primitive<unknown> | undefined; // undefined: an input of the computation
  readonly params: unknown;
  readonly inputs: readonly Tensor[];
  readonly value: Tensor;
}

export interface Tape {
  readonly order: number;
  /** On a dry tape shapes are computed, but not values. */
  readonly dry: boolean;
  /** On a lazy tape values are computed when they are read: those known, by node. */
  readonly known?: (Tensor | undefined)[];
  readonly nodes: Node[];
}

/** A tensor recorded on a tape. `shape` and `data` are those of `value`, its value one level further out. */
export interface Traced extends Tensor {
  readonly tape: Tape;
  readonly index: number;
  readonly value: Tensor;
}

// A class because of its getter: the elements of a value may not be known.
class TracedTensor implements Traced {
  readonly tape: Tape;
  readonly index: number;
  readonly value: Tensor;
  readonly shape: Shape;
  constructor(tape: Tape, index: number, value: Tensor) {
    this.tape = tape;
    this.index = index;
    this.value = value;
    this.shape = value.shape;
  }
  get data(): Float64Array {
    if (this.tape.known !== undefined) return knownValue(this.tape, this.index).data;
    if (isDry(this)) return this.value.data; // throws, because it is not known yet
    throw new InputError(
      'the values of a tensor that is being differentiated were read, so results computed from them would have no gradient: ' +
        'use operations, or stopGradient(x).data where a constant is meant',
    );
  }
}

/** Whether the elements of a traced tensor are not known yet. */
const isDry = ({ tape, value }: Traced): boolean => tape.dry || (isTraced(value) && isDry(value));

/** The plain tensor beneath every tape that x is on; when its elements are not known yet, x itself. */
export function untraced(x: Tensor): Tensor {
  if (!isTraced(x)) return x;
  if (x.tape.known !== undefined) return isClosed(x.tape) ? x : untraced(knownValue(x.tape, x.index));
  return isDry(x) ? x : untraced(x.value);
}

/** A tensor whose shape is known, but not its elements. */
const shapeOnly = (shape: Shape): Tensor => ({
  shape,
  get data(): Float64Array {
    throw new InputError('compile: the function reads values that are only known when the program runs');
  },
});

// Numbers tapes in order of creation; used for comparison only.
let tapesMade = 0;

export function newTape(dry = false): Tape {
  return { order: tapesMade++, dry, nodes: [] };
}

/** A tape that records now and computes when a value is read: by `knownValue`, or all at once. */
export function newLazyTape(): Tape {
  return { order: tapesMade++, dry: false, known: [], nodes: [] };
}

/** Whether nothing on this tape depends on a tensor that another tape follows. */
export const isClosed = (tape: Tape): boolean =>
  tape.nodes.every(({ inputs }) => inputs.every(x => !isTraced(x) || x.tape === tape));

/** The value of a node of a lazy tape, computed now with those that it depends on unless they are known already. */
export function knownValue(tape: Tape, index: number): Tensor {
  const known = tape.known!;
  const wanted = new Set([index]);
  for (let i = index; i >= 0; i--) {
    if (!wanted.has(i) || known[i] !== undefined) continue;
    for (const x of tape.nodes[i]!.inputs) if (nodeOn(tape, x)) wanted.add((x as Traced).index);
  }
  for (let i = 0; i <= index; i++) {
    if (!wanted.has(i) || known[i] !== undefined) continue;
    const { primitive, inputs, params } = tape.nodes[i]!;
    const values = inputs.map(x => (nodeOn(tape, x) ? known[(x as Traced).index]! : x));
    known[i] = apply(primitive!, values, params);
  }
  return known[index]!;
}

export function isTraced(x: Tensor): x is Traced {
  return 'tape' in x;
}

/** `x` as a node of `tape`; undefined when it was not recorded on it. */
export function nodeOn(tape: Tape, x: Tensor): Traced | undefined {
  return isTraced(x) && x.tape === tape ? x : undefined;
}

/** The value of `x` beneath `tape`. */
export function below(tape: Tape, x: Tensor): Tensor {
  return nodeOn(tape, x)?.value ?? x;
}

/** Records a value on a tape as an input of the computation. */
export function traceInput(tape: Tape, value: Tensor): Traced {
  const known = tape.dry ? shapeOnly(value.shape) : value;
  if (tape.known !== undefined) tape.known[tape.nodes.length] = value;
  return recordNode(tape, { primitive: undefined, params: undefined, inputs: [], value: known });
}

/** Appends a node to a tape. */
export function recordNode(tape: Tape, node: Node): Traced {
  tape.nodes.push(node);
  return new TracedTensor(tape, tape.nodes.length - 1, node.value);
}

/** Applies a primitive: computes the result, and records it on the innermost tape among the inputs, if any. */
export function apply<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor {
  let tape: Tape | undefined;
  for (const x of inputs) {
    if (!isTensor(x)) requireTensors(primitive.name, x);
    if (isTraced(x) && (tape === undefined || x.tape.order > tape.order)) tape = x.tape;
  }
  if (tape === undefined) {
    const shapes = inputs.map(x => x.shape);
    const shape = primitive.shape(shapes, params);
    const data = new Float64Array(sizeOf(shape));
    const numbers = inputs.map(x => x.data);
    const heavy = primitive.native !== undefined && (primitive.work?.(shapes, params) ?? 0) >= leastWork;
    if (!heavy || !runKernel(site => primitive.native!(site, params), shape, shapes, numbers, data)) {
      primitive.prepare(shape, shapes, params)(data, numbers);
    }
    primitive.correctZeros?.(shape, shapes, params)?.(data, numbers);
    return { shape, data };
  }
  const innermost = tape;
  const value =
    innermost.dry || innermost.known !== undefined
      ? shapeOnly(
          primitive.shape(
            inputs.map(x => x.shape),
            params,
          ),
        )
      : apply(
          primitive,
          inputs.map(x => below(innermost, x)),
          params,
        );
  return recordNode(innermost, { primitive: primitive as Primitive<unknown>, params, inputs, value });
}
