/** Marks that are no beats: what was detected where there are no QRS complexes. */

/** Symbol of what was detected where there are no QRS complexes, an isolated QRS-like artefact: it is no beat. */
export const artefactSymbol = '|';

/** Number of marks that are beats. */
export const beatCount = ({ symbols }: { readonly symbols: readonly string[] }): number =>
  symbols.filter(symbol => symbol !== artefactSymbol).length;
