/** Formats a number with three significant digits. */
export const short = (x: number): string => String(Number(x.toPrecision(3)));
