/**
 * Thrown when a worker thread of a training ends or fails; the training cannot continue.
 *
 * @example
 * const { rows, options } = beatRecipe('softmax', data, 1);
 * const workers = await startGradientWorkers(1);
 * await workers.close();
 * train(rows, { ...options, workers }) // throws GradientWorkerError: train: the workers are closed
 */
export class GradientWorkerError extends Error {
  override readonly name = 'GradientWorkerError';
}
