/** Lookup tables of the two cyclic redundancy checks of FLAC (most significant bit first, initial value 0). */

function tableOf(width: 8 | 16, polynomial: number): Uint16Array {
  const top = 1 << (width - 1);
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let value = byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) value = value & top ? (value << 1) ^ polynomial : value << 1;
    return value & (2 ** width - 1);
  });
}

/** x⁸ + x² + x + 1, of frame headers: `check = crcTable8[check ^ byte]`. */
export const crcTable8 = tableOf(8, 0x07);

/** x¹⁶ + x¹⁵ + x² + 1, of frames: `check = ((check << 8) & 0xffff) ^ crcTable16[(check >> 8) ^ byte]`. */
export const crcTable16 = tableOf(16, 0x8005);
