/** `risk`: models the risk of an event from a table of patients, validates the model, and explains one patient's risk. */
import { readFile } from 'node:fs/promises';
import { pageOf } from '../../analysis/report/report-page.ts';
import { type ClinicalTable, parseClinicalTable } from '../../analysis/risk/clinical-table.ts';
import { joinTables } from '../../analysis/risk/join-tables.ts';
import type { CrossingChange, PatientRisk } from '../../analysis/risk/patient-risk.ts';
import { type RiskModelReport, type RiskReport, riskReport } from '../../analysis/risk/risk-report.ts';
import { type RiskTask, riskTask } from '../../analysis/risk/risk-task.ts';
import { InputError } from '../../input-error.ts';
import type { Interval95 } from '../../learn/bootstrap.ts';
import { readReportBundle } from '../../node/report-bundle.ts';
import type { RunFiles } from '../../node/run-files.ts';
import { decodeTable } from '../../wfdb/csv/encoding.ts';
import { defineCommand } from '../command.ts';
import { choice, defaultsTo, list, number, required, text, UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { counted, print, printJson, researchNotice } from '../output.ts';
import { startProgress } from '../progress.ts';
import { formatTable } from '../table.ts';

const names = (says: string) => list(text('NAME', says), 'NAMES');

export const command = defineCommand({
  name: 'risk',
  takes: ['TABLE'],
  summary:
    "Models the risk of an event from a table of patients, validates it, and explains one patient's risk.",
  arguments: [['TABLE', 'CSV file with a header line and one row per patient']],
  options: {
    target: required(text('COLUMN', 'column of the outcome: 0 and 1, yes and no, or two other values')),
    eventValue: text('VALUE', 'value of the outcome that means the event, if it is not obvious'),
    patient: text('N', 'patient to explain: row number from 1, or identifier in the --group column'),
    threshold: defaultsTo(
      number('RISK', 'find the smallest change that moves the risk across this value, 0 to 1', {
        above: 0,
        most: 0.999,
      }),
      0.5,
    ),
    fixed: names('columns that this change must leave alone; default: age, sex and columns of 0 and 1'),
    group: text(
      'COLUMN',
      'column that identifies patients; default: found by its name, otherwise each row is a patient',
    ),
    include: names('columns to use although they would be excluded, such as follow-up time'),
    exclude: names('columns to exclude'),
    ecg: text('FILE', 'table of ECG measurements, one row per patient, whose columns are added'),
    id: text('COLUMN', 'with --ecg: column that identifies patients in both tables; default patient_id'),
    kind: defaultsTo(choice(['logistic', 'mlp', 'both'], 'kind of model'), 'both'),
    folds: defaultsTo(
      number('N', 'number of outer and of inner folds', { least: 2, most: 20, whole: true }),
      5,
    ),
    repeats: defaultsTo(
      number('N', 'repetitions of the outer cross-validation with different folds', {
        least: 1,
        most: 50,
        whole: true,
      }),
      1,
    ),
    decimal: choice([',', '.'], 'decimal mark, if it cannot be inferred from the table'),
    encoding: text('NAME', 'encoding of the table, e.g. shift_jis'),
    seed: defaultsTo(shared.seed, 1),
    out: shared.out.page,
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [
    'Validation is by nested cross-validation: the outer folds test, the inner folds choose the penalty, and all rows of a patient are in the same fold. A derivative of the model is not the effect of a treatment.',
    researchNotice,
  ],
  async run(values, [path = ''], files) {
    if (values.out !== undefined) await files.check(values.out);
    const bundle = values.out === undefined ? undefined : await readReportBundle();
    if (values.id !== undefined && values.ecg === undefined) throw new UsageError('--id needs --ecg');
    const readOptions = {
      ...(values.decimal !== undefined && { decimal: values.decimal }),
      ...(values.encoding !== undefined && { encoding: values.encoding }),
    };
    let table = await readTable(files, path, readOptions);
    let unmatched = 0;
    if (values.ecg !== undefined) {
      const ecg = await readTable(files, values.ecg, readOptions);
      ({ table, unmatched } = joinTables(table, ecg, values.id ?? 'patient_id'));
    }
    const task = riskTask(table, {
      target: values.target!,
      ...(values.eventValue !== undefined && { event: values.eventValue }),
      ...(values.group !== undefined && { group: values.group }),
      ...(values.include !== undefined && { include: given(values.include) }),
      ...(values.exclude !== undefined && { exclude: given(values.exclude) }),
    });
    const row = values.patient === undefined ? undefined : patientRow(task, values.patient);
    const kinds = values.kind === 'both' ? (['logistic', 'mlp'] as const) : [values.kind];
    const progress = startProgress('validating', kinds.length * values.folds * values.repeats);
    let done = 0;
    const found = riskReport(task, {
      ...{ file: path, kinds, seed: values.seed, folds: values.folds, repeats: values.repeats },
      ...{ threshold: values.threshold },
      ...(row !== undefined && { row }),
      ...(values.fixed !== undefined && { fixed: given(values.fixed) }),
      onFold: kind => progress.update(++done, kind),
    });
    progress.stop();
    const notes =
      unmatched === 0
        ? found.notes
        : [
            ...found.notes,
            `${unmatched === 1 ? '1 row has' : `${unmatched} rows have`} no patient in ${values.ecg}: the values are missing`,
          ];
    const report = { ...found, notes };
    if (values.out !== undefined && bundle !== undefined) {
      const page = pageOf({ title: `${report.target} · risk`, dataId: 'risk-data', data: report }, bundle);
      await files.write(values.out, page);
      await files.commit();
    }
    if (values.json) printJson(withPlainArrays(report));
    else printReport(report, values.out);
    return 0;
  },
});

const given = (list: readonly (string | undefined)[]): string[] => list.filter(name => name !== undefined);

async function readTable(
  files: RunFiles,
  path: string,
  { encoding, ...options }: { readonly decimal?: ',' | '.'; readonly encoding?: string },
): Promise<ClinicalTable> {
  await files.addInput(path);
  const { text: content } = decodeTable(await readFile(path), encoding);
  return parseClinicalTable(content, { file: path, ...options });
}

/** Row of a patient by name, or by its number from 1. */
function patientRow(task: RiskTask, patient: string): number {
  const row = task.groups.indexOf(patient);
  if (row >= 0) return row;
  const shown = `${task.groups[0]} to ${task.groups.at(-1)}`;
  throw new InputError(`there is no patient '${patient}': patients with an outcome are ${shown}`);
}

/** The report with typed arrays as lists, because JSON represents typed arrays as objects. */
const withPlainArrays = (report: RiskReport): unknown =>
  JSON.parse(JSON.stringify(report, (_, value) => (value instanceof Float64Array ? [...value] : value)));

const interval = ({ value, low, high }: Interval95): string =>
  value === undefined
    ? '–'
    : `${value.toFixed(3)}${low === undefined ? '' : ` [${low.toFixed(3)}, ${high!.toFixed(3)}]`}`;

function printReport(report: RiskReport, out: string | undefined): void {
  const { rows, patients, events, target, event, models, patient } = report;
  print(
    `${report.file}: ${counted(rows, 'row')} of ${counted(patients, 'patient')}, ${events} with ${target} = ${event}`,
  );
  print(`covariates: ${report.covariates.join(', ')}`);
  for (const { column, reason } of report.leftOut) print(`left out: ${column}: ${reason}`);
  for (const note of report.notes) print(`note: ${note}`);
  const { folds, repeats } = models[0]!.validation;
  print(
    `\nnested cross-validation, ${folds} folds, ${counted(repeats, 'repetition')}; 95 % intervals over patients`,
  );
  print(
    formatTable([
      ['', ...models.map(({ kind }) => kind)],
      ['AUROC', ...models.map(({ validation }) => interval(validation.auroc))],
      [
        `Brier score (${models[0]!.validation.brierOfEventRate.toFixed(3)} for the event rate alone)`,
        ...models.map(({ validation }) => interval(validation.brier)),
      ],
      ['calibration intercept', ...models.map(({ validation }) => interval(validation.calibrationIntercept))],
      ['calibration slope', ...models.map(({ validation }) => interval(validation.calibrationSlope))],
    ]),
  );
  for (const model of models) {
    print(`\n${model.kind}: predicted and observed risk, in five groups by predicted risk`);
    print(
      formatTable(
        model.validation.bins.map(({ rows: count, predicted, observed, low, high }) => [
          `${count} rows`,
          percentOf(predicted),
          `${percentOf(observed)} [${percentOf(low)}, ${percentOf(high)}]`,
        ]),
      ),
    );
    if (model.patient) printPatient(model, model.patient, patient!);
  }
  if (out !== undefined) print(`\nwrote ${out}`);
  print(`\n${researchNotice}`);
}

const percentOf = (share: number): string => `${(100 * share).toFixed(1)} %`;
const signed = (value: number, digits = 3): string =>
  `${value < 0 ? '-' : '+'}${Number(Math.abs(value).toPrecision(digits))}`;

function printPatient({ kind, l2 }: RiskModelReport, found: PatientRisk, patient: string): void {
  print(
    `\npatient ${patient}, ${kind} with penalty ${l2}: risk ${percentOf(found.risk)}; typical patient ${percentOf(found.typicalRisk)}`,
  );
  print(
    formatTable([
      ['covariate', 'value', '∂risk/∂x', 'by difference', 'per SD', 'contribution'],
      ...[...found.derivatives]
        .sort((a, b) => Math.abs(b.perDeviation) - Math.abs(a.perDeviation))
        .map(({ name, unit, value, isFilled, perUnit, byChanging, perDeviation, contribution }) => [
          unit === '' ? name : `${name} (${unit})`,
          `${Number(value.toPrecision(6))}${isFilled ? ' (missing)' : ''}`,
          signed(perUnit),
          signed(byChanging),
          signed(perDeviation),
          signed(contribution),
        ]),
    ]),
  );
  print(`steepest rise: ${found.steepest.toFixed(4)} per SD along the gradient`);
  print(`held fixed: ${found.heldFixed.join(', ') || 'nothing'}`);
  if (found.crossing) printCrossing(found.crossing, found.risk);
  else print('no change within the range of the patients crosses the threshold');
}

function printCrossing(
  { threshold, changes, deviations, steps, risk }: CrossingChange,
  before: number,
): void {
  print(
    `smallest change across ${percentOf(threshold)}: ${deviations.toFixed(2)} SD, risk ${percentOf(before)} to ${percentOf(risk)}`,
  );
  for (const { name, unit, from, to, deviations: own } of changes) {
    print(
      `  ${name}: ${signless(from)} to ${signless(to)} ${unit} (${signed(own)} SD)`.replace(/ +\(/, ' ('),
    );
  }
  steps.forEach((step, k) => {
    print(`  step ${k + 1}: predicted ${percentOf(step.predicted)}, found ${percentOf(step.risk)}`);
  });
}

const signless = (value: number): string => String(Number(value.toPrecision(5)));
