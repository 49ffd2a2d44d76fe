/** The features of the rows that `training.ts` writes and `training-process.ts` trains on. */
export const names = Array.from({ length: 24 }, (_, k) => `f${k}`);
