/** `figure`: a publication figure of a part of a record. */

import { chosenLeads } from '../../analysis/default-lead.ts';
import { beatsIfAny, type RecordingBeats } from '../../analysis/lead-beats.ts';
import { complexesInLeads, notesOfLeads, readLeadConditions } from '../../analysis/lead-condition.ts';
import { readLead } from '../../analysis/leads.ts';
import { type OpenRecording, openRecording } from '../../analysis/open-recording.ts';
import { filteredRecording } from '../../analysis/voltage-filter.ts';
import { defaultScheme } from '../../beat/slopes/measure-slopes.ts';
import { differentiator } from '../../diff/scheme.ts';
import { InputError } from '../../input-error.ts';
import { isPngPath, printDpi, renderPng } from '../../node/png-picture.ts';
import { defineCommand } from '../command.ts';
import { ecgFigure } from '../ecg-figure.ts';
import { choice, defaultsTo, flag, list, number, required, text, UsageError } from '../option.ts';
import { beatsFrom, filterOf, filterOptions, recordArgument, shared, timeSpan } from '../options.ts';
import { print, printError, printJson, researchNotice } from '../output.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

const { leads, annotator, detect, scheme, from, to, out, overwrite, json } = shared;
const parts = ['voltage', 'slope', 'beats'] as const;
/** Longest part that a figure can show, s. */
const longest = 600;

export const command = defineCommand({
  name: 'figure',
  takes: ['RECORD'],
  summary: 'Draws part of a record as a figure for publication: voltage, dV/dt and beats, as SVG or PNG.',
  arguments: [recordArgument],
  options: {
    leads: { ...leads, says: `${leads.says}; default: MLII, II, or the first ECG lead` },
    what: defaultsTo(
      list(
        choice(
          parts,
          'what to draw; beat symbols are above the voltage, or above the slope when it is alone',
        ),
        'PARTS',
      ),
      parts,
      'voltage,slope,beats',
    ),
    annotator,
    detect,
    scheme,
    ...filterOptions,
    from,
    to,
    paper: flag('draw ECG paper instead of a plain grid'),
    mmPerMv: number('MM', 'millimetres per mV; default: each lead is scaled to fill its box', { above: 0 }),
    width: defaultsTo(number('PX', 'width of the figure', { least: 200, most: 10_000 }), 900),
    fontSize: defaultsTo(number('PX', 'font size', { least: 4, most: 60 }), 12),
    font: text('FAMILY', "font family; default: the system's sans-serif font"),
    dpi: number('N', 'PNG: dots per inch, where 1 inch is 96 px; default 300', { least: 24, most: 1200 }),
    ...recordingOptions,
    out: required(out.figure),
    overwrite,
    json,
  },
  notes: [researchNotice],
  async run(values, [name = ''], files) {
    const isPng = isPngPath(values.out);
    if (values.dpi !== undefined && !isPng)
      throw new UsageError('--dpi applies to PNG only: --out must end in .png');
    await files.check(values.out);
    const { source, name: record } = await files.recording(name);
    const all = await openRecording(source, record, {
      ...timeSpan(values.from, values.to),
      ...openOptions(values),
    });
    const { names, notes: ofChoice } = await chosenLeads(all, values.leads);
    const recording = filteredRecording(all.withSignals(names), filterOf(values));
    const { samplingFrequency, length } = recording;
    if (length === undefined || length > longest * samplingFrequency) {
      throw new InputError(`a figure shows up to ${longest} s: give --from and --to`);
    }
    const warnings = reportWarnings(recording);
    const chosen = values.scheme ?? defaultScheme(samplingFrequency);
    const hasSlope = values.what.includes('slope');
    const hasVoltage = values.what.includes('voltage') || !hasSlope;
    const drawn = [];
    let valid = 0;
    for (const lead of names) {
      const { voltage } = await readLead(recording, lead);
      valid += voltage.filter(Number.isFinite).length;
      drawn.push({
        name: lead,
        ...(hasVoltage && { voltage }),
        ...(hasSlope && {
          slope: differentiator(chosen, voltage.length, samplingFrequency).apply(voltage),
        }),
      });
    }
    if (valid === 0)
      throw new InputError(`${recording.name} has no valid sample there of ${names.join(', ')}`);
    const beats = values.what.includes('beats')
      ? await beatsIfAny(recording, names, beatsFrom(values.annotator, values.detect))
      : undefined;
    const { marks, notes: signal } = await drawnBeats(recording, names, beats);
    const svg = ecgFigure(drawn, {
      title: recording.name,
      samplingFrequency,
      start: recording.start / samplingFrequency,
      beats: marks,
      paper: values.paper,
      width: values.width,
      fontSize: values.fontSize,
      font: values.font,
      mmPerMillivolt: values.mmPerMv,
    });
    await files.write(values.out, isPng ? await renderPng(svg, values.dpi ?? printDpi) : svg);
    await files.commit();
    const notes = [
      ...ofChoice,
      ...signal,
      ...(beats?.rPeaks.length === 0 ? [`no beats there, ${beats.beatsFrom}`] : []),
    ];
    if (values.json) printJson({ out: values.out, record: recording.name, leads: names, notes, warnings });
    else {
      for (const note of notes) printError(`note: ${note}`);
      print(`wrote ${values.out}`);
    }
    return 0;
  },
});

/** The beats to draw, with notes: of what was detected where there are no QRS complexes, none. */
async function drawnBeats(
  recording: OpenRecording,
  leads: readonly string[],
  beats: RecordingBeats | undefined,
): Promise<{ marks: { sample: number; symbol: string }[]; notes: string[] }> {
  if (beats === undefined) return { marks: [], notes: [] };
  const { rPeaks, symbols } = beats;
  const all = Array.from(rPeaks, (sample, k) => ({ sample, symbol: symbols[k]! }));
  if (symbols.some(symbol => symbol !== '')) return { marks: all, notes: [] };
  const { samplingFrequency, start } = recording;
  const conditions = await readLeadConditions(recording, leads, rPeaks);
  const shown = complexesInLeads(conditions, rPeaks);
  return {
    marks: all.filter((_, k) => shown[k] === 1),
    notes: notesOfLeads(conditions, { samplingFrequency, start, rPeaks }),
  };
}
