/** `demo`: the whole path on the recordings in `samples/`, offline: read, differentiate, find beats, learn, explain. */
import { join } from 'node:path';
import { classifyBeats, explainBeat } from '../../analysis/classify.ts';
import { readBeatDataset } from '../../analysis/dataset.ts';
import { readLeadBeats } from '../../analysis/lead-beats.ts';
import { beatRecipe } from '../../analysis/recipe.ts';
import { recordReport, tellingBeat } from '../../analysis/report/record-report.ts';
import { renderPage } from '../../analysis/report/report-page.ts';
import { measureQuality } from '../../beat/quality.ts';
import { measureSlopes } from '../../beat/slopes/measure-slopes.ts';
import { summarizeSlopes } from '../../beat/slopes/slope-summary.ts';
import { slopesCsv } from '../../beat/slopes/slope-table.ts';
import { InputError } from '../../input-error.ts';
import { evaluateClassifier } from '../../learn/evaluation.ts';
import { formatModel } from '../../learn/model/model-json.ts';
import { recordName } from '../../learn/record-name.ts';
import { train } from '../../learn/train/train.ts';
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
    'The whole path on the recordings that come with upstroke, offline: reads five minutes of a real ECG, finds its beats, measures how steeply each rises and falls, classifies them with a model trained on other patients, explains one of them, and trains a classifier live on synthetic patients.',
  options: {
    dir: defaultsTo({ ...shared.dir, says: 'where slopes.csv, model.json and report.html go' }, 'out/demo'),
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
    const explained = tellingBeat(classified);
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
            subject: `Live on ${learnedFrom.length} synthetic patients`,
            losses,
            validationLosses,
            optimizer,
            learningRate,
            verdict,
          },
          confusion: {
            subject: `The live model on ${testedOn.length} other synthetic patients`,
            classes: live.model.classes,
            counts: evaluation.confusion,
          },
        }),
        await readReportBundle(),
      ),
    );

    await files.commit();

    const summaries = summarizeSlopes(measurement.beats, called);
    const minutes = beats.voltage.length / beats.samplingFrequency / 60;
    if (json) {
      printJson({
        notice: researchNotice,
        record,
        lead,
        samplingFrequency: beats.samplingFrequency,
        minutes,
        beats: beats.rPeaks.length,
        provenance: measurement.provenance,
        slopes: summaries,
        explained: {
          beat: explained,
          class: explanation.target,
          probabilities: explanation.probabilities,
          features: explanation.features,
        },
        training: { verdict, losses, accuracy: evaluation.accuracy, classes: evaluation.classes },
        wrote: outputs.map(name => `${dir}/${name}`),
      });
      return 0;
    }
    const { scheme, windowMs } = measurement.provenance;
    print(
      `read       ${record}, lead ${lead}: ${minutes.toFixed(0)} min at ${beats.samplingFrequency} Hz (MIT-BIH record 208)`,
    );
    print(`beats      ${beats.rPeaks.length} found, ${(beats.rPeaks.length / minutes).toFixed(0)} a minute`);
    print(
      `slopes     dV/dt ${scheme}, unfiltered; least-squares line over ${windowMs} ms; medians by class the model gives:\n`,
    );
    const number = (value: number | undefined, scale = 1): string =>
      value === undefined ? '–' : (scale * value).toFixed(0);
    print(
      formatTable([
        ['class', 'beats', 'upstroke mV/s', 'downstroke mV/s', 'per amplitude 1/s', 'QRS ms'],
        ...summaries.map(({ symbol, beats: count, upstroke, downstroke, slopePerAmplitude, qrsDuration }) => [
          symbol,
          String(count),
          number(upstroke?.median),
          number(downstroke?.median),
          number(slopePerAmplitude?.median),
          number(qrsDuration?.median, 1000),
        ]),
      ]),
    );
    const p = explanation.probabilities[explanation.classes.indexOf(explanation.target)]!;
    const strongest = explanation.features.slice(0, 3).map(({ name }) => name);
    print(
      `\nexplained  beat ${explained} at ${((start + beats.rPeaks[explained]!) / beats.samplingFrequency).toFixed(2)} s: p(${explanation.target}) = ${p.toFixed(3)}, moved most by ${strongest.join(', ')}`,
    );
    print(
      `trained    on ${learnedFrom.length} synthetic patients, ${rows.labels.length} beats. ${verdict.words}`,
    );
    print(
      `tested     on ${testedOn.length} others, ${evaluation.rows} beats: accuracy ${percent(evaluation.accuracy)} %, V found ${percent(evaluation.classes.V?.sensitivity)} %, S found ${percent(evaluation.classes.S?.sensitivity)} %`,
    );
    print(`wrote      ${dir}/slopes.csv  ${dir}/model.json  ${dir}/report.html`);
    print(`\n${researchNotice}`);
    return 0;
  },
});
