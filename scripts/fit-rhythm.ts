/** Fits the estimate of atrial fibrillation and flutter, and shows how it does on records it was not fitted on. */
import {
  beatAuroc,
  crossValidated,
  fitRhythm,
  logisticOf,
  recordAuroc,
  shippedScores,
} from '../src/analysis/evaluate-rhythm.ts';
import { readChallengeRhythms, readMarkedRhythms } from '../src/analysis/rhythm-rows.ts';
import { runCommand } from '../src/cli/command.ts';
import { recordSet } from '../src/learn/protocol.ts';
import { recordsOf } from '../src/node/database-records.ts';
import { wfdbPath } from '../src/node/files.ts';
import { searchPathSource } from '../src/node/search-path.ts';

const help = `
fit-rhythm [--challenge af2017] [--json]: the constants of src/beat/rhythm-estimate/rhythm-model.ts

  --challenge NAME  folder of the 2017 PhysioNet/CinC Challenge records on the WFDB search path; default af2017
  --json            as JSON on standard output

Fits on the Challenge records, each held out once for its own figure; checks on DS1 of mitdb. DS2 is not read.
`;

await runCommand({
  help,
  options: { challenge: { type: 'string', default: 'af2017' }, json: { type: 'boolean', default: false } },
  async run({ challenge, json }) {
    const source = searchPathSource();
    const records = await recordsOf(source, challenge, wfdbPath());
    const rows = await readChallengeRhythms(source, challenge, records);
    const model = logisticOf(fitRhythm(rows));
    const held = recordAuroc(rows, crossValidated(rows), 1);
    const marked = await readMarkedRhythms(source, recordSet('DS1', 'mitdb'), 'MLII');
    const ds1 = beatAuroc(marked, shippedScores(marked, model));
    if (json) {
      console.log(JSON.stringify({ records: new Set(rows.groups).size, model, heldOut: held, ds1 }));
      return;
    }
    console.log(JSON.stringify(model, undefined, 2));
    const [value, low, high] = [held.value, held.low, held.high].map(x => x?.toFixed(3) ?? '–');
    console.log(`records held out (five folds): AUROC ${value} [${low}, ${high}]`);
    console.log(`beats of DS1 by its rhythm marks: AUROC ${ds1.auroc?.toFixed(4) ?? '–'}`);
  },
});
