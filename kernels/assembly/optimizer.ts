/**
 * One step of Adam over a parameter array, as src/learn/optimizers.ts writes it. `keep1` is 1 − β₁ and `fix1` is
 * 1 − β₁^t, and so for the second moment.
 */
function adam<T>(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  n: i32,
  rate: T,
  beta1: T,
  keep1: T,
  fix1: T,
  beta2: T,
  keep2: T,
  fix2: T,
  epsilon: T,
  decay: T,
): void {
  const lanes = 16 / <i32>sizeof<T>();
  const rates = v128.splat<T>(rate);
  const beta1s = v128.splat<T>(beta1);
  const keep1s = v128.splat<T>(keep1);
  const fix1s = v128.splat<T>(fix1);
  const beta2s = v128.splat<T>(beta2);
  const keep2s = v128.splat<T>(keep2);
  const fix2s = v128.splat<T>(fix2);
  const epsilons = v128.splat<T>(epsilon);
  const decays = v128.splat<T>(decay);
  let i = 0;
  for (; i + lanes <= n; i += lanes) {
    const gradient = v128.load(g);
    const weight = v128.load(w);
    const mean = v128.add<T>(v128.mul<T>(beta1s, v128.load(m)), v128.mul<T>(keep1s, gradient));
    const square = v128.add<T>(
      v128.mul<T>(beta2s, v128.load(v)),
      v128.mul<T>(v128.mul<T>(keep2s, gradient), gradient),
    );
    v128.store(m, mean);
    v128.store(v, square);
    const root = v128.add<T>(v128.sqrt<T>(v128.div<T>(square, fix2s)), epsilons);
    const step = v128.div<T>(v128.div<T>(mean, fix1s), root);
    v128.store(w, v128.sub<T>(weight, v128.mul<T>(rates, v128.add<T>(step, v128.mul<T>(decays, weight)))));
    w += 16;
    g += 16;
    m += 16;
    v += 16;
  }
  for (; i < n; i++) {
    const gradient = load<T>(g);
    const mean = beta1 * load<T>(m) + keep1 * gradient;
    const square = beta2 * load<T>(v) + keep2 * gradient * gradient;
    store<T>(m, mean);
    store<T>(v, square);
    const step = mean / fix1 / (sqrt<T>(square / fix2) + epsilon);
    store<T>(w, load<T>(w) - rate * (step + decay * load<T>(w)));
    w += sizeof<T>();
    g += sizeof<T>();
    m += sizeof<T>();
    v += sizeof<T>();
  }
}

export function adam32(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  n: i32,
  rate: f32,
  beta1: f32,
  keep1: f32,
  fix1: f32,
  beta2: f32,
  keep2: f32,
  fix2: f32,
  epsilon: f32,
  decay: f32,
): void {
  adam<f32>(w, g, m, v, n, rate, beta1, keep1, fix1, beta2, keep2, fix2, epsilon, decay);
}

export function adam64(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  n: i32,
  rate: f64,
  beta1: f64,
  keep1: f64,
  fix1: f64,
  beta2: f64,
  keep2: f64,
  fix2: f64,
  epsilon: f64,
  decay: f64,
): void {
  adam<f64>(w, g, m, v, n, rate, beta1, keep1, fix1, beta2, keep2, fix2, epsilon, decay);
}
