/** The lead that is measured where none is named: the first one by name that carries a signal. */
import { chooseLead, leadsInOrder, millivolts, passedOverNotes } from './leads.ts';
import type { OpenRecording, SignalDescription } from './open-recording.ts';

/** A lead carries a signal when this share of the recording is valid and changes; where its length is unknown, a minute. */
const leastShare = 0.1;
const leastSeconds = 60;
/** Blocks of this length, s, in which the voltage changes by more than this, mV, at most: no QRS complex is lower. */
const blockSeconds = 1;
const leastRange = 0.01;
/** The recording is read in pieces of this length, s, until that is known. */
const pieceSeconds = 10;

/** A lead, and what is to be said about the choice. */
export interface ChosenLead {
  readonly lead: SignalDescription;
  readonly notes: readonly string[];
}

/**
 * The lead with a name as by `chooseLead`; without a name, the first in the order of `chooseLead` that is not lost, an
 * electrode being off for nearly the whole recording, for example. Of that lead a tenth is read, or as much as is lost. Where
 * all are, the first is taken. Throws `InputError` as `chooseLead`.
 *
 * @example
 * (await defaultLead(await openRecording(source, 'synth/twelve'), undefined)).lead.name // => 'II'
 */
export async function defaultLead(recording: OpenRecording, name: string | undefined): Promise<ChosenLead> {
  if (name !== undefined) return { lead: chooseLead(recording, name), notes: [] };
  const leads = leadsInOrder(recording);
  let at = 0;
  while (at < leads.length && !(await carriesSignal(recording, leads[at]!))) at++;
  const lead = leads[at] ?? leads[0]!;
  const lost = at < leads.length ? leads.slice(0, at).map(of => of.name) : [];
  const are = lost.length === 1 ? `lead ${lost[0]} is` : `leads ${lost.join(', ')} are`;
  return {
    lead,
    notes: [
      ...(lost.length === 0
        ? []
        : [
            `${are} constant or invalid for nearly the whole recording: ${lead.name} is measured (name a lead to measure it)`,
          ]),
      ...passedOverNotes(recording, [lead.name]),
    ],
  };
}

/** The names of the leads that are asked for as by `chooseLead`, or that of the default lead. */
export async function chosenLeads(
  recording: OpenRecording,
  asked: readonly string[] | undefined,
): Promise<{ readonly names: readonly string[]; readonly notes: readonly string[] }> {
  if (asked !== undefined) return { names: asked.map(name => chooseLead(recording, name).name), notes: [] };
  const { lead, notes } = await defaultLead(recording, undefined);
  return { names: [lead.name], notes };
}

async function carriesSignal(recording: OpenRecording, { name }: SignalDescription): Promise<boolean> {
  // Of a single signal there is nothing to choose.
  if (recording.signals.length === 1) return true;
  const one = recording.withSignals([name]);
  const { samplingFrequency, length } = one;
  const enough = length === undefined ? leastSeconds * samplingFrequency : leastShare * length;
  const block = Math.max(2, Math.round(blockSeconds * samplingFrequency));
  let changing = 0;
  for await (const { signals } of one.pieces([name], pieceSeconds)) {
    const voltage = millivolts(signals[0]!);
    for (let from = 0; from < voltage.length; from += block) {
      const values = voltage.subarray(from, from + block);
      if (changes(values)) changing += values.length;
    }
    if (changing >= enough) return true;
  }
  return length === undefined && changing > 0;
}

/** Whether at least half of the values are valid, and they are not constant. */
function changes(values: Float64Array): boolean {
  let valid = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    valid++;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return 2 * valid >= values.length && highest - lowest > leastRange;
}
