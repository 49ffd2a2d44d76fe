/** `evaluate delineation`: P, QRS and T borders against cardiologists' marks, lead by lead. */

import { delineate } from '../../src/beat/delineate/delineate.ts';
import { delineateLeads } from '../../src/beat/delineate/delineate-leads.ts';
import { detectQrsMultiLead } from '../../src/beat/detect/detect-qrs.ts';
import {
  emptyTally,
  type Fiducial,
  fiducials,
  scoreFiducial,
  tallyDelineation,
} from '../../src/beat/score/compare-delineation.ts';
import {
  type DelineationBand,
  type DelineationBands,
  emptyBands,
  tallyBands,
} from '../../src/beat/score/delineation-bands.ts';
import { markedWaves } from '../../src/beat/score/marked-waves.ts';
import { type Command, choiceOption, UsageError } from '../../src/cli/command.ts';
import { startProgress } from '../../src/cli/progress.ts';
import { formatTable, percent } from '../../src/cli/table.ts';
import { InputError } from '../../src/input-error.ts';
import { searchPathSource } from '../../src/node/search-path.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { evaluateEnds } from './complex-ends.ts';

const help = `
evaluate delineation --db ludb [options]: where P, QRS and T begin, peak and end, against marks on each lead

  --db DATABASE    folder on the WFDB search path that has RECORDS, and for each lead an annotation file of its name
  --records A-B    records by number; default 101-200, those the models were not fitted to
  --beats HOW      detected: R peaks found on all leads together; reference: the marked ones of each lead.
                   Default detected
  --leads HOW      together: the leads of a record vote on the borders of P; alone: each lead by itself, as always with --beats
                   reference. Default together
  --ends NAME      instead, of a database with beats in annotation files of this name: by label, how often the first lead's
                   QRS complexes have bounds, and how often the signal runs on after the offset
  --json           as JSON on standard output

A wave counts as found when its peak is within 150 ms of the marked one. Errors are found minus marked, ms. Beside them
stand two standard deviations of experts' own marks (CSE 1985). JSON has them also by the marked QT, QRS duration and PR.
`;

const options = {
  db: { type: 'string' },
  records: { type: 'string', default: '101-200' },
  beats: { type: 'string', default: 'detected' },
  leads: { type: 'string', default: 'together' },
  ends: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export const delineation: Command<typeof options> = {
  help,
  options,
  async run(values, positionals) {
    if (positionals.length > 1) throw new UsageError(`evaluate delineation takes no '${positionals[1]}'`);
    if (values.db === undefined) throw new UsageError('evaluate delineation needs --db');
    if (values.ends !== undefined) {
      await evaluateEnds(values.db, values.ends, values.json);
      return;
    }
    const beats = choiceOption('beats', values.beats, ['detected', 'reference'] as const);
    const how = choiceOption('leads', values.leads, ['together', 'alone'] as const);
    const together = how === 'together' && beats === 'detected';
    const source = searchPathSource();
    const names = await recordsBetween(values.db, values.records);
    const tally = emptyTally();
    const bands = emptyBands();
    let leads = 0;
    const progress = startProgress('delineating', names.length);
    for (const [k, name] of names.entries()) {
      progress.update(k, name);
      const { signals, samplingFrequency } = await readRecord(source, name);
      const voltages = signals.map(({ physical }) => physical);
      const detected = detectQrsMultiLead(voltages, samplingFrequency);
      const voted = together ? delineateLeads(voltages, samplingFrequency, detected) : undefined;
      for (const [lead, { name: leadName, physical }] of signals.entries()) {
        const marked = markedWaves(await readAnnotations(source, name, leadName));
        const rPeaks =
          beats === 'detected'
            ? detected
            : marked.filter(({ kind }) => kind === 'QRS').map(({ peak }) => peak);
        const found = voted?.[lead] ?? delineate(physical, samplingFrequency, rPeaks);
        tallyDelineation(tally, marked, found, samplingFrequency);
        tallyBands(bands, marked, found, samplingFrequency);
        leads++;
      }
    }
    progress.stop();
    const scores = fiducials.map(fiducial => [fiducial, scoreFiducial(tally[fiducial])] as const);
    if (values.json) {
      const setting = { database: values.db, records: names.length, leads, beats, together, windowMs: 150 };
      const fiducials = Object.fromEntries(scores);
      console.log(JSON.stringify({ ...setting, fiducials, ...bandScores(bands) }, undefined, 2));
      return;
    }
    console.log(
      `${values.db} ${values.records}: ${names.length} records, ${leads} leads ${together ? 'together' : 'alone'}, beats ${beats}\n`,
    );
    const ms = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(1));
    console.log(
      formatTable([
        ['', 'Se %', '+P %', 'mean ms', 'SD ms', 'CSE ms', 'n'],
        ...scores.map(([fiducial, { sensitivity, positivePredictivity, meanMs, sdMs, n }]) => [
          titles[fiducial],
          percent(sensitivity, 2),
          percent(positivePredictivity, 2),
          ms(meanMs),
          ms(sdMs),
          ms(toleranceMs[fiducial]),
          String(n),
        ]),
      ]),
    );
  },
};

/** Of each band: how many waves are marked and found, and the errors of its fiducials. */
const bandScores = (bands: DelineationBands): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(bands).map(([name, of]: [string, readonly DelineationBand[]]) => [
      name,
      of.map(({ fromMs, toMs, marked, found, errorsMs }) => ({
        fromMs,
        toMs,
        marked,
        sensitivity: marked === 0 ? undefined : found / marked,
        ...Object.fromEntries(
          Object.entries(errorsMs).map(([fiducial, errors]) => {
            const { meanMs, sdMs, n } = scoreFiducial({ found, missed: 0, extra: 0, errorsMs: errors });
            return [fiducial, { meanMs, sdMs, n }];
          }),
        ),
      })),
    ]),
  );

const titles: Readonly<Record<Fiducial, string>> = {
  pOnset: 'P onset',
  pPeak: 'P peak',
  pOffset: 'P offset',
  qrsOnset: 'QRS onset',
  qrsOffset: 'QRS offset',
  tOnset: 'T onset',
  tPeak: 'T peak',
  tOffset: 'T offset',
};

/** Two standard deviations of experts' marks: CSE Working Party, Eur Heart J 6:815–825, 1985; none for the others. */
const toleranceMs: Readonly<Partial<Record<Fiducial, number>>> = {
  pOnset: 10.2,
  pOffset: 12.7,
  qrsOnset: 6.5,
  qrsOffset: 11.6,
  tOffset: 30.6,
};

/** The records of the database whose number, the last part of their name, is in the range `A-B`. */
async function recordsBetween(database: string, range: string): Promise<string[]> {
  const parts = /^(\d{1,9})-(\d{1,9})$/.exec(range);
  const [from, to] = [Number(parts?.[1]), Number(parts?.[2])];
  if (!(from <= to)) throw new UsageError(`--records takes a range like 101-200, not '${range}'`);
  const list = new TextDecoder().decode(await searchPathSource().read(`${database}/RECORDS`));
  const names = list
    .split(/\s+/)
    .filter(name => /\d$/.test(name))
    .filter(name => {
      const number = Number(/\d+$/.exec(name)![0]);
      return number >= from && number <= to;
    });
  if (names.length === 0) throw new InputError(`${database} has no record from ${from} to ${to}`);
  return names.map(name => `${database}/${name}`);
}
