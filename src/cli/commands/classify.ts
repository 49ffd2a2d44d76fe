/** `classify`: writes the predicted class of each beat of a record as an annotation file. */

import { basename } from 'node:path';
import { artefactSymbol, beatCount } from '../../analysis/artefact-marks.ts';
import { writeAnnotations } from '../../wfdb/annotations/annotation-file.ts';
import { checkAnnotator } from '../annotator.ts';
import { readClassifiedBeats } from '../classified-beats.ts';
import { defineCommand } from '../command.ts';
import { classificationUnits } from '../json-units.ts';
import { defaultsTo, required } from '../option.ts';
import { filterOptions, recordArgument, shared } from '../options.ts';
import { countedBeats, print, printJson, researchNotice } from '../output.ts';
import { recordingOptions } from '../table-options.ts';

const { lead, annotator, detect, dir, overwrite, json } = shared;

/** Mnemonic of a class in an annotation file; classes are themselves mnemonics. */
const noClass = 'Q';

export const command = defineCommand({
  name: 'classify',
  formerOptions: [{ former: 'write', present: 'annotator-out' }],
  takes: ['RECORD'],
  summary: 'Classifies the beats and writes them as an MIT annotation file.',
  arguments: [recordArgument],
  options: {
    model: required(shared.model),
    lead,
    annotator,
    detect,
    annotatorOut: defaultsTo(shared.annotatorOut, 'cls'),
    dir: defaultsTo(dir, '.', 'the current folder'),
    ...filterOptions,
    ...recordingOptions,
    overwrite,
    json,
  },
  notes: [
    `Each beat has the mnemonic of its class (N, S, V, F or Q) at its R peak, as bxb and the other WFDB programs read it; one without a class, at the ends of the record or beside invalid samples, has ${noClass}. What was detected where there are no QRS complexes (asystole, fibrillation, noise) is no beat: it is annotated ${artefactSymbol} (QRS-like artefact), which bxb does not count.`,
    researchNotice,
  ],
  async run(values, [argument = ''], files) {
    checkAnnotator(values.annotatorOut, values.overwrite);
    const file = `${values.dir}/${basename(argument).replace(/\.hea$/i, '')}.${values.annotatorOut}`;
    await files.check(file);
    const { beats, classified, warnings } = await readClassifiedBeats(argument, values, files);
    const { classes, notes } = classified;
    const annotations = Array.from(beats.rPeaks, (rPeak, k) => ({
      sample: beats.start + rPeak,
      symbol: beats.symbols[k] === artefactSymbol ? artefactSymbol : (classes[k] ?? noClass),
      subtype: 0,
      channel: 0,
      num: 0,
      aux: '',
    }));
    await writeAnnotations(
      files.sink(values.dir),
      basename(file).slice(0, -values.annotatorOut.length - 1),
      values.annotatorOut,
      annotations,
    );
    await files.commit();
    const counts = countsOf(annotations.map(({ symbol }) => symbol));
    const { record, lead: leadName, samplingFrequency } = beats;
    if (values.json) {
      const unclassified = beatCount(beats) - classes.filter(found => found !== undefined).length;
      printJson(
        {
          record,
          lead: leadName,
          samplingFrequency,
          units: classificationUnits,
          file,
          counts,
          unclassified,
          annotations: annotations.map(({ sample, symbol }) => ({ sample, symbol })),
          notes,
          warnings,
        },
        2,
      );
      return 0;
    }
    for (const note of notes) print(`note: ${note}`);
    const words = Object.entries(counts).map(([symbol, count]) => `${symbol} ${count}`);
    print(`${record} ${leadName}: ${countedBeats(beats)}, ${words.join(', ')}; written to ${file}`);
    return 0;
  },
});

function countsOf(symbols: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const symbol of symbols) counts[symbol] = (counts[symbol] ?? 0) + 1;
  return counts;
}
