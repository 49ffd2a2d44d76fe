/** `evaluate delineation`: P, QRS and T boundaries compared with cardiologists' annotations, lead by lead. */

import { delineate } from '../../../beat/delineate/delineate.ts';
import { delineateLeads } from '../../../beat/delineate/delineate-leads.ts';
import { detectQrs, detectQrsMultiLead } from '../../../beat/detect/detect-qrs.ts';
import {
  emptyTally,
  type Fiducial,
  fiducials,
  scoreFiducial,
  tallyDelineation,
} from '../../../beat/score/compare-delineation.ts';
import {
  type DelineatedLead,
  type DelineationBand,
  type DelineationBands,
  emptyBands,
  tallyBands,
} from '../../../beat/score/delineation-bands.ts';
import { markedWaves } from '../../../beat/score/marked-waves.ts';
import { emptyRMarks, nearSeconds, type RMarkTally, tallyRMarks } from '../../../beat/score/r-marks.ts';
import { sensitivity } from '../../../beat/score/sensitivity.ts';
import { InputError } from '../../../input-error.ts';
import { recordSet } from '../../../learn/protocol.ts';
import { recordsOf } from '../../../node/database-records.ts';
import { wfdbPath } from '../../../node/files.ts';
import { readAnnotations } from '../../../wfdb/annotations/annotation-file.ts';
import { readRecord } from '../../../wfdb/record.ts';
import type { Source } from '../../../wfdb/source.ts';
import { defineCommand } from '../../command.ts';
import { choice, defaultsTo, flag, required } from '../../option.ts';
import { shared } from '../../options.ts';
import { print, printJson } from '../../output.ts';
import { startProgress } from '../../progress.ts';
import { formatTable, percent } from '../../table.ts';
import { evaluateEnds } from './complex-ends.ts';

export const command = defineCommand({
  name: 'evaluate delineation',
  takes: [],
  summary: 'Evaluates the onsets, peaks and offsets of P, QRS and T, lead by lead.',
  options: {
    db: required({
      ...shared.db,
      says: `${shared.db.says}, with a RECORDS file and one annotation file per lead, named after the lead`,
    }),
    records: defaultsTo(shared.records, '101-200', '101-200, which the models were not fitted to'),
    beats: defaultsTo(
      choice(
        ['detected', 'annotations'],
        'R peaks detected on all leads jointly, or those annotated on each lead',
      ),
      'detected',
    ),
    alone: flag(
      'delineate each lead independently, as always with --beats annotations; otherwise boundaries are moved towards the median of the leads',
    ),
    ends: flag('instead, for a database with beats in .atr files: QRS offsets by beat label'),
    json: shared.json,
  },
  notes: [
    "A wave counts as found if its peak is within 150 ms of the annotated one. Errors are detected minus annotated, ms. CSE ms is two standard deviations of the experts' annotations (CSE 1985). The errors are also grouped by the record's QT, QRS duration and PR: medians over its annotated beats and leads.",
    'R marks are compared with the highest R wave of a complex; where it has none, with its notch or a point 10 ms after the onset; and with the R peaks detected in the lead, its largest deflections. Paced records are those whose header mentions pacing.',
    '--ends needs no annotated boundaries: by beat label it reports how often QRS boundaries were found on the first lead, and how often the signal deviates by more than a quarter of the complex within 40 ms after the offset.',
  ],
  async run(values, _positionals, files) {
    if (values.ends) {
      await evaluateEnds(files.source(), values.db, values.json);
      return 0;
    }
    const { beats } = values;
    const together = !values.alone && beats === 'detected';
    const source = files.source();
    const names = await recordsOfDatabase(source, values.db, values.records);
    const tally = emptyTally();
    const bands = emptyBands();
    const rMarks = { all: emptyRMarks(), paced: emptyRMarks() };
    let leads = 0;
    const progress = startProgress('delineating', names.length);
    for (const [k, name] of names.entries()) {
      progress.update(k, name);
      const { signals, samplingFrequency, comments } = await readRecord(source, name);
      const isPaced = comments.some(comment => /pacing/i.test(comment));
      const voltages = signals.map(({ physical }) => physical);
      const detected = detectQrsMultiLead(voltages, samplingFrequency);
      const voted = together ? delineateLeads(voltages, samplingFrequency, detected) : undefined;
      const ofRecord: DelineatedLead[] = [];
      for (const [lead, { name: leadName, physical }] of signals.entries()) {
        const marked = markedWaves(await readAnnotations(source, name, leadName));
        const rPeaks =
          beats === 'detected'
            ? detected
            : marked.filter(({ kind }) => kind === 'QRS').map(({ peak }) => peak);
        const found = voted?.[lead] ?? delineate(physical, samplingFrequency, rPeaks);
        tallyDelineation(tally, marked, found, samplingFrequency);
        tallyRMarks(
          isPaced ? [rMarks.all, rMarks.paced] : [rMarks.all],
          { marked, beats: found, rPeaks: detectQrs(physical, samplingFrequency) },
          samplingFrequency,
        );
        ofRecord.push({ marked, beats: found });
      }
      tallyBands(bands, ofRecord, samplingFrequency);
      leads += ofRecord.length;
    }
    progress.stop();
    const scores = fiducials.map(fiducial => [fiducial, scoreFiducial(tally[fiducial])] as const);
    if (values.json) {
      const setting = { database: values.db, records: names.length, leads, beats, together, windowMs: 150 };
      printJson(
        {
          ...setting,
          fiducials: Object.fromEntries(scores),
          rMarks: { all: rMarkShares(rMarks.all), paced: rMarkShares(rMarks.paced) },
          ...bandScores(bands),
        },
        2,
      );
      return 0;
    }
    print(
      `${values.db} ${values.records}: ${names.length} records, ${leads} leads ${together ? 'together' : 'alone'}, beats ${beats}\n`,
    );
    const ms = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(1));
    print(
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
    printRMarks(rMarks);
    printBands(bands);
    return 0;
  },
});

