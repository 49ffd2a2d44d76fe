/** Fits the estimate of atrial fibrillation and flutter, and evaluates it on records it was not fitted to. */
import {
  beatAuroc,
  crossValidated,
  fitRhythm,
  logisticOf,
  recordAuroc,
  rhythmScores,
} from '../src/analysis/evaluate-rhythm.ts';
import { readChallengeRhythms, readMarkedRhythms } from '../src/analysis/rhythm-rows.ts';
import { defineCommand } from '../src/cli/command.ts';
import { defaultsTo, text } from '../src/cli/option.ts';
import { shared } from '../src/cli/options.ts';
import { print, printJson } from '../src/cli/output.ts';
import { runAsProcess } from '../src/cli/run-command.ts';
import { recordSet } from '../src/learn/protocol.ts';
import { recordsOf } from '../src/node/database-records.ts';
import { wfdbPath } from '../src/node/files.ts';

const command = defineCommand({
  name: 'fit-rhythm',
  takes: [],
  summary: 'Fits the constants of src/beat/rhythm-estimate/rhythm-model.ts.',
  options: {
    challenge: defaultsTo(
      text('NAME', 'folder of the 2017 PhysioNet/CinC Challenge records on the search path'),
      'af2017',
    ),
    json: shared.json,
  },
  notes: ['The figures are from cross-validation over the Challenge records. DS2 is not read.'],
  async run({ challenge, json }, _positionals, files) {
    const source = files.source();
    const records = await recordsOf(source, challenge, wfdbPath());
    const rows = await readChallengeRhythms(source, challenge, records);
    const model = logisticOf(fitRhythm(rows));
    const heldOut = recordAuroc(rows, crossValidated(rows), 1);
    const marked = await readMarkedRhythms(source, recordSet('DS1', 'mitdb'), 'MLII');
    const ds1 = beatAuroc(marked, rhythmScores(marked, model));
    if (json) {
      printJson({ records: new Set(rows.groups).size, model, heldOut, ds1 });
      return 0;
    }
    print(JSON.stringify(model, undefined, 2));
    const [value, low, high] = [heldOut.value, heldOut.low, heldOut.high].map(x => x?.toFixed(3) ?? '–');
    print(`records held out (five folds): AUROC ${value} [${low}, ${high}]`);
    print(`beats of DS1 by its rhythm marks: AUROC ${ds1.auroc?.toFixed(4) ?? '–'}`);
    return 0;
  },
});

await runAsProcess(command);
