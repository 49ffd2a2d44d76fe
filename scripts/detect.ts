/** Finds the QRS complexes of a record and writes them as an annotation file. */
import { basename } from 'node:path';
import { chooseLead, millivolts } from '../src/analysis/lead-beats.ts';
import { detectQrs } from '../src/beat/detect/detect-qrs.ts';
import { runCommand, UsageError } from '../src/cli/command.ts';
import { InputError } from '../src/input-error.ts';
import { folderSink } from '../src/node/files.ts';
import { searchPathSource } from '../src/node/search-path.ts';
import { writeAnnotations } from '../src/wfdb/annotations/annotation-file.ts';
import { readRecord } from '../src/wfdb/record.ts';

const help = `
detect RECORD [options]: finds the QRS complexes and writes them as an MIT annotation file

  RECORD              on the WFDB search path (environment variable WFDB), e.g. mitdb/100
  --lead NAME         lead to look at; default MLII, else II, else the first in volts
  --annotator NAME    the file is RECORD.NAME; default qrs
  --dir DIR           folder to write to; default the current one
  --overwrite         write even to annotator atr, the reference
  --json              the beats as JSON on standard output

Each beat is marked N, whatever its kind, at its R peak. Research use only, not for diagnosis.
`;

await runCommand({
  help,
  options: {
    lead: { type: 'string' },
    annotator: { type: 'string', default: 'qrs' },
    dir: { type: 'string', default: '.' },
    overwrite: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  async run({ lead: leadName, annotator, dir, overwrite, json }, positionals) {
    if (positionals.length !== 1) throw new UsageError(`detect takes one record, not ${positionals.length}`);
    if (!/^[A-Za-z0-9_-]+$/.test(annotator)) {
      throw new UsageError(`--annotator is a name of letters, digits, - and _, not '${annotator}'`);
    }
    if (['hea', 'dat', 'mat', 'edf', 'csv'].includes(annotator)) {
      throw new UsageError(`--annotator ${annotator} would write over the record itself`);
    }
    if (annotator === 'atr' && !overwrite) {
      throw new UsageError('annotator atr is the reference; --overwrite writes it all the same');
    }
    const record = positionals[0]!;
    const recording = await readRecord(searchPathSource(), record);
    const lead = chooseLead(recording, leadName);
    if (lead.adc.length === 0) throw new InputError(`${record} has no samples`);
    const { samplingFrequency } = lead;
    const rPeaks = detectQrs(millivolts(lead), samplingFrequency);
    // Annotations count frames; a signal may have several samples in one.
    const perFrame = samplingFrequency / recording.samplingFrequency;
    const beats = Array.from(rPeaks, sample => ({
      sample: Math.floor(sample / perFrame),
      symbol: 'N',
      subtype: 0,
      channel: Math.max(0, recording.signals.indexOf(lead)),
      num: 0,
      aux: '',
    }));
    const name = basename(record);
    await writeAnnotations(folderSink(dir), name, annotator, beats);

    const seconds = recording.length / recording.samplingFrequency;
    const minutes = rPeaks.length > 1 ? (rPeaks.at(-1)! - rPeaks[0]!) / samplingFrequency / 60 : 0;
    const meanHeartRate = minutes > 0 ? (rPeaks.length - 1) / minutes : undefined;
    const file = `${dir}/${name}.${annotator}`;
    if (json) {
      const samples = beats.map(beat => beat.sample);
      const frequency = recording.samplingFrequency;
      const result = {
        record,
        lead: lead.name,
        samplingFrequency: frequency,
        seconds,
        meanHeartRate,
        file,
        rPeaks: samples,
      };
      console.log(JSON.stringify(result, undefined, 2));
    } else {
      const rate = meanHeartRate === undefined ? '' : `, ${meanHeartRate.toFixed(1)} per minute`;
      console.log(
        `${record} ${lead.name}: ${rPeaks.length} beats in ${seconds.toFixed(1)} s${rate}; written to ${file}`,
      );
    }
  },
});
