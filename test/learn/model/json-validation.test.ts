/** A model as JSON comes back bit for bit, and a damaged file is refused with the place of the mistake. */
import { describe, expect, test } from 'vitest';
import { tensor } from '../../../src/diff/tensor.ts';
import { formatModel, parseModel } from '../../../src/learn/model/model-json.ts';
import { train } from '../../../src/learn/train/train.ts';
import { clouds, options } from '../train/two-clouds.ts';

describe('a model as JSON', () => {
  const { model } = train(clouds(100, 12, 'ring'), { ...options, hidden: [3], epochs: 2 });
  const text = formatModel(model);

  test('comes back bit for bit', () => {
    expect(parseModel(text)).toEqual(model);
    const [first, ...rest] = model.network.layers;
    const negative = { weights: first!.weights, bias: tensor(Float64Array.of(-0, 0, -0)) };
    const zeros = { ...model, network: { ...model.network, layers: [negative, ...rest] } };
    expect(parseModel(formatModel(zeros))).toEqual(zeros);
  });
  test('what is refused is told in a line of bounded length', () => {
    const broken = { ...JSON.parse(text), version: Array.from({ length: 10_000 }, () => 1) };
    let message = '';
    try {
      parseModel(JSON.stringify(broken));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^model\.version: expected 1, found \[1,1/);
    expect(message.length).toBeLessThan(120);
  });
  test.each([
    ['not JSON', '{"format":', /not JSON/],
    ['another format', JSON.stringify({ format: 'onnx' }), /model\.format.*upstroke-classifier.*onnx/],
    ['a newer version', text.replace('"version": 1', '"version": 2'), /model\.version.*1.*2/],
    [
      'a missing layer',
      JSON.stringify({ ...JSON.parse(text), network: { activation: 'tanh', layers: [] } }),
      /model\.network\.layers/,
    ],
    [
      'a number that is a text',
      text.replace(/"bias": \[\s*[-\d.e]+/, '"bias": ["x"'),
      /layers\[0\]\.bias\[0\]/,
    ],
    [
      'a scale of 0',
      JSON.stringify({ ...JSON.parse(text), standardization: { mean: [0, 0], scale: [1, 0] } }),
      /scale/,
    ],
    ['a list', '[]', /model: expected an object/],
    ['nested lists without end', '['.repeat(1e6), /not JSON/],
    ['a prototype in place of fields', `{"__proto__":${text}}`, /model\.format.*nothing/],
    ['a number out of range', text.replace(/"bias": \[\s*[-\d.e]+/, '"bias": [1e999'), /bias\[0\].*finite/],
    [
      'no classes',
      JSON.stringify({ ...JSON.parse(text), classes: [] }),
      /model\.classes: expected one or more/,
    ],
    [
      'a class twice',
      JSON.stringify({ ...JSON.parse(text), classes: ['a', 'a'] }),
      /model\.classes\[1\]: expected a new name, found "a" again/,
    ],
    [
      'no features',
      JSON.stringify({ ...JSON.parse(text), features: [], standardization: { mean: [], scale: [] } }),
      /model\.features: expected one or more/,
    ],
    [
      'a feature twice',
      JSON.stringify({ ...JSON.parse(text), features: [1, 2].map(() => ({ name: 'f', unit: '' })) }),
      /model\.features\[1\]: .*"f" again/,
    ],
    [
      'fewer rows than none',
      JSON.stringify({ ...JSON.parse(text), training: { ...JSON.parse(text).training, rows: -3 } }),
      /model\.training\.rows: expected a whole number from 0/,
    ],
    [
      'half a seed',
      JSON.stringify({ ...JSON.parse(text), training: { ...JSON.parse(text).training, seed: 0.5 } }),
      /model\.training\.seed/,
    ],
  ])('%s is refused with the place', (_, broken, message) => {
    expect(() => parseModel(broken)).toThrow(message);
  });
});
