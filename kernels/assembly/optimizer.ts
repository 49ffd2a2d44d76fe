/**
 * One step of Adam over a parameter array, as in src/learn/train/optimizers.ts. `keep1` is 1 − β₁ and `fix1` is
 * 1 − β₁^t, and likewise for the second moment.
 */
export function adam(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  n: i32,
  rate: Real,
  beta1: Real,
  keep1: Real,
  fix1: Real,
  beta2: Real,
  keep2: Real,
  fix2: Real,
  epsilon: Real,
  decay: Real,
): void {
  const lanes = 16 / <i32>sizeof<Real>();
  const rates = v128.splat<Real>(rate);
  const beta1s = v128.splat<Real>(beta1);
  const keep1s = v128.splat<Real>(keep1);
  const fix1s = v128.splat<Real>(fix1);
  const beta2s = v128.splat<Real>(beta2);
  const keep2s = v128.splat<Real>(keep2);
  const fix2s = v128.splat<Real>(fix2);
  const epsilons = v128.splat<Real>(epsilon);
  const decays = v128.splat<Real>(decay);
  let i = 0;
  for (; i + lanes <= n; i += lanes) {
    const gradient = v128.load(g);
    const weight = v128.load(w);
    const mean = v128.add<Real>(v128.mul<Real>(beta1s, v128.load(m)), v128.mul<Real>(keep1s, gradient));
    const square = v128.add<Real>(
      v128.mul<Real>(beta2s, v128.load(v)),
      v128.mul<Real>(v128.mul<Real>(keep2s, gradient), gradient),
    );
    v128.store(m, mean);
    v128.store(v, square);
    const root = v128.add<Real>(v128.sqrt<Real>(v128.div<Real>(square, fix2s)), epsilons);
    const step = v128.div<Real>(v128.div<Real>(mean, fix1s), root);
    v128.store(
      w,
      v128.sub<Real>(weight, v128.mul<Real>(rates, v128.add<Real>(step, v128.mul<Real>(decays, weight)))),
    );
    w += 16;
    g += 16;
    m += 16;
    v += 16;
  }
  for (; i < n; i++) {
    const gradient = load<Real>(g);
    const mean = beta1 * load<Real>(m) + keep1 * gradient;
    const square = beta2 * load<Real>(v) + keep2 * gradient * gradient;
    store<Real>(m, mean);
    store<Real>(v, square);
    const step = mean / fix1 / (sqrt<Real>(square / fix2) + epsilon);
    store<Real>(w, load<Real>(w) - rate * (step + decay * load<Real>(w)));
    w += sizeof<Real>();
    g += sizeof<Real>();
    m += sizeof<Real>();
    v += sizeof<Real>();
  }
}
