/**
 * The WebAssembly kernels (128-bit SIMD). They are loaded without a network request and take addresses in the memory of
 * a compiled program. Where the engine lacks SIMD, programs run the JavaScript loops.
 */
import { InputError } from '../input-error.ts';
import type { Shape } from './tensor.ts';
import { nativeCode } from './wasm-binaries.ts';

type Kernel = (...numbers: number[]) => void;

/** The kernels by name; their arguments are documented in kernels/assembly. */
export interface NativeKernels {
  readonly matmul: Kernel;
  readonly convolve: Kernel;
  readonly convolveInput: Kernel;
  readonly convolveWeights: Kernel;
  /** The first argument is one of `pairCodes`. */
  readonly pair: Kernel;
  readonly sumRows: Kernel;
  readonly relu: Kernel;
  readonly maxPool: Kernel;
  readonly maxPlace: Kernel;
  readonly adam: Kernel;
  /** Float32 only: in Float64 the engine's own functions and the order of the JavaScript loops are kept. */
  readonly exp?: Kernel;
  readonly tanh?: Kernel;
  readonly sigmoid?: Kernel;
  readonly clear?: Kernel;
  readonly sumRuns?: Kernel;
  readonly crossEntropy?: Kernel;
  readonly crossEntropyPull?: Kernel;
}

/** The binary operations that have a kernel, as kernels/assembly/elementwise.ts numbers them. */
export const pairCodes = { add: 0, sub: 1, mul: 2, div: 3, gate: 4, maskedMul: 5 } as const;

/**
 * Bytes of scratch memory for a product over k with n columns: packed blocks of both factors
 * (kernels/assembly/matmul.ts).
 */
export function matmulScratch(k: number, n: number, size: 4 | 8): number {
  const depth = Math.min(k, 256);
  const tiles = Math.min(Math.floor((n * size) / 32), 32);
  return Math.max(32 * k, 32 * depth * tiles + 64 * depth * size);
}

/** The shape and address of a tensor in a program's memory. */
export interface Place {
  readonly shape: Shape;
  /** In bytes. */
  readonly address: number;
}

/** The inputs, the output and the scratch memory of one step of a program. */
export interface Site {
  /** Bytes per number: 4 or 8. */
  readonly size: 4 | 8;
  readonly out: Place;
  readonly inputs: readonly Place[];
  /** The address, 16-byte aligned, of at least this many bytes that this step may use while it runs. */
  scratch(bytes: number): number;
}

export type NativeStep = (kernels: NativeKernels) => void;

interface Modules {
  readonly float32: WebAssembly.Module;
  readonly float64: WebAssembly.Module;
}

// Compiled on first use: `undefined` before, `null` where the engine cannot.
let compiled: Modules | null | undefined;

function compiledModules(): Modules | null {
  if (compiled !== undefined) return compiled;
  const moduleOf = (code: string): WebAssembly.Module =>
    new WebAssembly.Module(Uint8Array.from(atob(code), character => character.charCodeAt(0)));
  try {
    compiled =
      typeof WebAssembly === 'undefined'
        ? null
        : { float32: moduleOf(nativeCode.float32), float64: moduleOf(nativeCode.float64) };
  } catch (error) {
    // No SIMD, or a content security policy that forbids compiling: the JavaScript loops compute the same.
    if (!(error instanceof WebAssembly.CompileError || error instanceof EvalError)) throw error;
    compiled = null;
  }
  return compiled;
}

/** Whether this engine supports the kernels. */
export const hasNative = (): boolean => compiledModules() !== null;

/**
 * The kernels for numbers of `size` bytes, on `memory`. Throws `RangeError` when the engine does not support them.
 *
 * @internal
 */
export function nativeKernels(memory: WebAssembly.Memory, size: 4 | 8): NativeKernels {
  const modules = compiledModules();
  if (modules === null) throw new InputError('nativeKernels: this engine has no WebAssembly SIMD');
  const module = size === 4 ? modules.float32 : modules.float64;
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as NativeKernels;
}
