/** The page of a risk model: its performance, and an explanation of one patient's risk. */
import type { PatientRisk } from '../../analysis/risk/patient-risk.ts';
import type { RiskModelReport, RiskReport } from '../../analysis/risk/risk-report.ts';
import type { Interval95 } from '../../learn/bootstrap.ts';
import { element, section } from '../element.ts';
import { featureBars } from '../features.ts';
import { decimals, percent, signed, withUnit } from '../number-format.ts';
import { colour } from '../palette.ts';
import { createPlot } from '../plot.ts';

/** Fills `page` with the report of a risk model. */
export function showRisk(page: HTMLElement, report: RiskReport): void {
  page.replaceChildren(header(report));
  page.append(
    section(
      'validation',
      'Performance on unseen patients',
      validationTable(report.models),
      ...report.leftOut.map(({ column, reason }) =>
        element('p', { class: 'setting' }, `${column} is left out: ${reason}.`),
      ),
      ...report.notes.map(note => element('p', { class: 'setting' }, note)),
    ),
  );
  const pair = element('div', { class: 'pair' });
  page.append(pair);
  for (const model of report.models) showCalibration(pair, model);
  for (const model of report.models) {
    if (model.patient) page.append(patientSection(report, model, model.patient));
  }
}

function header({
  file,
  target,
  event,
  rows,
  patients,
  events,
  covariates,
  notice,
}: RiskReport): HTMLElement {
  const fact = (name: string, value: string): HTMLElement =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value));
  return element(
    'header',
    {},
    element(
      'div',
      { class: 'title' },
      element('h1', {}, `Risk of ${target} = ${event}`),
      element('p', { class: 'notice' }, notice),
    ),
    element(
      'dl',
      { class: 'facts' },
      fact('Table', file),
      fact('Rows', `${rows} of ${patients} patients`),
      fact('Events', `${events} (${percent(events / rows)})`),
      fact(`Covariates (${covariates.length})`, covariates.join(', ')),
    ),
  );
}

const interval = ({ value, low, high }: Interval95): string =>
  `${decimals(value, 3)} [${decimals(low, 3)}, ${decimals(high, 3)}]`;

function validationTable(models: readonly RiskModelReport[]): HTMLElement {
  const { folds, repeats, brierOfEventRate } = models[0]!.validation;
  const row = (name: string, of: (model: RiskModelReport) => string): HTMLElement =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      ...models.map(model => element('td', { class: 'value' }, of(model))),
    );
  return element(
    'div',
    { class: 'wide', tabindex: '0' },
    element(
      'table',
      { class: 'features' },
      element(
        'caption',
        { class: 'setting' },
        `Nested cross-validation by patient: ${folds} folds, ${repeats} ${repeats === 1 ? 'repetition' : 'repetitions'}; 95 % intervals over patients`,
      ),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('td', {}),
          ...models.map(({ kind }) => element('th', { scope: 'col', class: 'value' }, kind)),
        ),
      ),
      element(
        'tbody',
        {},
        row('AUROC', ({ validation }) => interval(validation.auroc)),
        row(`Brier score (${decimals(brierOfEventRate, 3)} for the event rate alone)`, ({ validation }) =>
          interval(validation.brier),
        ),
        row('Calibration intercept', ({ validation }) => interval(validation.calibrationIntercept)),
        row('Calibration slope', ({ validation }) => interval(validation.calibrationSlope)),
      ),
    ),
  );
}

function showCalibration(parent: HTMLElement, { kind, validation }: RiskModelReport): void {
  const { bins } = validation;
  const host = element('div', { class: 'plot' });
  parent.append(
    section(
      `calibration-${kind}`,
      `Calibration, ${kind}`,
      element(
        'p',
        { class: 'setting' },
        'Observed event rate in five groups by predicted risk, with 95 % intervals',
      ),
      host,
    ),
  );
  createPlot({
    host,
    description: `Observed event rate against predicted risk: ${bins.map(bin => `${percent(bin.observed)} for ${percent(bin.predicted)}`).join(', ')}.`,
    height: 260,
    lines: [{ colour: 'class-0', width: 2, dots: 8 }],
    columns: [bins.map(({ predicted }) => predicted), bins.map(({ observed }) => observed)],
    xLabel: 'predicted risk',
    xRange: [0, 1],
    yRange: () => [0, 1],
    drawBelow: ({ context, x, y, scale }) => {
      context.strokeStyle = colour('muted');
      context.lineWidth = scale;
      context.setLineDash([4 * scale, 4 * scale]);
      context.beginPath();
      context.moveTo(x(0), y(0));
      context.lineTo(x(1), y(1));
      context.stroke();
      context.setLineDash([]);
      context.strokeStyle = colour('class-0');
      context.lineWidth = 1.5 * scale;
      for (const { predicted, low, high } of bins) {
        context.beginPath();
        context.moveTo(x(predicted), y(low));
        context.lineTo(x(predicted), y(high));
        context.stroke();
      }
    },
  });
}

