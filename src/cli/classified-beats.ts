/** The beats of a recording with their classes, for the commands that apply a model. */
import { type ClassifiedBeats, classifyBeats } from '../analysis/classify.ts';
import { type LeadBeats, readLeadBeats } from '../analysis/lead-beats.ts';
import { conditionNotes, conditionOf, withArtefacts } from '../analysis/lead-condition.ts';
import type { Classifier } from '../learn/model/classifier.ts';
import { parseModelFile } from '../node/model-file.ts';
import type { RunFiles } from '../node/run-files.ts';
import type { Values } from './option.ts';
import { beatsFrom, filterOf, type filterOptions } from './options.ts';
import { openOptions, type recordingOptions, reportWarnings } from './table-options.ts';

/** The values of the options that select a model, a lead and its beats. */
type BeatValues = Values<typeof recordingOptions & typeof filterOptions> & {
  readonly model: string;
  readonly lead: string | undefined;
  readonly annotator: string | undefined;
  readonly detect: boolean;
};

interface ModelAndBeats {
  readonly model: Classifier;
  /** With the symbol `|` for what was detected where there are no QRS complexes. */
  readonly beats: LeadBeats;
  /** With the notes on the condition of the lead before those on the classes. */
  readonly classified: ClassifiedBeats;
  readonly warnings: readonly string[];
}

/** Reads the model and the lead of `recording`, classifies its beats, and prints the warnings. */
export async function readClassifiedBeats(
  recording: string,
  values: BeatValues,
  files: RunFiles,
): Promise<ModelAndBeats> {
  const { source, name } = await files.recording(recording);
  const model = parseModelFile(values.model, await files.readText(values.model));
  const marks = await readLeadBeats(source, name, {
    ...openOptions(values),
    lead: values.lead,
    filter: filterOf(values),
    beats: beatsFrom(values.annotator, values.detect),
  });
  const warnings = reportWarnings(marks);
  const condition = conditionOf(marks);
  const beats = withArtefacts(marks, [condition]);
  const found = classifyBeats(model, beats);
  const notes = [...conditionNotes(condition, beats), ...found.notes];
  return { model, beats, classified: { ...found, notes }, warnings };
}
