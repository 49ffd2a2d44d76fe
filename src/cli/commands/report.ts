/** `report`: writes the HTML report of one lead of a record. */

import { readLeadBeats } from '../../analysis/lead-beats.ts';
import { readSignalSpans } from '../../analysis/report/read-signal-spans.ts';
import { recordReport } from '../../analysis/report/record-report.ts';
import { renderPage } from '../../analysis/report/report-page.ts';
import { measureSlopes } from '../../beat/slopes/measure-slopes.ts';
import { parseModelFile } from '../../node/model-file.ts';
import { readReportBundle } from '../../node/report-bundle.ts';
import { defineCommand } from '../command.ts';
import { required, UsageError } from '../option.ts';
import { beatsFrom, recordArgument, shared, slopeOptions, timeSpan } from '../options.ts';
import { print, printJson, researchNotice } from '../output.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

const { lead, annotator, detect, scheme, windowMs, from, to, overwrite, json } = shared;

export const command = defineCommand({
  name: 'report',
  takes: ['RECORD'],
  summary: 'Writes a self-contained HTML report of one lead: voltage, dV/dt, slopes and an explained beat.',
  arguments: [recordArgument],
  options: {
    lead,
    annotator,
    detect,
    scheme,
    windowMs,
    from,
    to,
    model: { ...shared.model, says: 'classify the beats with this model and explain one' },
    beat: {
      ...shared.beat,
      says: 'number of the beat to explain, from 0; default: the one whose probability is nearest to 0.8',
    },
    out: required({ ...shared.out, says: 'HTML file to write' }),
    ...recordingOptions,
    overwrite,
    json,
  },
  notes: [researchNotice],
  async run(values, [text = ''], files) {
    if (values.beat !== undefined && values.model === undefined) throw new UsageError('--beat needs --model');
    const span = timeSpan(values.from, values.to);
    await files.check(values.out);
    const { source, name: record } = await files.recording(text);
    const beats = await readLeadBeats(source, record, {
      ...openOptions(values),
      lead: values.lead,
      beats: beatsFrom(values.annotator, values.detect),
      ...span,
    });
    const warnings = reportWarnings(beats);
    const { voltage, samplingFrequency, rPeaks } = beats;
    const spans = await readSignalSpans(
      source,
      beats.record.replace(/\.hea$/i, ''),
      values.annotator ?? 'atr',
      {
        from: beats.start / samplingFrequency,
        to: (beats.start + voltage.length) / samplingFrequency,
      },
    );
    const report = recordReport(beats, {
      spans,
      measurement: measureSlopes(voltage, samplingFrequency, rPeaks, slopeOptions(values)),
      ...(values.model === undefined
        ? {}
        : { model: parseModelFile(values.model, await files.readText(values.model)) }),
      ...(values.beat === undefined ? {} : { beat: values.beat }),
    });
    await files.write(values.out, renderPage(report, await readReportBundle()));
    await files.commit();
    if (values.json) {
      printJson({
        out: values.out,
        record: beats.record,
        lead: beats.lead,
        beats: rPeaks.length,
        assumed: beats.notes.length > 0,
        notes: beats.notes,
        warnings,
      });
      return 0;
    }
    print(`${beats.record}, lead ${beats.lead}: ${rPeaks.length} beats, ${beats.beatsFrom}`);
    for (const note of beats.notes) print(`note: ${note}`);
    print(`wrote ${values.out}\n${researchNotice}`);
    return 0;
  },
});
