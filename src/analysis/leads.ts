/** The leads of a recording: selecting the signals that are voltages, and reading them in millivolts. */
import { InputError } from '../input-error.ts';
import type { Signal } from '../wfdb/record.ts';
import type { OpenRecording, SignalDescription } from './open-recording.ts';
import { isEcgName, isOtherName, leadNameOf } from './signal-names.ts';

/** Millivolts per unit, by unit name in lower case; includes both Unicode micro signs. */
const millivoltsIn: ReadonlyMap<string, number> = new Map([
  ['v', 1000],
  ['mv', 1],
  ['uv', 1e-3],
  ['\u00b5v', 1e-3],
  ['\u03bcv', 1e-3],
  ['nv', 1e-6],
]);

/** Millivolts per unit; undefined if the unit is not a voltage. */
const millivoltsPer = (units: string): number | undefined => millivoltsIn.get(units.toLowerCase());

/** Whether the unit is a unit of voltage. */
export const isVoltage = (units: string): boolean => millivoltsPer(units) !== undefined;

/** Converts the samples of a signal to mV. Throws `InputError` if its units are not a voltage. */
export function millivolts({
  name,
  units,
  physical,
}: Pick<Signal, 'name' | 'units' | 'physical'>): Float64Array {
  const factor = millivoltsPer(units);
  if (factor === undefined) throw new InputError(`signal ${name} is in ${units}, not in volts`);
  return factor === 1 ? physical : physical.map(value => value * factor);
}

/** The signals of a recording that are voltages. Throws `InputError` if there are none. */
function voltageLeads({ name, signals }: Pick<OpenRecording, 'name' | 'signals'>): SignalDescription[] {
  const leads = signals.filter(({ units }) => millivoltsPer(units) !== undefined);
  if (leads.length > 0) return leads;
  const found = signals.map(signal => `${signal.name} in ${signal.units}`).join(', ');
  const isUnknown = signals.length > 0 && signals.every(({ units }) => units === 'NU');
  const hint = isUnknown ? ' (set options units, --units, and adcGain, --gain)' : '';
  throw new InputError(`${name} has no lead in volts: ${found || 'no signals'}${hint}`);
}

/** The voltages that may be an ECG by their names, or all voltages where none may. Throws `InputError` as `voltageLeads`. */
function ecgLeads(recording: Pick<OpenRecording, 'name' | 'signals'>): SignalDescription[] {
  const leads = voltageLeads(recording);
  const possible = leads.filter(({ name }) => !isOtherName(name));
  return possible.length > 0 ? possible : leads;
}

/**
 * The leads in the order in which they are chosen where none is named: MLII, II, the others with the name of an ECG lead,
 * then those that are not named as something else (`signal-names.ts`); if there are none, all. Throws `InputError` without
 * a voltage.
 */
export function leadsInOrder(recording: Pick<OpenRecording, 'name' | 'signals'>): SignalDescription[] {
  const rank = ({ name }: SignalDescription): number => {
    const place = ['MLII', 'II'].indexOf(leadNameOf(name));
    if (place >= 0) return place;
    return isEcgName(name) ? 2 : 3;
  };
  return ecgLeads(recording).sort((a, b) => rank(a) - rank(b));
}

/**
 * The lead with a name, case-insensitive; without a name the first of `leadsInOrder`, whether or not it carries a signal
 * (`default-lead.ts`). Throws `InputError` if there is none.
 */
export function chooseLead(
  recording: Pick<OpenRecording, 'name' | 'signals'>,
  name: string | undefined,
): SignalDescription {
  if (name === undefined) return leadsInOrder(recording)[0]!;
  const leads = voltageLeads(recording);
  const lead =
    leads.find(own => own.name === name) ?? leads.find(own => own.name.toUpperCase() === name.toUpperCase());
  if (lead !== undefined) return lead;
  throw new InputError(`${recording.name} has no lead ${name}: it has ${leads.map(l => l.name).join(', ')}`);
}

