/**
 * The linear operator: the one object that both measures and explains. `apply` differentiates (filters, resamples,
 * cuts) a signal; `adjoint` carries a gradient with respect to its output back to a gradient with respect to its
 * input. Matrix-free: D is never formed.
 *
 * The law that every implementation obeys, for all x and y: ⟨D x, y⟩ = ⟨x, Dᵀ y⟩.
 */
export interface LinearOperator {
  readonly inputLength: number;
  readonly outputLength: number;
  /** y = D x. Writes into `out` when given (length `outputLength`, not overlapping `x`), else into a new array. */
  apply(x: Float64Array, out?: Float64Array): Float64Array;
  /** x = Dᵀ y. Writes into `out` when given (length `inputLength`, not overlapping `y`), else into a new array. */
  adjoint(y: Float64Array, out?: Float64Array): Float64Array;
}
