/** A small database as a server publishes it, with and without checksums. */
import { createHash } from 'node:crypto';
import { type Request, sendFile } from './server.ts';

export const quick = { retries: 2, retryDelayMs: 1, timeoutMs: 1500 };

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const samples = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) & 0xff);

export const published: Record<string, Uint8Array> = {
  RECORDS: encode('100\nsub/\n'),
  ANNOTATORS: encode('atr\treference beats\n\nqrs\tdetector\n'),
  '100.hea': encode('100 2 360 10\n100.dat 212\n100.dat 212\n'),
  '100.dat': samples,
  '100.atr': encode('beats'),
  'sub/RECORDS': encode('m\r\n'),
  'sub/m.hea': encode('m/3 1 360 20\nm_0 10\n~ 5\nm_1 5\n'),
  'sub/m_0.hea': encode('m_0 1 360 10\nm_0.dat 16\n'),
  'sub/m_0.dat': encode('0'),
  'sub/m_1.hea': encode('m_1 1 360 5\nm_1.dat 16\n'),
  'sub/m_1.dat': encode('1'),
};

export const sums = encode(
  Object.entries(published)
    .map(([name, bytes]) => `${sha256(bytes)} ${name}\n`)
    .join(''),
);

export const withSums: Record<string, Uint8Array> = { ...published, 'SHA256SUMS.txt': sums };

export const well = (files: Record<string, Uint8Array>) => (request: Request) =>
  sendFile(request, files[request.name]);
