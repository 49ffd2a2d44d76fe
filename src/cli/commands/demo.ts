/**
 * `demo`: the complete workflow on the recordings in `samples/`, offline: read, differentiate, detect, train, explain.
 */
import { join } from 'node:path';
import { type BeatExplanation, classifyBeats, explainBeat } from '../../analysis/classify.ts';
import { readBeatDataset } from '../../analysis/dataset.ts';
import { type LeadBeats, readLeadBeats } from '../../analysis/lead-beats.ts';
import { beatRecipe } from '../../analysis/recipe.ts';
import { beatToExplain, recordReport } from '../../analysis/report/record-report.ts';
import { renderPage } from '../../analysis/report/report-page.ts';
import { measureQuality } from '../../beat/quality/quality.ts';
import { measureSlopes, type SlopeMeasurement } from '../../beat/slopes/measure-slopes.ts';
import { summarizeSlopes } from '../../beat/slopes/slope-summary.ts';
import { slopesCsv } from '../../beat/slopes/slope-table.ts';
import { InputError } from '../../input-error.ts';
import { type Evaluation, evaluateClassifier } from '../../learn/evaluation.ts';
import { formatModel } from '../../learn/model/model-json.ts';
import { recordName } from '../../learn/record-name.ts';
import { type Dataset, type TrainingResult, train } from '../../learn/train/train.ts';
import { parseModelFile } from '../../node/model-file.ts';
import { readReportBundle } from '../../node/report-bundle.ts';
import { samplesFolder } from '../../node/samples-folder.ts';
import { defineCommand } from '../command.ts';
import { defaultsTo } from '../option.ts';
import { shared } from '../options.ts';
import { print, printJson, researchNotice } from '../output.ts';
import { formatTable, percent } from '../table.ts';

const recording = 'mitdb-208-excerpt';
/** Trained on DS1 without record 208, the patient of the excerpt. */
const storedModel = 'model-ds1-without-208.json';
const patients = Array.from({ length: 14 }, (_, k) => `s${String(k + 1).padStart(2, '0')}`);
const learnedFrom = patients.slice(0, 10).map(name => recordName(name, 'synth'));
const testedOn = patients.slice(10).map(name => recordName(name, 'synth'));

const outputs = ['slopes.csv', 'model.json', 'report.html'];

