/** A number with three significant digits, for a sentence. */
export const short = (x: number): string => String(Number(x.toPrecision(3)));
