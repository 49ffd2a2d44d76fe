/** `evaluate detection`: the QRS detector compared with the reference annotations of a database. */
import {
  type DetectionEvaluation,
  type DetectionSetting,
  type Errors,
  evaluateDetection,
} from '../../../analysis/evaluate-detection.ts';
import { recordSet } from '../../../learn/protocol.ts';
import { recordsOf } from '../../../node/database-records.ts';
import { wfdbPath } from '../../../node/files.ts';
import { defineCommand } from '../../command.ts';
import { defaultsTo, number, required, text, UsageError } from '../../option.ts';
import { shared } from '../../options.ts';
import { print, printJson } from '../../output.ts';
import { startProgress } from '../../progress.ts';
import { formatTable, percent } from '../../table.ts';

export const command = defineCommand({
  name: 'evaluate detection',
  formerOptions: [{ former: 'start-seconds', present: 'from' }],
  takes: [],
  summary: 'Evaluates QRS detection according to ANSI/AAMI EC57.',
  options: {
    db: required(shared.db),
    records: { ...shared.records, says: `${shared.records.says}; default all, with --noise 118,119` },
    lead: {
      ...shared.lead,
      says: 'lead by name; default, as for detect: MLII, II, or the first ECG lead',
    },
    leadNumber: number('N', 'instead, lead N of each record, counted from 1', { least: 1, whole: true }),
    leadCount: { ...shared.leadCount, says: `instead, ${shared.leadCount.says}, jointly` },
    annotator: defaultsTo({ ...shared.annotator, says: 'reference annotations' }, 'atr'),
    from: defaultsTo(
      {
        ...shared.from,
        says: 'start of the comparison, in seconds from the start of the record; 300 in the standard',
      },
      0,
    ),
    matchMs: defaultsTo(shared.matchMs, 150),
    noise: text(
      'NAME',
      'add noise from nstdb/NAME (bw, em, ma; or another record, named with a /) as in the noise stress test',
    ),
    snr: { ...shared.snr, says: `${shared.snr.says}, of the added noise; default 6` },
    json: shared.json,
  },
  notes: [
    'Ventricular flutter is excluded. Sensitivity and positive predictivity are fractions in JSON and percentages in the table.',
  ],
  async run(values, _positionals, files) {
    if (values.snr !== undefined && values.noise === undefined) throw new UsageError('--snr needs --noise');
    const { noise, lead, leadNumber, leadCount } = values;
    if ([lead, leadNumber, leadCount].filter(given => given !== undefined).length > 1) {
      throw new UsageError('--lead, --lead-number and --lead-count exclude each other');
    }
    const setting: DetectionSetting = {
      database: values.db,
      ...(lead === undefined ? {} : { lead }),
      ...(leadNumber === undefined ? {} : { leadNumber }),
      ...(leadCount === undefined ? {} : { leadCount }),
      annotator: values.annotator,
      startSeconds: values.from,
      windowSeconds: values.matchMs / 1000,
      ...(noise === undefined
        ? {}
        : { noise: { record: noise.includes('/') ? noise : `nstdb/${noise}`, snrDb: values.snr ?? 6 } }),
    };
    const source = files.source();
    const chosen = values.records ?? (noise === undefined ? undefined : '118,119');
    const records =
      chosen === undefined
        ? await recordsOf(source, values.db, wfdbPath())
        : recordSet(chosen, values.db).map(({ record }) => record);
    const progress = startProgress('detecting', records.length);
    const evaluation = await evaluateDetection(source, records, setting, progress.update).finally(
      progress.stop,
    );
    if (values.json) {
      printJson({ ...setting, ...evaluation }, 2);
    } else printEvaluation(evaluation);
    return 0;
  },
});

function printEvaluation({
  gross,
  average,
  timeErrorMs,
  intervalErrorMs,
  records,
}: DetectionEvaluation): void {
  const row = (name: string, result: typeof gross, note: string): string[] => [
    name,
    String(result.truePositives + result.falseNegatives),
    String(result.falseNegatives),
    String(result.falsePositives),
    percent(result.sensitivity, 2),
    percent(result.positivePredictivity, 2),
    note,
  ];
  print(
    formatTable([
      ['record', 'beats', 'missed', 'extra', 'Se %', '+P %', 'median ms'],
      ...records.map(result => row(result.record, result, milliseconds(result.timeErrorMs.median))),
      row('gross', gross, milliseconds(timeErrorMs.median)),
      ['average', '', '', '', percent(average.sensitivity, 2), percent(average.positivePredictivity, 2)],
    ]),
  );
  const words = (errors: Errors): string =>
    `median ${milliseconds(errors.median)} ms, 95 % within ${milliseconds(errors.p95)} ms`;
  print(`\nfrom the reference: ${words(timeErrorMs)}; of intervals: ${words(intervalErrorMs)}`);
}

const milliseconds = (value: number | undefined): string => value?.toFixed(1) ?? '–';
