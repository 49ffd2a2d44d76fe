/** The typical shape of the P waves of a record, and the comparison of others with it. */

/** Least similarity (cosine) of two P waves, and limits of their relative amplitude. */
const leastSimilarity = 0.8;
const amplitudeRange = { least: 0.5, most: 2 };
/** At most this many shapes are compared with each other, and at least this many must be similar. */
const mostCompared = 60;
const fewestSimilar = 3;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** The cosine of the angle between two shapes, −1 to 1; NaN when one is zero or invalid. */
const similarity = (a: Float64Array, b: Float64Array): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

/** Whether a shape is that of a P wave like the typical one. */
export function isAlike(shape: Float64Array, typical: Float64Array): boolean {
  const amplitude = dot(shape, typical) / dot(typical, typical);
  return (
    similarity(shape, typical) >= leastSimilarity &&
    amplitude >= amplitudeRange.least &&
    amplitude <= amplitudeRange.most
  );
}

/**
 * The mean of the largest group of similar shapes; undefined when the group has less than `share` of all shapes.
 */
export function typicalShape(shapes: readonly Float64Array[], share: number): Float64Array | undefined {
  const count = Math.min(mostCompared, shapes.length);
  const compared = Array.from({ length: count }, (_, k) => shapes[Math.floor((k * shapes.length) / count)]!);
  let group: readonly Float64Array[] = [];
  for (const shape of compared) {
    const similar = compared.filter(other => similarity(shape, other) >= leastSimilarity);
    if (similar.length > group.length) group = similar;
  }
  if (group.length < Math.max(fewestSimilar, share * count)) return undefined;
  const [first] = group;
  return first!.map((_, i) => group.reduce((sum, shape) => sum + shape[i]!, 0) / group.length);
}
