/** The annotators of an open recording: loading their marks, and which of them is edited. */
import { isBeat } from '../../wfdb/annotations/symbols.ts';
import type { Mark } from '../annotate/mark-document.ts';
import { autosaveKey, keptDefinitions, keptMarks } from '../annotate/save-marks.ts';
import { CallError } from '../worker/remote-calls.ts';
import type { AnnotatorMarks } from './recording-interface.ts';
import { proposals } from './recording-marks.ts';
import type { RecordingState } from './recording-state.ts';

/** The annotator name of the detector's proposals, which have no file. */
const detector = '';

/**
 * Loads the marks of the record's annotators, and the edits of an earlier session where there are any. Edited is the first
 * annotator whose file is intact; of a damaged one the marks that can be read are shown beside it.
 */
export async function loadMarks(state: RecordingState): Promise<void> {
  const { workers, summary, annotators } = state;
  for (const name of summary.annotators) {
    try {
      annotators.set(name, await workers.reader.call.annotations(name));
    } catch (error) {
      if (!(error instanceof CallError) || error.detail.code === undefined) throw error;
      const { code, file = '', message } = error.detail;
      annotators.set(name, { annotations: [], definitions: [], faults: [{ code, file, message }] });
    }
  }
  const intact = [...annotators].find(([, { faults }]) => faults.length === 0);
  load(state, intact?.[0] ?? detector);
}

/** Edits the marks of another annotator; those edited until now are shown beside them. */
export function editAnnotator(state: RecordingState, name: string): void {
  const before = state.annotators.get(state.annotator);
  if (before !== undefined) {
    state.annotators.set(state.annotator, { ...before, annotations: state.document.marks });
  } else {
    const [annotations, definitions] = [state.document.marks, state.definitions];
    state.annotators.set(state.annotator, { annotations, definitions, faults: [] });
  }
  load(state, name);
}

function load(state: RecordingState, name: string): void {
  const { annotators, document, summary, events } = state;
  const own: AnnotatorMarks = annotators.get(name) ?? { annotations: [], definitions: [], faults: [] };
  const isFirst = name === ([...annotators.keys()][0] ?? detector);
  state.annotator = name;
  state.key = autosaveKey(summary.record, summary.length, isFirst ? undefined : name);
  state.definitions = own.definitions;
  state.originalDefinitions = own.definitions;
  state.original = own.annotations;
  state.areBeatsProposed = !own.annotations.some(({ symbol, isProposed }) => isBeat(symbol) && !isProposed);
  const kept = keptMarks(state.key);
  state.isRestored = kept !== undefined;
  document.load(kept ?? own.annotations);
  if (kept !== undefined) {
    state.definitions = keptDefinitions(state.key) ?? state.definitions;
    events.onRestored(kept.length);
  }
  events.onBeats();
}

/** The marks of all annotators but the edited one, in order of the files. */
export const otherMarks = ({ annotators, annotator }: RecordingState): ReadonlyMap<string, readonly Mark[]> =>
  new Map(
    [...annotators].flatMap(([name, { annotations }]) => (name === annotator ? [] : [[name, annotations]])),
  );

/**
 * Takes the detected beats of the pieces measured so far as proposals, where the file has no beats of its own. Marks that
 * stay as they are keep their identity, so that a selected one stays selected when slopes are measured by another scheme.
 */
export function takeProposals(state: RecordingState): void {
  const { document, pieces, perFrame, original } = state;
  const last = pieces.at(-1);
  if (!state.areBeatsProposed || last === undefined) return;
  const known = new Map(document.marks.map(mark => [`${mark.sample} ${mark.symbol}`, mark]));
  const found = proposals(pieces, perFrame).map(mark => {
    const same = known.get(`${mark.sample} ${mark.symbol}`);
    return same?.isProposed ? same : mark;
  });
  const kept = original.filter(
    ({ isProposed, sample }) => !isProposed || (last.done < last.total && sample * perFrame >= last.done),
  );
  state.original = [...kept, ...found].sort((a, b) => a.sample - b.sample);
  const isUntouched = !state.isRestored && !document.canUndo && !document.canRedo;
  const isNew =
    state.original.length !== document.marks.length ||
    state.original.some((mark, k) => mark !== document.marks[k]);
  if (isUntouched && isNew) document.load(state.original);
}
