/**
 * Builds the WebAssembly kernels: `kernels/assembly/` → `src/diff/wasm-binaries.ts`, which contains the bytes as
 * base64, so that nothing has to be fetched. One source gives two modules: the type `Real` is f32 in one and f64 in the
 * other. The same compiler gives the same bytes; a test rebuilds and compares them.
 */
import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const target = fileURLToPath(new URL('../src/diff/wasm-binaries.ts', import.meta.url));

/** Compiles the module for numbers of 32 or 64 bits. Throws with the compiler's message. */
async function buildModule(bits: 32 | 64): Promise<Uint8Array> {
  const source = fileURLToPath(new URL(`assembly/index${bits}.ts`, import.meta.url));
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      ...[source, '--outFile', 'kernels.wasm', '-O3', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd', '--importMemory', '--use', 'abort=', '--use', `Real=f${bits}`],
    ],
    {
      writeFile: (_, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
    },
  );
  if (error || binary === undefined) throw new Error(`the kernels do not compile: ${stderr.toString()}`);
  return binary;
}

/** The text of `src/diff/wasm-binaries.ts`. */
export async function buildKernels(): Promise<string> {
  const literal = (bytes: Uint8Array): string => {
    const lines =
      Buffer.from(bytes)
        .toString('base64')
        .match(/.{1,104}/g) ?? [];
    return lines.map(line => `    '${line}'`).join(' +\n');
  };
  const [single, double] = [await buildModule(32), await buildModule(64)];
  return [
    '/** The kernels of kernels/assembly as WebAssembly, base64. Written by `npm run build:kernels`: do not edit. */',
    'export const nativeCode = {',
    `  float32:\n${literal(single)},`,
    `  float64:\n${literal(double)},`,
    '};',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await buildKernels();
  await writeFile(`${target}.part`, text);
  await rename(`${target}.part`, target);
  console.log(`${text.length} characters -> ${target}`);
}
