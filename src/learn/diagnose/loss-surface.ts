/**
 * The training loss over the plane that holds most of what several optimisers did: the first two principal components
 * of their parameters, epoch by epoch (Li, Xu, Taylor, Studer & Goldstein 2018, "Visualizing the Loss Landscape of
 * Neural Nets", NeurIPS, section 7).
 */
import { InputError } from '../../input-error.ts';

/** The parameters that one training went through, one vector per epoch, the start first. */
export interface ParameterPath {
  readonly name: string;
  readonly points: readonly Float64Array[];
}

/** A path in the coordinates of a plane. */
export interface ProjectedPath {
  readonly name: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A plane in the space of parameters: `center + x·first + y·second`, with orthonormal directions. */
export interface ParameterPlane {
  readonly center: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly paths: readonly ProjectedPath[];
  /** Share (0 … 1) of the variance of all points that lies in the plane. */
  readonly explainedVariance: number;
}

const iterations = 300;

/**
 * The plane of the first two principal components of all points of the paths. Where the points vary in one direction
 * only, the second is any direction perpendicular to it. Throws `InputError` without two different finite points or with
 * points of different lengths.
 *
 * @example
 * const paths = [{ name: 'sgd', points: [[0, 0, 0], [2, 0, 0], [3, 1, 0]].map(p => Float64Array.from(p)) }];
 * planeOfPaths(paths).explainedVariance.toFixed(6) // => '1.000000'
 */
export function planeOfPaths(paths: readonly ParameterPath[]): ParameterPlane {
  const points = paths.flatMap(path => path.points);
  const length = points[0]?.length ?? 0;
  if (points.some(point => point.length !== length || !point.every(Number.isFinite))) {
    throw new InputError(`planeOfPaths: every point is ${length} finite numbers`);
  }
  const center = new Float64Array(length);
  for (const point of points) for (let k = 0; k < length; k++) center[k]! += point[k]! / points.length;
  const deviations = points.map(point => point.map((value, k) => value - center[k]!));
  const variance = deviations.reduce((sum, d) => sum + dot(d, d), 0);
  if (length < 2 || !(variance > 0)) {
    throw new InputError('planeOfPaths: a plane takes two different points of two or more parameters');
  }
  const first = principalDirection(deviations, []);
  const second = principalDirection(deviations, [first]);
  const along = (direction: Float64Array, path: ParameterPath): Float64Array =>
    Float64Array.from(path.points, point => dot(point, direction) - dot(center, direction));
  const inPlane = deviations.reduce((sum, d) => sum + dot(d, first) ** 2 + dot(d, second) ** 2, 0);
  return {
    ...{ center, first, second },
    paths: paths.map(path => ({ name: path.name, x: along(first, path), y: along(second, path) })),
    explainedVariance: Math.min(1, inPlane / variance),
  };
}

/** The parameters at a place of the plane. */
export function parametersAt({ center, first, second }: ParameterPlane, x: number, y: number): Float64Array {
  return center.map((value, k) => value + x * first[k]! + y * second[k]!);
}

/** Coordinates of a square grid over the paths with a margin: `size` values along each direction. */
export function gridOver(
  { paths }: Pick<ParameterPlane, 'paths'>,
  size: number,
): { readonly x: Float64Array; readonly y: Float64Array } {
  const axis = (values: readonly number[]): Float64Array => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = 0.2 * (high - low || 1);
    return Float64Array.from(
      { length: size },
      (_, k) => low - margin + (k / (size - 1)) * (high - low + 2 * margin),
    );
  };
  return { x: axis(paths.flatMap(path => [...path.x])), y: axis(paths.flatMap(path => [...path.y])) };
}

/** The unit vector of largest variance among those perpendicular to `found`, by power iteration. */
function principalDirection(
  deviations: readonly Float64Array[],
  found: readonly Float64Array[],
): Float64Array {
  const perpendicular = (v: Float64Array): Float64Array => {
    for (const direction of found) {
      const share = dot(v, direction);
      for (let k = 0; k < v.length; k++) v[k]! -= share * direction[k]!;
    }
    return v;
  };
  const rest = deviations.map(deviation => perpendicular(Float64Array.from(deviation)));
  const largest = rest.reduce((best, v) => (dot(v, v) > dot(best, best) ? v : best));
  const total = deviations.reduce((sum, d) => sum + dot(d, d), 0);
  if (dot(largest, largest) <= 1e-20 * total) return unit(perpendicular(anyAcross(found[0]!)));
  let direction = unit(Float64Array.from(largest));
  for (let iteration = 0; iteration < iterations; iteration++) {
    const next = new Float64Array(direction.length);
    for (const deviation of rest) {
      const share = dot(deviation, direction);
      for (let k = 0; k < next.length; k++) next[k]! += share * deviation[k]!;
    }
    const moved = unit(perpendicular(next));
    const change = 1 - Math.abs(dot(moved, direction));
    direction = moved;
    if (change < 1e-14) break;
  }
  return direction;
}

/** A coordinate axis that is not along `direction`. */
function anyAcross(direction: Float64Array): Float64Array {
  const axis = new Float64Array(direction.length);
  const least = direction.reduce(
    (best, value, k) => (Math.abs(value) < Math.abs(direction[best]!) ? k : best),
    0,
  );
  axis[least] = 1;
  return axis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

function unit(v: Float64Array): Float64Array {
  const size = Math.sqrt(dot(v, v));
  return v.map(value => value / size);
}
