/** Writes the HTML report of one lead of a record. */

import { readLeadBeats } from '../src/analysis/lead-beats.ts';
import { recordReport } from '../src/analysis/report/record-report.ts';
import { renderPage } from '../src/analysis/report/report-page.ts';
import { measureSlopes } from '../src/beat/slopes/measure-slopes.ts';
import { runCommand, UsageError, wholeOption } from '../src/cli/command.ts';
import { beatsOption, schemeOption, spanOption, windowMsOption } from '../src/cli/measure-options.ts';
import { readModel } from '../src/node/model-file.ts';
import { readReportBundle } from '../src/node/report-bundle.ts';
import { searchPathSource } from '../src/node/search-path.ts';
import { writeOut } from '../src/node/write-file.ts';

const help = `
report RECORD --out report.html [options]: voltage over dV/dt, slopes and explanation in one page that opens offline

  RECORD            on the WFDB search path (environment variable WFDB), e.g. mitdb/208
  --lead NAME       default MLII or II where there is one, else the first
  --annotator NAME  beats from RECORD.NAME; default atr where there is one, else as --detect
  --detect          beats from the detector instead
  --scheme SCHEME   how dV/dt is taken; the slopes script lists the forms
  --window-ms MS    window of the least-squares slope
  --from S, --to S  part of the record, in seconds
  --model FILE      classify the beats with this model and explain one
  --beat N          the beat to explain, from 0; default the most telling one
  --out FILE        where the page goes

Research use only, not for diagnosis.
`;

await runCommand({
  help,
  options: {
    lead: { type: 'string' },
    annotator: { type: 'string' },
    detect: { type: 'boolean', default: false },
    scheme: { type: 'string' },
    'window-ms': { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    model: { type: 'string' },
    beat: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async run(values, positionals) {
    if (positionals.length !== 1) throw new UsageError(`report takes one record, not ${positionals.length}`);
    if (values.out === undefined) throw new UsageError('--out says where the page goes');
    if (values.beat !== undefined && values.model === undefined) throw new UsageError('--beat needs --model');
    const beats = await readLeadBeats(searchPathSource(), positionals[0]!, {
      lead: values.lead,
      beats: beatsOption(values.annotator, values.detect),
      ...spanOption(values.from, values.to),
    });
    const measurement = measureSlopes(beats.voltage, beats.samplingFrequency, beats.rPeaks, {
      ...(values.scheme === undefined ? {} : { scheme: schemeOption(values.scheme) }),
      ...(values['window-ms'] === undefined ? {} : { windowMs: windowMsOption(values['window-ms']) }),
    });
    const html = renderPage(
      recordReport(beats, {
        measurement,
        ...(values.model === undefined ? {} : { model: await readModel(values.model) }),
        ...(values.beat === undefined ? {} : { beat: wholeOption('beat', values.beat, 0) }),
      }),
      await readReportBundle(),
    );
    await writeOut(values.out, html);
    if (values.json) {
      console.log(
        JSON.stringify({
          out: values.out,
          record: beats.record,
          lead: beats.lead,
          beats: beats.rPeaks.length,
        }),
      );
      return;
    }
    console.log(`${beats.record}, lead ${beats.lead}: ${beats.rPeaks.length} beats, ${beats.beatsFrom}`);
    console.log(`wrote ${values.out}\nResearch use only, not for diagnosis.`);
  },
});
