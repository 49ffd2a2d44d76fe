/** The path from a recording's bytes to the reason for a class, as plain JSON, for whichever engine runs it. */
import { classifyBeats, explainBeat, parseModel, readLeadBeats } from '../../src/index.ts';
import { beatToExplain, recordReport, renderPage } from '../../src/report.ts';
import { memorySource } from '../../src/wfdb.ts';

/** Files by name, their bytes in base64. */
export type EncodedFiles = Readonly<Record<string, string>>;

export interface SampleExplanation {
  readonly rPeaks: readonly number[];
  readonly classes: readonly (string | undefined)[];
  readonly beat: number;
  readonly target: string;
  readonly probabilities: readonly number[];
  /** ∂p/∂V, 1/mV. */
  readonly gradient: readonly number[];
  /** What the report page of this beat begins with. */
  readonly page: string;
}

/** Detects, classifies and explains on lead MLII of `record`. */
export async function explainSample(
  files: EncodedFiles,
  record: string,
  modelJson: string,
): Promise<SampleExplanation> {
  const source = memorySource(
    Object.fromEntries(
      Object.entries(files).map(([name, base64]) => [
        name,
        Uint8Array.from(atob(base64), character => character.charCodeAt(0)),
      ]),
    ),
  );
  const model = parseModel(modelJson);
  const beats = await readLeadBeats(source, record, { lead: 'MLII', beats: 'detector' });
  const classified = classifyBeats(model, beats);
  const beat = beatToExplain(classified)!;
  const { target, probabilities, voltageGradient } = explainBeat(model, beats, classified, beat);
  const bundle = { script: '', style: '', scriptSha256: '', styleSha256: '' };
  return {
    rPeaks: [...beats.rPeaks],
    classes: classified.classes,
    beat,
    target,
    probabilities: [...probabilities],
    gradient: [...voltageGradient],
    page: renderPage(recordReport(beats, { model, beat }), bundle).slice(0, 1000),
  };
}
