/**
 * Thrown when a worker thread of a training ends or fails; the training cannot go on.
 *
 * @example new GradientWorkerError('train: worker thread 2 ended').name // => 'GradientWorkerError'
 */
export class GradientWorkerError extends Error {
  override readonly name = 'GradientWorkerError';
}