function patientSection(report: RiskReport, model: RiskModelReport, patient: PatientRisk): HTMLElement {
  const { kind } = model;
  const fixed = patient.heldFixed.join(', ') || 'nothing';
  return section(
    `patient-${kind}`,
    `Patient ${report.patient}, ${kind}: risk ${percent(patient.risk)}`,
    element(
      'p',
      {},
      `The typical patient, every covariate at its mean, has ${percent(patient.typicalRisk)}. Along the gradient the risk rises by ${decimals(100 * patient.steepest, 1)} percentage points per standard deviation.`,
    ),
    element(
      'div',
      { class: 'columns' },
      element(
        'div',
        {},
        ...featureBars(
          patient.derivatives.map(each => ({ ...each, gradient: each.perUnit })),
          report.target,
        ),
      ),
      element(
        'div',
        {},
        element('h3', {}, 'Smallest change that crosses the threshold'),
        element('p', { class: 'setting' }, `Held fixed: ${fixed}.`),
        ...crossing(patient),
      ),
    ),
    element('h3', {}, 'Partial derivatives per unit, and contributions to the risk'),
    element(
      'p',
      { class: 'setting' },
      '∂risk/∂x is per unit of the covariate; by difference, from predicting again with the cell changed; the contribution is relative to the typical patient, by integrated gradients.',
    ),
    derivativesTable(patient),
  );
}

const derivativesTable = ({ derivatives }: PatientRisk): HTMLElement =>
  numbersTable(
    ['covariate', 'value', '∂risk/∂x', 'by difference', 'contribution'],
    [...derivatives]
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
      .map(({ name, unit, value, isFilled, perUnit, byChanging, contribution }) => [
        name,
        `${withUnit(plain(value), unit)}${isFilled ? ' (missing)' : ''}`,
        signed(perUnit),
        signed(byChanging),
        signed(contribution),
      ]),
  );

function crossing({ crossing: found, risk }: PatientRisk): HTMLElement[] {
  if (!found) {
    return [element('p', {}, 'No change within the range of the patients crosses the threshold.')];
  }
  return [
    element(
      'p',
      {},
      `A change of ${decimals(found.deviations, 2)} SD moves the risk from ${percent(risk)} across ${percent(found.threshold)} to ${percent(found.risk)}.`,
    ),
    numbersTable(
      ['covariate', 'from', 'to', 'SD'],
      found.changes.map(({ name, unit, from, to, deviations }) => [
        name,
        withUnit(plain(from), unit),
        withUnit(plain(to), unit),
        signed(deviations),
      ]),
    ),
    numbersTable(
      ['step', 'predicted by the gradient', 'found'],
      found.steps.map((step, k) => [String(k + 1), percent(step.predicted), percent(step.risk)]),
    ),
  ];
}

/** Formats a number without powers of ten, as in a table of patients. */
const plain = (value: number): string => String(Number(value.toPrecision(5))).replace('-', '−');

function numbersTable(heading: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return element(
    'div',
    { class: 'wide', tabindex: '0' },
    element(
      'table',
      { class: 'features' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...heading.map((name, k) =>
            element('th', { scope: 'col', ...(k > 0 && { class: 'value' }) }, name),
          ),
        ),
      ),
      element(
        'tbody',
        {},
        ...rows.map(([first, ...others]) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, first!),
            ...others.map(cell => element('td', { class: 'value' }, cell)),
          ),
        ),
      ),
    ),
  );
}
