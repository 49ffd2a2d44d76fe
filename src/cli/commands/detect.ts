/** `detect`: detects the QRS complexes of a record and writes them as an annotation file. */

import { basename } from 'node:path';
import { artefactSymbol } from '../../analysis/artefact-marks.ts';
import { defaultLead } from '../../analysis/default-lead.ts';
import { detectBeats } from '../../analysis/lead-beats.ts';
import {
  conditionNotes,
  detectedBeats,
  heartRateOf,
  readLeadCondition,
} from '../../analysis/lead-condition.ts';
import { calibrationNotes } from '../../analysis/leads.ts';
import { openRecording } from '../../analysis/open-recording.ts';
import { bandOf, describeFilter, filteredRecording } from '../../analysis/voltage-filter.ts';
import { writeAnnotations } from '../../wfdb/annotations/annotation-file.ts';
import { checkAnnotator } from '../annotator.ts';
import { defineCommand } from '../command.ts';
import { detectionUnits } from '../json-units.ts';
import { defaultsTo } from '../option.ts';
import { filterOf, filterOptions, recordArgument, shared } from '../options.ts';
import { countedBeats, print, printJson, researchNotice } from '../output.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

export const command = defineCommand({
  name: 'detect',
  formerOptions: [{ former: 'annotator', present: 'annotator-out' }],
  takes: ['RECORD'],
  summary: 'Detects QRS complexes and writes them as an MIT annotation file.',
  arguments: [recordArgument],
  options: {
    lead: shared.lead,
    ...filterOptions,
    annotatorOut: defaultsTo(shared.annotatorOut, 'qrs'),
    dir: defaultsTo(shared.dir, '.', 'the current folder'),
    ...recordingOptions,
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [
    `Every beat, of whatever type, is annotated N at its R peak. Spans without QRS complexes (asystole of more than 3 s, ventricular fibrillation or flutter, noise) are reported; what is detected in them is no beat, and is annotated | (QRS-like artefact) and counted as another mark. In JSON these are otherMarks. Pacing spikes of the lead are counted, and listed in JSON: the sample furthest from the signal before, signed amplitude from it, and an upper bound of the width. ${researchNotice}`,
  ],
  async run(values, [text = ''], files) {
    const { lead: leadName, annotatorOut: annotator, dir, overwrite, json } = values;
    checkAnnotator(annotator, overwrite);
    const name = basename(text).replace(/\.hea$/i, '');
    const file = `${dir}/${name}.${annotator}`;
    await files.check(file);
    const { source, name: record } = await files.recording(text);
    const all = await openRecording(source, record, openOptions(values));
    const { lead, notes: ofChoice } = await defaultLead(all, leadName);
    const filter = filterOf(values);
    const recording = filteredRecording(all.withSignals([lead.name]), filter);
    const { rPeaks } = await detectBeats(recording, [lead.name]);
    const { samplingFrequency, samplesPerFrame } = recording;
    const condition = await readLeadCondition(recording, lead.name, rPeaks);
    const { hasQrsComplexes, spansWithoutQrs, pacingSpikes } = condition;
    const detected = detectedBeats([condition], rPeaks);
    const isBeat = (k: number): boolean => detected[k] === 1;
    const beats = Array.from(rPeaks, (rPeak, k) => ({
      sample: Math.round(rPeak / samplesPerFrame),
      symbol: isBeat(k) ? 'N' : artefactSymbol,
      subtype: 0,
      channel: Math.max(0, all.signals.indexOf(lead)),
      num: 0,
      aux: '',
    }));
    await writeAnnotations(files.sink(dir), name, annotator, beats);
    await files.commit();
    const assumptions = calibrationNotes([lead]);
    const notes = [
      ...conditionNotes(condition, { samplingFrequency, start: recording.start, rPeaks }),
      ...ofChoice,
      ...assumptions,
      ...(filter ? [`filtered: ${describeFilter(bandOf(filter))}`] : []),
    ];
    const warnings = reportWarnings(recording);

    const seconds = (recording.length ?? (rPeaks.at(-1) ?? -1) + 1) / samplingFrequency;
    const meanHeartRate = heartRateOf(condition, rPeaks, samplingFrequency);
    if (json) {
      const withoutQrs = spansWithoutQrs.map(({ kind, start, end }) => ({
        kind,
        startSeconds: start / samplingFrequency,
        endSeconds: end / samplingFrequency,
      }));
      const found = {
        hasQrsComplexes,
        units: detectionUnits,
        rPeaks: [...rPeaks.filter((_, k) => isBeat(k))],
        otherMarks: [...rPeaks.filter((_, k) => !isBeat(k))],
        withoutQrs,
        pacingSpikes,
        assumed: assumptions.length > 0,
        notes,
        warnings,
      };
      printJson({ record, lead: lead.name, samplingFrequency, seconds, meanHeartRate, file, ...found }, 2);
      return 0;
    }
    for (const note of notes) print(`note: ${note}`);
    const rate = meanHeartRate === undefined ? '' : `, ${meanHeartRate.toFixed(1)} per minute`;
    const found = countedBeats({ symbols: beats.map(({ symbol }) => symbol) });
    print(`${record} ${lead.name}: ${found} in ${seconds.toFixed(1)} s${rate}; written to ${file}`);
    return 0;
  },
});
