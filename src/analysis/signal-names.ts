/**
 * What the name of a signal says about it: an ECG lead, certainly no ECG (respiration, pressures, EEG, …), or nothing.
 * A monitor also records other signals in volts, which are not to be taken for an ECG by their unit.
 */

/** Names of ECG leads: the standard ones (IEC C1–C9, German and Spanish DI), right-sided, orthogonal and modified ones. */
const leadNames =
  /^(-?AV[RLF]|D?(I|II|III)|D[123]|[VC][1-9]?R?|V[XYZ]|M[LV]?(I|II|III|[1-6])|MCL[1-6]?R?|C[MCBS][1-6]|(ES|AS|AI))$/;

/** Words of which one in a name says that the signal is no ECG. */
const otherWords = new Set(
  `RESP RESPIRATION RESPIRATORY IMPEDANCE AIRFLOW FLOW THOR THORAX ABDO SNORE ABP ART ARTERIAL BP IBP NBP NIBP SBP DBP
  MAP CVP PAP LAP RAP ICP FAP UAP UVP PRESS PRESSURE PLETH PPG PULSE SPO2 SAO2 O2 CO2 ETCO2 EEG EMG EOG EGG ERG CHIN
  ROC LOC GSR EDA SCL SCR ACC ACCEL ACCELEROMETER GYRO TEMP TEMPERATURE HR BCG SCG PCG TRIGGER MARKER EVENT SYNC`
    .trim()
    .split(/\s+/),
);
/** An EEG derivation of the 10–20 system, such as C3-A2. */
const eegDerivation = /^(FP[12Z]|A?F[3478Z]|C[34Z]|P[34Z]|O[12Z]|T[3-6])-[A-Z]+[0-9Z]?$/;

/**
 * The name of a lead in upper case, without what only says that it is one (`ECG II`, `Lead II`).
 *
 * @example leadNameOf('ECG II') // => 'II'
 */
export const leadNameOf = (name: string): string =>
  name
    .trim()
    .toUpperCase()
    .replace(/^(ECG|EKG|LEAD)[\s_:-]+(?=\S)/, '');

/** Whether a name is that of an ECG lead, or contains ECG or EKG. */
export const isEcgName = (name: string): boolean => /ECG|EKG/i.test(name) || leadNames.test(leadNameOf(name));

/** Whether a name says that the signal is no ECG. */
export const isOtherName = (name: string): boolean =>
  !isEcgName(name) &&
  (eegDerivation.test(name.trim().toUpperCase()) ||
    name
      .toUpperCase()
      .split(/[^A-Z0-9]+/)
      .some(word => otherWords.has(word) || otherWords.has(word.replace(/\d+$/, ''))));