/**
 * The leads measured by default: the voltages with the same sampling frequency as the lead that `chooseLead` selects,
 * without those named as something else than an ECG, unless all are. Throws `InputError` if there are none.
 */
export function leadsOfOneRate(recording: Pick<OpenRecording, 'name' | 'signals'>): SignalDescription[] {
  const { samplingFrequency } = chooseLead(recording, undefined);
  return ecgLeads(recording).filter(lead => lead.samplingFrequency === samplingFrequency);
}

/**
 * A note on the voltages that a default passed over because they are named as something else than an ECG, or on a
 * lead so named that it took, as there is no other; empty if there are none. `leads` are those taken.
 */
export function passedOverNotes(
  recording: Pick<OpenRecording, 'name' | 'signals'>,
  leads: readonly string[],
): string[] {
  const others = voltageLeads(recording).filter(({ name }) => isOtherName(name));
  const taken = others.filter(({ name }) => leads.includes(name)).map(({ name }) => name);
  if (taken.length > 0)
    return [`no signal in volts is named as an ECG lead: ${taken.join(', ')} is measured`];
  const names = others.map(({ name }) => name).join(', ');
  return others.length === 0 ? [] : [`not measured, as no ECG by name: ${names} (name a lead to measure it)`];
}

/** Notes on ECG leads that are not measured because their sampling frequency differs; empty if there are none. */
export function otherRateNotes(
  recording: Pick<OpenRecording, 'name' | 'signals'>,
  leads: readonly string[],
): string[] {
  const others = ecgLeads(recording).filter(({ name }) => !leads.includes(name));
  if (others.length === 0) return [];
  const list = others.map(({ name, samplingFrequency }) => `${name} (${samplingFrequency} Hz)`).join(', ');
  return [
    `not measured, as at other rates: ${list}; name them, or bring all to one rate (convert --frequency-out)`,
  ];
}

/** Notes on signals whose gain or units were assumed. */
export const calibrationNotes = (signals: readonly SignalDescription[]): string[] =>
  signals.flatMap(({ name, units, calibrated, unitsAssumed }) => [
    ...(calibrated
      ? []
      : [`signal ${name} is not calibrated: its gain, and so every value in mV, is assumed`]),
    ...(unitsAssumed ? [`signal ${name} names no unit: ${units} is assumed`] : []),
  ]);

/** Reads the voltages of leads in mV, in chunks with one array per lead. */
export async function* leadPieces(
  recording: OpenRecording,
  leads: readonly string[],
): AsyncGenerator<Float64Array[], void, undefined> {
  for await (const piece of recording.pieces(leads)) {
    yield leads.map(name =>
      millivolts(piece.signals.find(signal => signal.name === name) ?? missing(recording.name, name)),
    );
  }
}

function missing(recording: string, lead: string): never {
  throw new InputError(`${recording} has no signal ${lead}`);
}

/** The samples of a lead. */
export interface LeadVoltage {
  /** mV, NaN where invalid. */
  readonly voltage: Float64Array;
  /** Hz */
  readonly samplingFrequency: number;
  readonly notes: readonly string[];
}

/**
 * Reads one lead in mV, in chunks, so that neither other leads nor the bytes of the file are held in memory: 24 h at
 * 500 Hz take 350 MB. Throws `InputError` if the lead is not a voltage.
 */
export async function readLead(recording: OpenRecording, lead: string): Promise<LeadVoltage> {
  let voltage = new Float64Array(recording.length ?? 0);
  let length = 0;
  for await (const [piece] of leadPieces(recording, [lead])) {
    if (length + piece!.length > voltage.length) {
      const longer = new Float64Array(Math.max(length + piece!.length, Math.ceil(1.5 * voltage.length)));
      longer.set(voltage.subarray(0, length));
      voltage = longer;
    }
    voltage.set(piece!, length);
    length += piece!.length;
  }
  return {
    voltage: voltage.subarray(0, length),
    samplingFrequency: recording.samplingFrequency,
    notes: calibrationNotes(recording.signals.filter(({ name }) => name === lead)),
  };
}
