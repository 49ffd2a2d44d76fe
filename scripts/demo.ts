/** The main job on the recordings in `samples/`, offline: read, differentiate, find beats, learn, explain, show. */
import { fileURLToPath } from 'node:url';
import { classifyBeats, explainBeat } from '../src/analysis/classify.ts';
import { readBeatDataset } from '../src/analysis/dataset.ts';
import { readLeadBeats } from '../src/analysis/lead-beats.ts';
import { beatRecipe } from '../src/analysis/recipe.ts';
import { recordReport, tellingBeat } from '../src/analysis/report/record-report.ts';
import { renderPage } from '../src/analysis/report/report-page.ts';
import { measureQuality } from '../src/beat/quality.ts';
import { measureSlopes } from '../src/beat/slopes/measure-slopes.ts';
import { summarizeSlopes } from '../src/beat/slopes/slope-summary.ts';
import { slopesCsv } from '../src/beat/slopes/slope-table.ts';
import { runCommand, UsageError } from '../src/cli/command.ts';
import { formatTable, percent } from '../src/cli/table.ts';
import { InputError } from '../src/input-error.ts';
import { evaluateClassifier } from '../src/learn/evaluation.ts';
import { formatModel } from '../src/learn/model/model-json.ts';
import { train } from '../src/learn/train/train.ts';
import { fileSource, folderSink } from '../src/node/files.ts';
import { readModel } from '../src/node/model-file.ts';
import { readReportBundle } from '../src/node/report-bundle.ts';

const help = `
demo [--dir DIR] [--json]: the whole path on the recordings in samples/, offline

  reads five minutes of a real ECG, finds its beats, measures how steeply each rises and falls, classifies them with a
  model trained on other patients, explains one of them, and trains a classifier live on synthetic patients

  --dir DIR  where slopes.csv, model.json and report.html go; default out/demo
  --json     what was done as JSON on standard output

Research use only, not for diagnosis.
`;

const samples = fileURLToPath(new URL('../samples/', import.meta.url));
const recording = 'mitdb-208-excerpt';
/** Trained on DS1 without record 208, the patient of the excerpt. */
const storedModel = 'model-ds1-without-208.json';
const patients = Array.from({ length: 14 }, (_, k) => `s${String(k + 1).padStart(2, '0')}`);
const learnedFrom = patients.slice(0, 10);
const testedOn = patients.slice(10);

await runCommand({
  help,
  options: { dir: { type: 'string', default: 'out/demo' }, json: { type: 'boolean', default: false } },
  async run({ dir, json }, positionals) {
    if (positionals.length > 0) throw new UsageError(`demo takes options only, not '${positionals[0]}'`);
    const source = fileSource([samples]);

    const beats = await readLeadBeats(source, recording, { lead: 'MLII', beats: 'detector' });
    const measurement = measureSlopes(beats.voltage, beats.samplingFrequency, beats.rPeaks);
    const quality = measureQuality(beats.voltage, beats.samplingFrequency, beats.rPeaks);
    const model = await readModel(`${samples}${storedModel}`);
    const classified = classifyBeats(model, beats);
    const called = classified.classes.map(name => name ?? '-');
    const explained = tellingBeat(classified);
    if (explained === undefined) throw new InputError(`${recording} has no beat to explain`);
    const explanation = explainBeat(model, beats, classified, explained);

    const rows = await readBeatDataset(source, 'synth', learnedFrom, { lead: 'MLII' });
    const recipe = beatRecipe('mlp', rows, 1);
    const live = train(recipe.rows, recipe.options);
    const evaluation = evaluateClassifier(
      live.model,
      await readBeatDataset(source, 'synth', testedOn, { lead: 'MLII' }),
    );

    const sink = folderSink(dir);
    const write = (name: string, text: string): Promise<void> =>
      sink.write(name, new TextEncoder().encode(text));
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

    const summaries = summarizeSlopes(measurement.beats, called);
    const minutes = beats.voltage.length / beats.samplingFrequency / 60;
    if (json) {
      console.log(
        JSON.stringify({
          notice: 'Research use only, not for diagnosis.',
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
          wrote: ['slopes.csv', 'model.json', 'report.html'].map(name => `${dir}/${name}`),
        }),
      );
      return;
    }
    const { scheme, windowMs } = measurement.provenance;
    console.log(
      `read       ${record}, lead ${lead}: ${minutes.toFixed(0)} min at ${beats.samplingFrequency} Hz (MIT-BIH record 208)`,
    );
    console.log(
      `beats      ${beats.rPeaks.length} found, ${(beats.rPeaks.length / minutes).toFixed(0)} a minute`,
    );
    console.log(
      `slopes     dV/dt ${scheme}, unfiltered; least-squares line over ${windowMs} ms; medians by class the model gives:\n`,
    );
    const number = (value: number | undefined, scale = 1): string =>
      value === undefined ? '–' : (scale * value).toFixed(0);
    console.log(
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
    console.log(
      `\nexplained  beat ${explained} at ${((start + beats.rPeaks[explained]!) / beats.samplingFrequency).toFixed(2)} s: p(${explanation.target}) = ${p.toFixed(3)}, moved most by ${strongest.join(', ')}`,
    );
    console.log(
      `trained    on ${learnedFrom.length} synthetic patients, ${rows.labels.length} beats. ${verdict.words}`,
    );
    console.log(
      `tested     on ${testedOn.length} others, ${evaluation.rows} beats: accuracy ${percent(evaluation.accuracy)} %, V found ${percent(evaluation.classes.V?.sensitivity)} %, S found ${percent(evaluation.classes.S?.sensitivity)} %`,
    );
    console.log(`wrote      ${dir}/slopes.csv  ${dir}/model.json  ${dir}/report.html`);
    console.log('\nResearch use only, not for diagnosis.');
  },
});
