/** Annotations, and the bytes of annotation files word by word. */
import { type Annotation, decodeAnnotations } from '../../../src/wfdb/annotations/annotation-file.ts';

export const plain = { subtype: 0, channel: 0, num: 0, aux: '' };

export const at = (sample: number, symbol = 'N', more: Partial<Annotation> = {}): Annotation => ({
  ...plain,
  sample,
  symbol,
  ...more,
});

/** Little-endian 16-bit words. */
export const words = (...list: number[]) =>
  Uint8Array.from(list.flatMap(word => [word & 0xff, (word >> 8) & 0xff]));

export const mit = (code: number, value: number) => (code << 10) | (value & 0x3ff);

export const text = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap(part => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)),
  );

export const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap(part => [...part]));

export const decode = (bytes: Uint8Array) => decodeAnnotations(bytes, 'r.atr');
