/**
 * `npm run bench gradients`: single operations and gradients, outside of training: a product, a convolution
 * and chains of elementwise operations over 10⁶ samples, against jax-js on WebAssembly (Float32), plain calls against
 * plain calls and compiled against `jit`. Milliseconds of processor time, the minimum of several alternating
 * runs, and ratios to the peer, which `npm ci --prefix bench` installs.
 */
import {
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  grad as peerGrad,
  valueAndGrad as peerValueAndGrad,
} from '@jax-js/jax';
import { createProgram } from '../src/diff/compile.ts';
import {
  add,
  conv1d,
  exp,
  grad,
  matmul,
  mean,
  mul,
  relu,
  sigmoid,
  sin,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  valueAndGrad,
} from '../src/diff.ts';
import { createRandom } from '../src/random.ts';

await init('wasm');
defaultDevice('wasm');
type PeerArray = np.Array;

const random = createRandom(1);
function noise(...shape: number[]): { own: Tensor; peer: PeerArray } {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = Float64Array.from({ length: size }, () => random.normal());
  return { own: tensor(data, shape), peer: np.array(Float32Array.from(data)).reshape(shape) };
}

/** A mean over a chain of elementwise operations, for each library. */
interface Chain {
  readonly own: (x: Tensor) => Tensor;
  readonly peer: (x: PeerArray) => PeerArray;
}

function repeated<T>(times: number, x: T, step: (x: T) => T): T {
  let y = x;
  for (let k = 0; k < times; k++) y = step(y);
  return y;
}

const chains: Readonly<Record<string, Chain>> = {
  'x²': { own: x => mean(mul(x, x)), peer: x => np.mean(x.ref.mul(x)) },
  '10 × (0.9 y + y²)': {
    own: x => mean(repeated(10, x, y => add(mul(y, 0.9), mul(y, y)))),
    peer: x => np.mean(repeated(10, x, y => y.ref.mul(0.9).add(y.ref.mul(y)))),
  },
  '5 × relu(1.5 y − 0.1)': {
    own: x => mean(repeated(5, x, y => relu(sub(mul(y, 1.5), 0.1)))),
    peer: x => np.mean(repeated(5, x, y => nn.relu(y.mul(1.5).sub(0.1)))),
  },
  'tanh(x sin x + e^(−x/2))': {
    own: x => mean(tanh(add(mul(sin(x), x), exp(mul(x, -0.5))))),
    peer: x =>
      np.mean(
        np.tanh(
          np
            .sin(x.ref)
            .mul(x.ref)
            .add(np.exp(x.mul(-0.5))),
        ),
      ),
  },
  '5 × σ(1.5 tanh y + 0.1)': {
    own: x => mean(repeated(5, x, y => sigmoid(add(mul(tanh(y), 1.5), 0.1)))),
    peer: x => np.mean(repeated(5, x, y => nn.sigmoid(np.tanh(y).mul(1.5).add(0.1)))),
  },
};

type Run = () => unknown;

/** Milliseconds of processor time of each, the minimum of `rounds` alternating runs; the first is the peer. */
async function race(name: string, runs: Readonly<Record<string, Run>>, rounds = 9): Promise<void> {
  const least = Object.fromEntries(Object.keys(runs).map(key => [key, Number.POSITIVE_INFINITY]));
  for (let round = -2; round < rounds; round++) {
    for (const [key, run] of Object.entries(runs)) {
      const start = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(start);
      if (round >= 0) least[key] = Math.min(least[key]!, (user + system) / 1000);
    }
  }
  const [, peer] = Object.entries(least)[0]!;
  const cells = Object.entries(least).map(
    ([key, ms]) => `${key} ${ms.toFixed(2)} (${(ms / peer).toFixed(2)})`,
  );
  console.log(`${name.padEnd(28)}${cells.join('   ')}`);
}

console.log('milliseconds of processor time, and in parentheses the ratio to the first\n');
const [a, b] = [noise(256, 256), noise(256, 256)];
await race('matmul 256³', {
  'jax-js': () => np.matmul(a.peer.ref, b.peer.ref).data(),
  float64: () => matmul(a.own, b.own),
});
const [signals, taps] = [noise(64, 8, 256), noise(16, 8, 5)];
const convolved = (x: PeerArray, w: PeerArray): PeerArray => lax.convGeneralDilated(x, w, [1], [[2, 2]]);
await race('conv1d 64×8×256 by 16×8×5', {
  'jax-js': () => convolved(signals.peer.ref, taps.peer.ref).data(),
  float64: () => conv1d(signals.own, taps.own, { padding: 2 }),
});
await race('its gradients', {
  'jax-js': async () => {
    const f = (x: PeerArray, w: PeerArray): PeerArray => np.sum(convolved(x, w));
    const [value, gradient] = peerValueAndGrad(f, { argnums: [0, 1] })(signals.peer.ref, taps.peer.ref) as [
      PeerArray,
      PeerArray[],
    ];
    await Promise.all([value.data(), ...gradient.map(x => x.data())]);
  },
  float64: () => valueAndGrad((x, w) => sum(conv1d(x!, w!, { padding: 2 })))(signals.own, taps.own),
});
const x = noise(1_000_000);
for (const [name, { own, peer }] of Object.entries(chains)) {
  await race(`∂ mean ${name}, plain`, {
    'jax-js': () => (peerGrad(peer)(x.peer.ref) as PeerArray).data(),
    float64: () => grad(own)(x.own),
  });
  const traced = jit(peerGrad(peer)) as unknown as (x: PeerArray) => PeerArray;
  const [single, double] = (['float32', 'float64'] as const).map(precision =>
    createProgram(z => [grad(own)(z!)], [x.own], { precision }),
  );
  await race('  compiled', {
    'jax-js jit': () => traced(x.peer.ref).data(),
    float32: () => single!.run(),
    float64: () => double!.run(),
  });
}