/** Fractions of the R marks, 0 to 1; undefined where there are none. */
const rMarkShares = ({ marked, rWaves, nearPlace, nearRPeak }: RMarkTally) => ({
  marked,
  withRWave: sensitivity(rWaves.of, marked - rWaves.of),
  nearRWave: sensitivity(rWaves.near, rWaves.of - rWaves.near),
  nearPlace: sensitivity(nearPlace, marked - nearPlace),
  nearRPeak: sensitivity(nearRPeak, marked - nearRPeak),
});

/** The shares of the R marks that are near the delineated waves and the detected R peaks. */
function printRMarks(tallies: Readonly<Record<'all' | 'paced', RMarkTally>>): void {
  const rows = Object.entries(tallies).map(([records, tally]) => {
    const { marked, withRWave, nearRWave, nearPlace, nearRPeak } = rMarkShares(tally);
    return [
      records,
      ...[withRWave, nearRWave, nearPlace, nearRPeak].map(share => percent(share, 1)),
      String(marked),
    ];
  });
  const head = ['records', 'with R wave %', 'of these R %', 'R, notch or onset %', 'R peak %', 'n'];
  print(`\nR marks within ${1000 * nearSeconds} ms\n\n${formatTable([head, ...rows])}`);
}

const bandTitles = { byQt: 'QT', byQrs: 'QRS duration', byPr: 'PR' } as const;

/** The errors by the length of each interval of the record. */
function printBands(bands: DelineationBands): void {
  for (const [name, of] of Object.entries(bands) as [keyof DelineationBands, DelineationBands['byQt']][]) {
    const points = Object.keys(of[0]!.errorsMs) as Fiducial[];
    const cells = (errorsMs: number[]): string => {
      const { meanMs, sdMs } = scoreFiducial({ found: 0, missed: 0, extra: 0, errorsMs });
      return meanMs === undefined ? '–' : `${meanMs.toFixed(1)} ± ${sdMs?.toFixed(1) ?? '–'}`;
    };
    print(
      `\n${formatTable([
        [`${bandTitles[name]} ms`, 'Se %', ...points.map(point => `${titles[point]} ms`), 'n'],
        ...of.map(({ fromMs, toMs, marked, found, errorsMs }) => [
          toMs === undefined ? `from ${fromMs}` : `${fromMs}–${toMs}`,
          percent(marked === 0 ? undefined : found / marked, 1),
          ...points.map(point => cells(errorsMs[point]!)),
          String(marked),
        ]),
      ])}`,
    );
  }
}

/** For each band: the number of waves annotated and found, and the errors of their fiducial points. */
const bandScores = (bands: DelineationBands): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(bands).map(([name, of]: [string, readonly DelineationBand[]]) => [
      name,
      of.map(({ fromMs, toMs, marked, found, errorsMs }) => ({
        fromMs,
        toMs,
        marked,
        sensitivity: sensitivity(found, marked - found),
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

/**
 * Two standard deviations of experts' annotations: CSE Working Party, Eur Heart J 6:815–825, 1985; none for the others.
 */
const toleranceMs: Readonly<Partial<Record<Fiducial, number>>> = {
  pOnset: 10.2,
  pOffset: 12.7,
  qrsOnset: 6.5,
  qrsOffset: 11.6,
  tOffset: 30.6,
};

/** Records of the database whose name, or the number at the end of it, is in the set. */
async function recordsOfDatabase(source: Source, database: string, set: string): Promise<string[]> {
  const wanted = new Set(recordSet(set, database).map(({ record }) => record));
  const listed = await recordsOf(source, database, wfdbPath());
  const names = listed.filter(name => wanted.has(name) || wanted.has(/\d+$/.exec(name)?.[0] ?? name));
  if (names.length === 0) throw new InputError(`${database} has none of the records ${set}`);
  return names.map(name => `${database}/${name}`);
}