export const command = defineCommand({
  name: 'demo',
  takes: [],
  summary:
    'Runs the complete workflow offline on the included recordings: reads five minutes of a real ECG, detects its beats, measures their upstroke and downstroke slopes, classifies them with a model trained on other patients, explains one of them, and trains a classifier on synthetic patients.',
  options: {
    dir: defaultsTo({ ...shared.dir, says: 'folder for slopes.csv, model.json and report.html' }, 'out/demo'),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [researchNotice],
  async run({ dir, json }, _positionals, files) {
    for (const name of outputs) await files.check(`${dir}/${name}`);
    const source = files.source([samplesFolder]);

    const beats = await readLeadBeats(source, recording, { lead: 'MLII', beats: 'detector' });
    const measurement = measureSlopes(beats.voltage, beats.samplingFrequency, beats.rPeaks);
    const quality = measureQuality(beats.voltage, beats.samplingFrequency, beats.rPeaks);
    const modelPath = join(samplesFolder, storedModel);
    const model = parseModelFile(modelPath, await files.readText(modelPath));
    const classified = classifyBeats(model, beats);
    const called = classified.classes.map(name => name ?? '-');
    const explained = beatToExplain(classified);
    if (explained === undefined) throw new InputError(`${recording} has no beat to explain`);
    const explanation = explainBeat(model, beats, classified, explained);

    const rows = await readBeatDataset(source, learnedFrom, { lead: 'MLII' });
    const recipe = beatRecipe('mlp', rows, 1);
    const live = train(recipe.rows, recipe.options);
    const evaluation = evaluateClassifier(
      live.model,
      await readBeatDataset(source, testedOn, { lead: 'MLII' }),
    );

    const write = (name: string, text: string): Promise<void> => files.write(`${dir}/${name}`, text);
    const { record, lead, start } = beats;
    await write(
      'slopes.csv',
      slopesCsv([{ record, lead, symbols: called, start, measurement, quality: quality.beats }]),
    );
    await write('model.json', formatModel(live.model));
    const { verdict, losses, validationLosses } = live;
    const { optimizer, learningRate } = live.model.training;
    await write(
      'report.html',
      renderPage(
        recordReport(beats, {
          measurement,
          model,
          beat: explained,
          training: {
            subject: {
              en: `Trained by the demo on ${learnedFrom.length} synthetic patients`,
              ja: `デモが合成患者 ${learnedFrom.length} 人で学習したモデル`,
            },
            losses,
            validationLosses,
            optimizer,
            learningRate,
            verdict,
          },
          confusion: {
            subject: {
              en: `The model trained by the demo, on ${testedOn.length} other synthetic patients`,
              ja: `デモが学習したモデルを別の合成患者 ${testedOn.length} 人で評価`,
            },
            classes: live.model.classes,
            counts: evaluation.confusion,
          },
        }),
        await readReportBundle(),
      ),
    );

    await files.commit();

    const result: DemoResult = {
      dir,
      beats,
      measurement,
      called,
      explained,
      explanation,
      rows,
      live,
      evaluation,
    };
    if (json) printJson(demoAsJson(result));
    else printDemo(result);
    return 0;
  },
});

interface DemoResult {
  readonly dir: string;
  readonly beats: LeadBeats;
  readonly measurement: SlopeMeasurement;
  /** Class of each beat, `-` if it has none. */
  readonly called: readonly string[];
  /** Number of the explained beat. */
  readonly explained: number;
  readonly explanation: BeatExplanation;
  /** Training rows of the model trained by the demo. */
  readonly rows: Dataset;
  readonly live: TrainingResult;
  readonly evaluation: Evaluation;
}

const minutesOf = ({ voltage, samplingFrequency }: LeadBeats): number =>
  voltage.length / samplingFrequency / 60;

const demoAsJson = (result: DemoResult): unknown => ({
  notice: researchNotice,
  record: result.beats.record,
  lead: result.beats.lead,
  samplingFrequency: result.beats.samplingFrequency,
  minutes: minutesOf(result.beats),
  beats: result.beats.rPeaks.length,
  provenance: result.measurement.provenance,
  slopes: summarizeSlopes(result.measurement.beats, result.called),
  explained: {
    beat: result.explained,
    class: result.explanation.target,
    probabilities: result.explanation.probabilities,
    features: result.explanation.features,
  },
  training: {
    verdict: result.live.verdict,
    losses: result.live.losses,
    accuracy: result.evaluation.accuracy,
    classes: result.evaluation.classes,
  },
  wrote: outputs.map(name => `${result.dir}/${name}`),
});

function printDemo({
  dir,
  beats,
  measurement,
  called,
  explained,
  explanation,
  rows,
  live,
  evaluation,
}: DemoResult) {
  const { record, lead, start, samplingFrequency, rPeaks } = beats;
  const minutes = minutesOf(beats);
  const { scheme, windowMs } = measurement.provenance;
  print(
    `read       ${record}, lead ${lead}: ${minutes.toFixed(0)} min at ${samplingFrequency} Hz (MIT-BIH record 208)`,
  );
  print(`beats      ${rPeaks.length} found, ${(rPeaks.length / minutes).toFixed(0)} per minute`);
  print(
    `slopes     dV/dt ${scheme}, unfiltered; least-squares line over ${windowMs} ms; medians by predicted class:\n`,
  );
  const number = (value: number | undefined, scale = 1): string =>
    value === undefined ? '–' : (scale * value).toFixed(0);
  print(
    formatTable([
      ['class', 'beats', 'upstroke mV/s', 'downstroke mV/s', 'per amplitude 1/s', 'QRS ms'],
      ...summarizeSlopes(measurement.beats, called).map(summary => [
        summary.symbol,
        String(summary.beats),
        number(summary.upstroke?.median),
        number(summary.downstroke?.median),
        number(summary.slopePerAmplitude?.median),
        number(summary.qrsDuration?.median, 1000),
      ]),
    ]),
  );
  const p = explanation.probabilities[explanation.classes.indexOf(explanation.target)]!;
  const strongest = explanation.features.slice(0, 3).map(({ name }) => name);
  const time = ((start + rPeaks[explained]!) / samplingFrequency).toFixed(2);
  print(
    `\nexplained  beat ${explained} at ${time} s: p(${explanation.target}) = ${p.toFixed(3)}, most influenced by ${strongest.join(', ')}`,
  );
  print(
    `trained    on ${learnedFrom.length} synthetic patients, ${rows.labels.length} beats. ${live.verdict.text}`,
  );
  const { accuracy, classes } = evaluation;
  print(
    `tested     on ${testedOn.length} others, ${evaluation.rows} beats: accuracy ${percent(accuracy)} %, V found ${percent(classes.V?.sensitivity)} %, S found ${percent(classes.S?.sensitivity)} %`,
  );
  print(`wrote      ${dir}/slopes.csv  ${dir}/model.json  ${dir}/report.html`);
  print(`\n${researchNotice}`);
}
