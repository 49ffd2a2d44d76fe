/**
 * The linear operator, which both measures and explains: `apply` differentiates (or filters, resamples, windows) a
 * signal; `adjoint` maps the gradient with respect to its output to the gradient with respect to its input.
 * Matrix-free: D is never formed.
 *
 * For all x and y every implementation satisfies ⟨D x, y⟩ = ⟨x, Dᵀ y⟩.
 */
export interface LinearOperator {
  readonly inputLength: number;
  readonly outputLength: number;
  /**
   * y = D x. Writes to `out` when given (length `outputLength`, not overlapping `x`), otherwise returns a new array.
   */
  apply(x: Float64Array, out?: Float64Array): Float64Array;
  /**
   * x = Dᵀ y. Writes to `out` when given (length `inputLength`, not overlapping `y`), otherwise returns a new array.
   */
  adjoint(y: Float64Array, out?: Float64Array): Float64Array;
}
