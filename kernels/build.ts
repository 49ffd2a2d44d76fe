/**
 * Builds the WebAssembly kernels: `kernels/assembly/` → `src/diff/native-code.ts`, which carries the bytes as text so
 * that nothing has to be fetched. The same compiler gives the same bytes; a test rebuilds and compares.
 */
import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const source = fileURLToPath(new URL('assembly/index.ts', import.meta.url));
const target = fileURLToPath(new URL('../src/diff/native-code.ts', import.meta.url));

/** The module's bytes, compiled anew. Throws with the compiler's own words when it fails. */
export async function buildKernels(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      ...[source, '--outFile', 'kernels.wasm', '-O3', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd', '--importMemory', '--use', 'abort='],
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

/** The text of `src/diff/native-code.ts` for these bytes. */
export function moduleText(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,104}/g) ?? [];
  return [
    '/** The kernels of kernels/assembly as WebAssembly, base64. Written by `npm run build:kernels`: do not edit. */',
    'export const nativeCode =',
    `${lines.map(line => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes = await buildKernels();
  await writeFile(`${target}.part`, moduleText(bytes));
  await rename(`${target}.part`, target);
  console.log(`${bytes.length} bytes -> ${target}`);
}
