/** `evaluate detection`: the QRS detector against a database's reference annotations. */

import {
  type DetectionEvaluation,
  type DetectionSetting,
  type Errors,
  evaluateDetection,
} from '../../src/analysis/evaluate-detection.ts';
import { type Command, numberOption, UsageError } from '../../src/cli/command.ts';
import { startProgress } from '../../src/cli/progress.ts';
import { formatTable, percent } from '../../src/cli/table.ts';
import { recordsOf } from '../../src/node/database-records.ts';
import { wfdbPath } from '../../src/node/files.ts';
import { searchPathSource } from '../../src/node/search-path.ts';

const help = `
evaluate detection --db DATABASE [options]: how well QRS complexes are found, after ANSI/AAMI EC57

  --db DATABASE        folder on the WFDB search path (environment variable WFDB), e.g. mitdb
  --records A,B,…      only these records; default all, with --noise 118,119
  --leads N            how many of a record's first leads the detector gets; default 1
  --annotator NAME     reference annotations; default atr
  --start-seconds S    where the comparison begins; default 0 (the standard has 300)
  --window-ms MS       match window; default 150
  --noise NAME         add noise of nstdb/NAME (bw, em, ma; or another record's name with a /) as the noise stress test does
  --snr DB             signal-to-noise ratio of it, dB; default 6
  --json               everything as JSON on standard output

Ventricular flutter is left out. Sensitivity and positive predictivity are fractions in JSON and percent in the table.
`;

const options = {
  db: { type: 'string' },
  records: { type: 'string' },
  leads: { type: 'string', default: '1' },
  annotator: { type: 'string', default: 'atr' },
  'start-seconds': { type: 'string', default: '0' },
  'window-ms': { type: 'string', default: '150' },
  noise: { type: 'string' },
  snr: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export const detection: Command<typeof options> = {
  help,
  options,
  async run(values, positionals) {
    if (positionals.length > 1) throw new UsageError(`evaluate detection takes no '${positionals[1]}'`);
    if (values.db === undefined) throw new UsageError('evaluate detection needs --db');
    if (values.snr !== undefined && values.noise === undefined) throw new UsageError('--snr needs --noise');
    const leads = numberOption('leads', values.leads);
    if (!Number.isInteger(leads) || leads < 1) throw new UsageError(`--leads is 1 or more, not ${leads}`);
    const { noise } = values;
    const setting: DetectionSetting = {
      database: values.db,
      leads,
      annotator: values.annotator,
      startSeconds: notNegative('start-seconds', values['start-seconds']),
      windowSeconds: notNegative('window-ms', values['window-ms']) / 1000,
      ...(noise === undefined
        ? {}
        : {
            noise: {
              record: noise.includes('/') ? noise : `nstdb/${noise}`,
              snrDb: numberOption('snr', values.snr ?? '6'),
            },
          }),
    };
    const source = searchPathSource();
    const chosen = values.records ?? (noise === undefined ? undefined : '118,119');
    const records =
      chosen === undefined
        ? await recordsOf(source, values.db, wfdbPath())
        : chosen.split(',').map(record => record.trim());
    const progress = startProgress('detecting', records.length);
    const evaluation = await evaluateDetection(source, records, setting, progress.update).finally(
      progress.stop,
    );
    if (values.json) {
      console.log(JSON.stringify({ ...setting, ...evaluation }, undefined, 2));
    } else print(evaluation);
  },
};

function notNegative(name: string, text: string): number {
  const value = numberOption(name, text);
  if (value < 0) throw new UsageError(`--${name} is 0 or more, not ${value}`);
  return value;
}

function print({ gross, average, timeErrorMs, intervalErrorMs, records }: DetectionEvaluation): void {
  const row = (name: string, result: typeof gross, note: string): string[] => [
    name,
    String(result.truePositives + result.falseNegatives),
    String(result.falseNegatives),
    String(result.falsePositives),
    percent(result.sensitivity, 2),
    percent(result.positivePredictivity, 2),
    note,
  ];
  console.log(
    formatTable([
      ['record', 'beats', 'missed', 'extra', 'Se %', '+P %', 'median ms'],
      ...records.map(result => row(result.record, result, milliseconds(result.timeErrorMs.median))),
      row('gross', gross, milliseconds(timeErrorMs.median)),
      ['average', '', '', '', percent(average.sensitivity, 2), percent(average.positivePredictivity, 2)],
    ]),
  );
  const words = (errors: Errors): string =>
    `median ${milliseconds(errors.median)} ms, 95 % within ${milliseconds(errors.p95)} ms`;
  console.log(`\nfrom the reference: ${words(timeErrorMs)}; of intervals: ${words(intervalErrorMs)}`);
}

const milliseconds = (value: number | undefined): string => value?.toFixed(1) ?? '–';
