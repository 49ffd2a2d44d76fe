/** `evaluate rhythm`: the estimate of atrial fibrillation and flutter compared with rhythm annotations. */
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beatAuroc, rhythmScores } from '../../../analysis/evaluate-rhythm.ts';
import { readMarkedRhythms } from '../../../analysis/rhythm-rows.ts';
import { rhythmModel } from '../../../beat/rhythm-estimate/rhythm-model.ts';
import { ds2, recordSet } from '../../../learn/protocol.ts';
import { makeFolder } from '../../../node/make-folder.ts';
import { defineCommand } from '../../command.ts';
import { defaultsTo, text, UsageError } from '../../option.ts';
import { shared } from '../../options.ts';
import { print, printJson, researchNotice } from '../../output.ts';
import { formatTable, percent } from '../../table.ts';

export const command = defineCommand({
  name: 'evaluate rhythm',
  takes: [],
  summary: 'Evaluates the detection of atrial fibrillation and flutter, beat by beat.',
  options: {
    test: defaultsTo(shared.records, 'DS2'),
    db: defaultsTo(shared.db, 'mitdb'),
    lead: defaultsTo({ ...shared.lead, says: 'lead by name' }, 'MLII'),
    log: defaultsTo(text('FILE', 'log file: reading records of DS2 appends a dated line'), 'docs/ds2-log.md'),
    json: shared.json,
  },
  notes: [
    'Beats are those of the annotations; AF extends from an annotation (AFIB or (AFL to the next rhythm annotation. The estimate was fitted only to records of the 2017 PhysioNet/CinC Challenge.',
    researchNotice,
  ],
  async run(values, _positionals, files) {
    const records = recordSet(values.test, values.db);
    if (records.length === 0) throw new UsageError('--test names no record');
    const rows = await readMarkedRhythms(files.source(), records, values.lead);
    const result = beatAuroc(rows, rhythmScores(rows, rhythmModel));
    const auroc = result.auroc?.toFixed(4) ?? '–';
    if (records.some(({ database, record }) => database === 'mitdb' && ds2.includes(record))) {
      await makeFolder(dirname(values.log));
      const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
      await appendFile(
        values.log,
        `- ${when} UTC: rhythm estimate, ${values.test}: AUROC of AF and flutter over ${rows.labels.length} beats ${auroc}\n`,
      );
    }
    if (values.json) {
      printJson({ beats: rows.labels.length, ...result });
      return 0;
    }
    const head = ['record', 'beats', 'in AF or flutter', 'of these called so %', 'of others called so %'];
    const lines = result.records.map(({ record, beats, fibrillating, sensitivity, falsePositiveRate }) => [
      record,
      String(beats),
      String(fibrillating),
      percent(sensitivity),
      percent(falsePositiveRate),
    ]);
    print(`AUROC over ${rows.labels.length} beats: ${auroc}\n\n${formatTable([head, ...lines])}`);
    print(`\n${researchNotice}`);
    return 0;
  },
});
