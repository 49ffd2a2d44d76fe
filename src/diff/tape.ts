/**
 * How a computation is remembered. A primitive applied to plain tensors just computes. Applied to a traced tensor
 * it computes and writes a node on that tensor's tape: an array of nodes in the order they were made, so that going
 * backward is a loop. There is no current tape anywhere: a traced tensor carries its own.
 *
 * Tapes nest (a gradient of a gradient): the value under a node of an inner tape may itself be traced by an outer
 * one. A tape made later is the inner one; `order` says which.
 */
import { InputError } from '../input-error.ts';
import { isTensor, requireTensors } from './argument-checks.ts';
import { leastWork, runKernel } from './eager-kernel.ts';
import { type Floats, type Shape, sizeOf, type Tensor } from './tensor.ts';
import type { NativeStep, Site } from './wasm-kernels.ts';

/** A loop prepared for certain shapes: writes every number of `out`, checks nothing, makes no array of its size. */
export type Loop = (out: Floats, inputs: readonly Floats[]) => void;

/** One operation: its forward and its vector–Jacobian product, side by side. `P` is what it takes besides tensors. */
export interface Primitive<P> {
  readonly name: string;
  /** The shape of the result. Throws `RangeError` naming the operation and the shapes when they do not fit. */
  shape(inputs: readonly Shape[], params: P): Shape;
  /** The loop that computes a result of `shape` from inputs of these shapes. Once a shape; run as often as liked. */
  prepare(shape: Shape, inputs: readonly Shape[], params: P): Loop;
  /** The same computation by a WebAssembly kernel, where there is one for these shapes. */
  native?(site: Site, params: P): NativeStep | undefined;
  /**
   * How many multiplications it takes, where that is many for each number: then it runs by its kernel outside a compiled
   * program too. Only where kernel and loop agree to the bit.
   */
  work?(inputs: readonly Shape[], params: P): number;
  /**
   * Runs after the loop or the kernel and sets right what these cannot: in a sum of products a 0 that stands for nothing
   * (a cotangent behind a mask) still makes NaN of an infinite or invalid factor.
   */
  correctZeros?(shape: Shape, inputs: readonly Shape[], params: P): Loop | undefined;
  /** The result is the input's numbers as they are, so in a compiled program the two share their memory. */
  readonly alias?: true;
  /**
   * What makes the forward derivative simple: `linear`, in each input taken alone, so that the operation applied to a
   * tangent is its tangent; or `diagonal`, each number of the result from one number of the one input, so that the
   * Jacobian is its own transpose.
   */
  readonly form?: 'linear' | 'diagonal';
  /**
   * ctᵀ·∂output/∂inputs[argument]: has the shape of that input. Written in operations, so it can be differentiated.
   */
  vjp(ct: Tensor, argument: number, inputs: readonly Tensor[], output: Tensor, params: P): Tensor;
  /** The tangent of the result from those of the inputs, where it is not worked out from `form` or `vjp`. */
  jvp?(tangents: readonly Tensor[], inputs: readonly Tensor[], output: Tensor, params: P): Tensor;
}

/** One step of a computation: which primitive made `value` from which inputs. */
export interface Node {
  readonly primitive: Primitive<unknown> | undefined; // undefined: an input of the computation
  readonly params: unknown;
  readonly inputs: readonly Tensor[];
  readonly value: Tensor;
}

export interface Tape {
  readonly order: number;
  /** On a dry tape shapes are worked out and numbers are not. */
  readonly dry: boolean;
  readonly nodes: Node[];
}

/** A tensor whose making is on a tape. `shape` and `data` are those of `value`, its value one level down. */
export interface Traced extends Tensor {
  readonly tape: Tape;
  readonly index: number;
  readonly value: Tensor;
}

// A class for its getter: the numbers of a value may not be known.
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
    if (isDry(this)) return this.value.data; // which says that it is not known yet
    throw new InputError(
      'the numbers of a tensor that is being differentiated were read, and what is made of them would lose its gradient: ' +
        'use operations, or stopGradient(x).data where a constant is meant',
    );
  }
}

/** Whether the numbers under a traced tensor are not known yet. */
const isDry = ({ tape, value }: Traced): boolean => tape.dry || (isTraced(value) && isDry(value));

/** The plain tensor under every tape that x is on; x itself, on its own tape, when its numbers are not known yet. */
export function untraced(x: Tensor): Tensor {
  if (!isTraced(x)) return x;
  return isDry(x) ? x : untraced(x.value);
}

/** A tensor of which only the shape is known. */
const shapeOnly = (shape: Shape): Tensor => ({
  shape,
  get data(): Float64Array {
    throw new InputError('compile: the function reads numbers that are only known when the program runs');
  },
});

// Names tapes in order of making. Nothing is ever looked up by it.
let tapesMade = 0;

export function newTape(dry = false): Tape {
  return { order: tapesMade++, dry, nodes: [] };
}

export function isTraced(x: Tensor): x is Traced {
  return 'tape' in x;
}

/** `x` as a node of `tape`, or undefined when it was not made on it. */
export function nodeOn(tape: Tape, x: Tensor): Traced | undefined {
  return isTraced(x) && x.tape === tape ? x : undefined;
}

/** `x` as seen from below `tape`. */
export function below(tape: Tape, x: Tensor): Tensor {
  return nodeOn(tape, x)?.value ?? x;
}

/** Puts a value on a tape as one of the computation's inputs. */
export function traceInput(tape: Tape, value: Tensor): Traced {
  const known = tape.dry ? shapeOnly(value.shape) : value;
  return record(tape, { primitive: undefined, params: undefined, inputs: [], value: known });
}

function record(tape: Tape, node: Node): Traced {
  tape.nodes.push(node);
  return new TracedTensor(tape, tape.nodes.length - 1, node.value);
}

/** Applies a primitive: computes, and records on the innermost tape among the inputs, if any. */
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
  const value = innermost.dry
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
  return record(innermost, { primitive: primitive as Primitive<unknown>, params, inputs, value });
}
