/**
 * Lesson 5: the chain rule. Dose → systolic blood pressure → stroke risk, with illustrative curves: −2 mmHg per mg
 * and +0.5 percentage points per mmHg at the start, both levelling off from there.
 */
import { add, div, mul, sub } from '../../diff/arithmetic.ts';
import { exp } from '../../diff/elementwise.ts';
import { grad } from '../../diff/grad.ts';
import { sum } from '../../diff/reduction.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { type Figures, shown } from './lesson-inputs.ts';

/** Pressure without the drug, mmHg; maximum reduction, mmHg; and the dose at which 63 % of it is reached, mg. */
const pressureCurve = { start: 160, most: 40, dose: 20 } as const;

/** Systolic blood pressure in mmHg at a dose in mg. Differentiable. */
const pressureOf = (dose: Tensor): Tensor =>
  add(
    pressureCurve.start - pressureCurve.most,
    mul(pressureCurve.most, exp(mul(dose, -1 / pressureCurve.dose))),
  );

/**
 * Pressure increase that doubles the risk, mmHg (Lewington et al. 2002, Lancet 360:1903: about 20 mmHg at ages 40 to
 * 69).
 */
const doubling = 20;
const riskAtStart = (0.5 * doubling) / Math.LN2;

/** Risk of stroke in percent at a systolic pressure in mmHg. Differentiable. */
const strokeRiskOf = (pressure: Tensor): Tensor =>
  mul(riskAtStart, exp(div(mul(sub(pressure, pressureCurve.start), Math.LN2), doubling)));

export interface ChainAt {
  readonly dose: number;
  readonly pressure: number;
  readonly risk: number;
  /**
   * Derivatives in mmHg per mg, percentage points per mmHg, and percentage points per mg; the last by `grad` of the
   * composition.
   */
  readonly pressurePerMg: number;
  readonly riskPerMmHg: number;
  readonly riskPerMg: number;
}

/** Pressure (mmHg), risk (%) and the three derivatives at a dose in mg. */
export function chainAt(dose: number): ChainAt {
  const slope = (f: (x: Tensor) => Tensor, at: number): number => grad(x => sum(f(x)))(tensor([at])).data[0]!;
  const pressure = pressureOf(tensor([dose])).data[0]!;
  return {
    ...{ dose, pressure, risk: strokeRiskOf(tensor([pressure])).data[0]! },
    pressurePerMg: slope(pressureOf, dose),
    riskPerMmHg: slope(strokeRiskOf, pressure),
    riskPerMg: slope(x => strokeRiskOf(pressureOf(x)), dose),
  };
}

/** Doses quoted in the lesson, mg. */
const quotedDoses = [0, 10, 20] as const;

/** The numbers quoted in lesson 5. */
export function chainFigures(): Figures {
  const figures: Record<string, string> = {};
  for (const dose of quotedDoses) {
    const at = chainAt(dose);
    figures[`pressure-${dose}`] = shown(at.pressure, 0);
    figures[`risk-${dose}`] = shown(at.risk, 1);
    figures[`pressure-per-mg-${dose}`] = shown(at.pressurePerMg, 2);
    figures[`risk-per-mmhg-${dose}`] = shown(at.riskPerMmHg, 2);
    figures[`risk-per-mg-${dose}`] = shown(at.riskPerMg, 2);
  }
  // Result with the sign of the second factor reversed, as in the article's figure.
  figures['other-sign'] = `+${shown(chainAt(0).pressurePerMg * -chainAt(0).riskPerMmHg, 2)}`;
  return figures;
}
