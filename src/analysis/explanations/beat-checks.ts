/** Checks of the explanation of one beat: deletion, finite differences, and randomised weights. */
import { compile } from '../../diff/compile.ts';
import { full, tensor } from '../../diff/tensor.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { parametersOf, withParameters } from '../../learn/model/network.ts';
import { createRandom, type Random } from '../../random.ts';
import {
  logOddsOf,
  type PreparedExplanation,
  sampleContributions,
  smoothedContributionsOf,
  smoothedGradientOf,
  typicalWindow,
} from '../beat-reasons.ts';
import { deletionCurve, rankedSamples } from './deletion.ts';
import { rankCorrelation } from './rank-correlation.ts';

/** The rankings of samples that the deletion test compares. */
export const rankings = [
  'integrated gradients, smoothed',
  '|integrated gradients|',
  '|∂p/∂V| times voltage difference',
  '|∂p/∂V|, smoothed',
  '|∂p/∂V|',
  'voltage difference',
  'random order',
] as const;
export type Ranking = (typeof rankings)[number];

/** p of the target class as a function of the window's voltage, mV. */
function probabilityOf({
  model,
  explanation,
  window,
  describe,
  probabilities,
}: PreparedExplanation): (x: Float64Array) => number {
  const index = model.classes.indexOf(explanation.target);
  const compiled = compile(x => [probabilities(describe(x))], window);
  return x => compiled(tensor(x))[0]!.data[index]!;
}

/** The explained probability of the beat, and that of the record's typical beat in its place. */
export function probabilityDrop(prepared: PreparedExplanation): {
  readonly beat: number;
  readonly typical: number;
} {
  const p = probabilityOf(prepared);
  return { beat: p(prepared.window.data as Float64Array), typical: p(typicalWindow(prepared)) };
}

/** The deletion curve of each ranking, and the completeness error of the integrated gradients. */
export function deletionOf(
  prepared: PreparedExplanation,
  random: Random,
): { readonly curves: ReadonlyMap<Ranking, Float64Array>; readonly completenessError: number } {
  const { voltageGradient } = prepared.explanation;
  const x = Float64Array.from(prepared.window.data);
  const baseline = typicalWindow(prepared);
  const difference = x.map((value, k) => value - baseline[k]!);
  const integrated = sampleContributions(prepared);
  const importance: Record<Ranking, Float64Array> = {
    'integrated gradients, smoothed': smoothedContributionsOf(prepared, integrated),
    '|integrated gradients|': integrated.contributions.map(Math.abs),
    '|∂p/∂V| times voltage difference': difference.map((d, k) => Math.abs(d * voltageGradient[k]!)),
    '|∂p/∂V|, smoothed': smoothedGradientOf(prepared).map(Math.abs),
    '|∂p/∂V|': voltageGradient.map(Math.abs),
    'voltage difference': difference.map(Math.abs),
    'random order': x.map(() => random.uniform()),
  };
  const p = probabilityOf(prepared);
  return {
    curves: new Map(
      rankings.map(name => [name, deletionCurve(p, x, baseline, rankedSamples(importance[name]))]),
    ),
    completenessError: integrated.completenessError,
  };
}

/** A step, mV, at which rounding and curvature both cost less than 1e-6 of the derivative. */
const differenceStep = 1e-5;

/**
 * The largest deviation of ∂(log-odds)/∂V of any sample from the central difference of the whole computation from
 * voltage to log-odds, relative to the largest ∂(log-odds)/∂V of the window.
 */
export function differenceError(prepared: PreparedExplanation): number {
  const logOdds = logOddsOf(prepared);
  const score = compile(x => [logOdds(x)], prepared.window);
  const { logOddsGradient } = prepared.explanation;
  const moved = Float64Array.from(prepared.window.data);
  const at = (): number => score(tensor(moved))[0]!.data[0]!;
  let [worst, largest] = [0, 0];
  for (const [k, value] of prepared.window.data.entries()) {
    moved[k] = value + differenceStep;
    const above = at();
    moved[k] = value - differenceStep;
    const difference = (above - at()) / (2 * differenceStep);
    moved[k] = value;
    worst = Math.max(worst, Math.abs(difference - logOddsGradient[k]!));
    largest = Math.max(largest, Math.abs(logOddsGradient[k]!));
  }
  return worst / largest;
}

/**
 * The model with all parameters drawn anew, those of a convolutional front end included: weights uniform within
 * ±√(6/(inputs + outputs)) (Glorot & Bengio 2010), biases 0.
 */
export function withRandomWeights(model: Classifier, seed: number): Classifier {
  const random = createRandom(seed);
  const drawn = parametersOf(model.network).map(({ shape, data }) => {
    const weights = full(shape, 0);
    // Dense weights are [inputs, outputs], those of a convolution [outputs, channels, taps].
    const fan = data.length / shape[0]! + (shape.length === 2 ? shape[0]! : shape[0]! * shape.at(-1)!);
    const bound = shape.length > 1 ? Math.sqrt(6 / fan) : 0;
    for (let k = 0; k < data.length; k++) weights.data[k] = bound * (2 * random.uniform() - 1);
    return weights;
  });
  return { ...model, network: withParameters(model.network, drawn) };
}

/**
 * Spearman's ρ between the contributions of the samples, and between the gradients of the log-odds, that two models
 * give for the same beat and class: near 0 if an explanation depends on what the model has learned (Adebayo et al.
 * 2018, NeurIPS), near 1 if it shows the waveform whatever the model.
 */
export function explanationCorrelation(
  a: PreparedExplanation,
  b: PreparedExplanation,
): { readonly contributions: number; readonly gradient: number } {
  return {
    contributions: rankCorrelation(
      sampleContributions(a).contributions,
      sampleContributions(b).contributions,
    ),
    gradient: rankCorrelation(a.explanation.logOddsGradient, b.explanation.logOddsGradient),
  };
}
