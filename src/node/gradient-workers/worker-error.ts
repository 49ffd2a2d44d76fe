/** Thrown when a worker thread of a training ends or fails; the training cannot go on. */
export class GradientWorkerError extends Error {
  override readonly name = 'GradientWorkerError';
}
