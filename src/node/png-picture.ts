/** Renders SVG figures as PNG by resvg, an optional package. */
import { optionalPackage } from './optional-package.ts';

/** Dots per inch of a picture for print. */
export const printDpi = 300;

/** Whether a path names a PNG file. */
export const isPngPath = (path: string): boolean => /\.png$/i.test(path);

/** CSS pixels per inch. */
const pixelsPerInch = 96;

/**
 * Renders an SVG document as PNG. With `dpi` dots per inch one CSS pixel is dpi/96 dots. Text is set in the first
 * installed family that it names, otherwise in a sans-serif one of the system. Throws `InputError` if the optional
 * package is not installed.
 */
export async function renderPng(svg: string, dpi: number): Promise<Uint8Array> {
  const { Resvg } = await optionalPackage(() => import('@resvg/resvg-js'), '@resvg/resvg-js');
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: dpi / pixelsPerInch },
    font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  });
  return withResolution(picture.render().asPng(), dpi);
}

/** Bytes before the first chunk of a PNG file, and of the header chunk (IHDR) with its length, name and checksum. */
const signatureBytes = 8;
const headerBytes = 25;

/** The picture with a pHYs chunk (PNG specification, 11.3.5.3), so that it is printed at its size. */
function withResolution(png: Uint8Array, dpi: number): Uint8Array {
  const perMetre = Math.round(dpi / 0.0254);
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, 9);
  chunk.set([0x70, 0x48, 0x59, 0x73], 4);
  view.setUint32(8, perMetre);
  view.setUint32(12, perMetre);
  chunk[16] = 1;
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  const at = signatureBytes + headerBytes;
  const out = new Uint8Array(png.length + chunk.length);
  out.set(png.subarray(0, at));
  out.set(chunk, at);
  out.set(png.subarray(at), at + chunk.length);
  return out;
}

/** CRC-32 of ISO 3309, bit by bit: the chunk has 13 bytes. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
