/**
 * The WebAssembly kernels (128-bit SIMD): loaded without fetching, called with addresses into a memory that a
 * compiled program lays its tensors out in. Where an engine has no such WebAssembly, programs run the plain loops.
 */
import { InputError } from '../input-error.ts';
import type { Shape } from './tensor.ts';
import { nativeCode } from './wasm-binaries.ts';

type Kernel = (...numbers: number[]) => void;

/** The kernels by name; see kernels/assembly for what each number means. */
export interface NativeKernels {
  readonly matmul: Kernel;
  readonly convolve: Kernel;
  readonly convolveInput: Kernel;
  readonly convolveWeights: Kernel;
  /** First number: `pairCodes`. */
  readonly pair: Kernel;
  readonly sumRows: Kernel;
  readonly relu: Kernel;
  readonly maxPool: Kernel;
  readonly maxPlace: Kernel;
  readonly adam: Kernel;
  /** Float32 only: Float64 keeps to the engine's own functions and to the order of the plain loops. */
  readonly exp?: Kernel;
  readonly tanh?: Kernel;
  readonly sigmoid?: Kernel;
  readonly clear?: Kernel;
  readonly sumRuns?: Kernel;
  readonly crossEntropy?: Kernel;
  readonly crossEntropyPull?: Kernel;
}

/** Operations of two operands that have a kernel, as kernels/assembly/elementwise.ts numbers them. */
export const pairCodes = { add: 0, sub: 1, mul: 2, div: 3, gate: 4, maskedMul: 5 } as const;

/** Bytes of scratch that a product over k with n columns takes: packed blocks of both factors (kernels/assembly/matmul.ts). */
export function matmulScratch(k: number, n: number, size: 4 | 8): number {
  const depth = Math.min(k, 256);
  const tiles = Math.min(Math.floor((n * size) / 32), 32);
  return Math.max(32 * k, 32 * depth * tiles + 64 * depth * size);
}

/** A tensor's place in a program's memory. */
export interface Place {
  readonly shape: Shape;
  /** In bytes. */
  readonly address: number;
}

/** Where one step of a program works. */
export interface Site {
  /** Bytes a number: 4 or 8. */
  readonly size: 4 | 8;
  readonly out: Place;
  readonly inputs: readonly Place[];
  /** Memory of at least so many bytes that is this step's while it runs; its address, 16-byte aligned. */
  scratch(bytes: number): number;
}

export type NativeStep = (kernels: NativeKernels) => void;

interface Modules {
  readonly float32: WebAssembly.Module;
  readonly float64: WebAssembly.Module;
}

// Compiled when first asked for, once: `undefined` not yet, `null` this engine cannot.
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
    // No SIMD, or a page's policy that forbids compiling: the plain loops do the same.
    if (!(error instanceof WebAssembly.CompileError || error instanceof EvalError)) throw error;
    compiled = null;
  }
  return compiled;
}

/** Whether this engine runs the kernels. */
export const hasNative = (): boolean => compiledModules() !== null;

/**
 * The kernels working on `memory`, of the precision with `size` bytes a number. Throws when there are none.
 *
 * @internal
 */
export function nativeKernels(memory: WebAssembly.Memory, size: 4 | 8): NativeKernels {
  const modules = compiledModules();
  if (modules === null) throw new InputError('nativeKernels: this engine has no WebAssembly SIMD');
  const module = size === 4 ? modules.float32 : modules.float64;
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as NativeKernels;
}
