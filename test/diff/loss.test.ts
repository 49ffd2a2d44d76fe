/** Losses and their gradients against closed forms. */
import { describe, expect, test } from 'vitest';
import { mul, sub } from '../../src/diff/arithmetic.ts';
import { log, sigmoid } from '../../src/diff/elementwise.ts';
import { grad, vjp } from '../../src/diff/grad.ts';
import { gradientCheck } from '../../src/diff/gradient-check.ts';
import {
  focalLoss,
  sigmoidCrossEntropy,
  sigmoidFocalLoss,
  softmaxCrossEntropy,
  weightedMean,
} from '../../src/diff/loss.ts';
import { softmax, sum } from '../../src/diff/reduction.ts';
import { full, item, type Tensor, tensor } from '../../src/diff/tensor.ts';
import { close, normalTensors } from './random-tensors.ts';

const noise = normalTensors(5);

describe('losses', () => {
  const logits = noise([6, 4]);
  const targets = full([6, 4], 0);
  for (let row = 0; row < 6; row++) targets.data[row * 4 + (row % 4)] = 0.5 + row;

  test('softmax cross-entropy is −Σ t log p, its gradient Σt·p − t', () => {
    const p = softmax(logits);
    close(softmaxCrossEntropy(logits, targets).data, sum(mul(mul(targets, log(p)), -1), { axis: 1 }).data);
    close(
      grad(z => sum(softmaxCrossEntropy(z, targets)))(logits).data,
      sub(mul(p, sum(targets, { axis: 1, keepDims: true })), targets).data,
    );
  });
  test('it neither overflows nor is NaN for a class of probability 0', () => {
    const z = tensor([
      [1e4, -1e4, 0],
      [Number.NEGATIVE_INFINITY, 0, 0],
    ]);
    const t = tensor([
      [0, 1, 0],
      [0, 1, 0],
    ]);
    const { value, pullback } = vjp(x => softmaxCrossEntropy(x!, t), z);
    expect([...value.data]).toEqual([2e4, Math.log(2)]);
    expect([...pullback(full([2, 1], 1))[0]!.data]).toEqual([1, -1, 0, 0, -0.5, 0.5]);
  });
  test('sigmoid cross-entropy is −t log σ − (1−t) log(1−σ), and exact for small probabilities', () => {
    const z = tensor([0.3, -2, 1.5]);
    const t = tensor([1, 0, 0.25]);
    close(
      sigmoidCrossEntropy(z, t).data,
      z.data.map((x, k) => {
        const s = 1 / (1 + Math.exp(-x));
        return -t.data[k]! * Math.log(s) - (1 - t.data[k]!) * Math.log(1 - s);
      }),
    );
    expect([...sigmoidCrossEntropy(tensor([800, -800]), tensor([0, 1])).data]).toEqual([800, 800]);
    expect(item(sigmoidCrossEntropy(tensor([50]), tensor([1])))).toBeCloseTo(Math.exp(-50), 36);
  });
  test('focal loss is (1 − p)^γ of the cross-entropy, and the cross-entropy at γ = 0', () => {
    const p = softmax(logits).data;
    const ce = softmaxCrossEntropy(logits, targets).data;
    close(focalLoss(logits, targets, 0).data, ce);
    close(
      focalLoss(logits, targets, 2).data,
      ce.map((loss, row) => loss * (1 - p[row * 4 + (row % 4)]!) ** 2),
    );
    expect(gradientCheck(z => focalLoss(z!, targets, 2), [logits]).worstError).toBeLessThan(1e-8);
    const z = tensor([1.2, -0.4]);
    const t = tensor([1, 0]);
    const sure = [sigmoid(1.2), sigmoid(0.4)].map(item);
    close(
      sigmoidFocalLoss(z, t, 2).data,
      sure.map(q => -((1 - q) ** 2) * Math.log(q)),
    );
    expect(() => focalLoss(logits, targets, 0.5)).toThrow(/gamma.*0.5/);
  });
  test('a row of weight 0 has no loss and no gradient, even when its logits are NaN', () => {
    const z = tensor([
      [Number.NaN, 2],
      [1, 2],
    ]);
    const t = tensor([
      [0, 0],
      [1, 0],
    ]);
    const { value, pullback } = vjp(x => softmaxCrossEntropy(x!, t), z);
    expect(value.data[0]).toBe(0);
    expect([...pullback(full([2, 1], 1))[0]!.data.subarray(0, 2)]).toEqual([0, 0]);
  });
  test('a class of probability 0 does not make a focal loss NaN', () => {
    const z = tensor([
      [Number.NEGATIVE_INFINITY, 0, 1],
      [Number.NEGATIVE_INFINITY, 0, 1],
    ]);
    const t = tensor([
      [0, 1, 0],
      [1, 0, 0],
    ]);
    const { value, pullback } = vjp(x => focalLoss(x!, t, 2), z);
    const two = tensor([[0, 1]]);
    const possible = vjp(x => focalLoss(x!, tensor([[1, 0]]), 2), two);
    expect(value.data[0]).toBeCloseTo(item(possible.value), 14);
    expect(value.data[1]).toBe(Number.POSITIVE_INFINITY);
    const gradient = pullback(full([2, 1], 1))[0]!.data;
    close(gradient.subarray(0, 3), [0, ...possible.pullback(full([1, 1], 1))[0]!.data]);
    // With p → 0 the loss is −log p: its gradient by the logits is p − t.
    close(gradient.subarray(3), [-1, ...softmax(two).data]);
  });
  test('a focal loss keeps the digits of a row that is almost right', () => {
    // p = 1/(1 + e^−40): 1 − p and −log p are e^−40 to 17 digits.
    expect(item(focalLoss(tensor([[40, 0]]), tensor([[1, 0]]), 1)) / Math.exp(-80)).toBeCloseTo(1, 12);
    expect(item(sigmoidFocalLoss(tensor([40]), tensor([1]), 1)) / Math.exp(-80)).toBeCloseTo(1, 12);
  });
  test('certain predictions do not make the binary losses NaN', () => {
    const infinity = Number.POSITIVE_INFINITY;
    const z = tensor([-infinity, infinity, -infinity, infinity]);
    const t = tensor([0, 1, 1, 0]);
    for (const f of [sigmoidCrossEntropy, (x: Tensor, y: Tensor) => sigmoidFocalLoss(x, y, 2)]) {
      const { value, pullback } = vjp(x => f(x!, t), z);
      expect([...value.data]).toEqual([0, 0, infinity, infinity]);
      expect([...pullback(full([4], 1))[0]!.data].map(Math.abs)).toEqual([0, 0, 1, 1]);
    }
  });
  test('the binary focal loss takes soft targets, and is the cross-entropy at γ = 0', () => {
    const z = tensor([0.3, -2, 1.5]);
    const t = tensor([1, 0, 0.25]);
    close(sigmoidFocalLoss(z, t, 0).data, sigmoidCrossEntropy(z, t).data);
    close(
      sigmoidFocalLoss(z, t, 2).data,
      z.data.map((x, k) => {
        const s = 1 / (1 + Math.exp(-x));
        return -t.data[k]! * (1 - s) ** 2 * Math.log(s) - (1 - t.data[k]!) * s ** 2 * Math.log(1 - s);
      }),
    );
  });
  test('a weighted mean divides by the weights', () => {
    const losses = tensor([[2], [4]]);
    expect(
      item(
        weightedMean(
          losses,
          tensor([
            [1, 0],
            [0, 3],
          ]),
        ),
      ),
    ).toBe(1.5);
  });
});
