/** `explain`: explains the class of a beat by the gradient of its probability in features and voltage. */
import { type BeatReasons, beatReasons } from '../../analysis/beat-reasons.ts';
import { withMeasured } from '../../analysis/explanations/natural-units.ts';
import { rPeakGradient } from '../../analysis/r-peak-gradient.ts';
import { type TypicalBeatGradient, typicalBeatGradient } from '../../analysis/typical-beat-gradient.ts';
import { featureMeaning } from '../../beat/features/feature-glossary.ts';
import { readClassifiedBeats } from '../classified-beats.ts';
import { defineCommand } from '../command.ts';
import { type DescribedBeat, printReasons, timeOf } from '../explanation-text.ts';
import { flag, required, text } from '../option.ts';
import { filterOptions, recordArgument, shared } from '../options.ts';
import { printJson, researchNotice } from '../output.ts';
import { recordingOptions } from '../table-options.ts';

const { lead, annotator, detect, json } = shared;

export const command = defineCommand({
  name: 'explain',
  takes: ['RECORD'],
  summary: 'Explains the predicted class of a beat, down to the voltage of each sample.',
  arguments: [recordArgument],
  options: {
    beat: required(shared.beat),
    model: required(shared.model),
    class: text('C', 'explain the probability of this class; default: the predicted class'),
    throughRPeak: flag('add the part of the gradient that runs through the time of the R peak'),
    throughTypicalBeat: flag("add the part of the gradient that runs through the record's typical beat"),
    lead,
    annotator,
    detect,
    ...filterOptions,
    ...recordingOptions,
    json,
  },
  notes: [
    'Most features are relative to the typical beat of the record: docs/features.md describes each. The gradient is first order: the effect of a small change of the voltage on the probability. Beat positions, RR intervals and the typical beat of the record are held fixed; with --through-r-peak the R peak moves with the voltage (implicit function theorem), and with --through-typical-beat the typical beat with the voltage of every beat that it is the median of.',
    researchNotice,
  ],
  async run(values, [text = ''], files) {
    const { beat } = values;
    const { model, beats, classified, warnings } = await readClassifiedBeats(text, values, files);
    const explanation = beatReasons(model, beats, classified, beat, values.class);
    const throughTypicalBeat = values.throughTypicalBeat
      ? typicalBeatGradient(model, beats, classified, explanation, beat)
      : undefined;
    const throughRPeak = values.throughRPeak
      ? rPeakGradient(beats, classified, withOwnShare(explanation, throughTypicalBeat), beat)
      : undefined;
    const described: DescribedBeat = {
      ...{ beat, beats, classified, reasons: explanation, warnings },
      ...(throughRPeak && { throughRPeak }),
      ...(throughTypicalBeat && { throughTypicalBeat }),
    };
    if (values.json) printJson(reasonsAsJson(described));
    else printReasons(described);
    return 0;
  },
});

/** The explanation with the gradient by which p changes as the beat's own window moves, in the typical beat too. */
const withOwnShare = (reasons: BeatReasons, through: TypicalBeatGradient | undefined): BeatReasons =>
  through === undefined
    ? reasons
    : {
        ...reasons,
        voltageGradient: reasons.voltageGradient.map((value, k) => value + through.ownGradient[k]!),
      };

function reasonsAsJson(described: DescribedBeat): unknown {
  const { beat, beats, classified, reasons, warnings, throughRPeak, throughTypicalBeat } = described;
  const {
    voltage,
    voltageGradient,
    logOddsGradient,
    smoothedGradient,
    integrated,
    smoothedContributions,
    counterfactual,
    ...others
  } = reasons;
  const { windowStart, ...rest } = others;
  const { contributions, ...way } = integrated;
  const { samplingFrequency, start, rPeaks } = beats;
  return {
    record: beats.record,
    lead: beats.lead,
    beat,
    sample: start + rPeaks[beat]!,
    time_s: timeOf(described),
    annotation: beats.symbols[beat],
    assumed: beats.notes.length > 0,
    notes: [...beats.notes, ...classified.notes],
    warnings,
    notice: researchNotice,
    ...rest,
    features: withMeasured(reasons.features, classified.features, rPeaks, beat).map(feature => ({
      ...feature,
      meaning: featureMeaning(feature.name),
    })),
    fibrillation: classified.fibrillation[beat],
    integrated: way,
    counterfactual: {
      features: counterfactual.features ?? null,
      voltage:
        counterfactual.voltage === undefined
          ? null
          : { ...counterfactual.voltage, change: [...counterfactual.voltage.change] },
    },
    ...(throughRPeak && {
      throughRPeak: {
        rPeak_s: start / samplingFrequency + throughRPeak.time,
        gradient_1_per_s: throughRPeak.perSecond,
        gradientOfRr_1_per_s: throughRPeak.perSecondOfRr,
        gradient_1_per_mV: [...throughRPeak.voltageGradient],
      },
    }),
    ...(throughTypicalBeat && {
      throughTypicalBeat: {
        beats: throughTypicalBeat.beats.length,
        isOneOfThem: throughTypicalBeat.beats.includes(beat),
        gradient_1_per_mV: [...throughTypicalBeat.voltageGradient],
        neighbours: neighbourGradients(described, throughTypicalBeat),
        kinks: throughTypicalBeat.kinks,
      },
    }),
    window: {
      samplingFrequency,
      firstSample: start + windowStart,
      voltage_mV: [...voltage],
      gradient_1_per_mV: [...voltageGradient],
      ...((throughRPeak || throughTypicalBeat) && {
        totalGradient_1_per_mV: Array.from(
          voltageGradient,
          (value, k) =>
            value + (throughRPeak?.voltageGradient[k] ?? 0) + (throughTypicalBeat?.voltageGradient[k] ?? 0),
        ),
      }),
      smoothedGradient_1_per_mV: [...smoothedGradient],
      logOddsGradient_1_per_mV: [...logOddsGradient],
      logOddsContribution: [...contributions],
      smoothedLogOddsContribution: [...smoothedContributions],
    },
  };
}

/** The gradient in the windows of the nearest beats before and after the explained one that the typical beat is made of. */
function neighbourGradients(
  { beat, beats, classified: { features } }: DescribedBeat,
  { beats: typical, leadGradient }: TypicalBeatGradient,
) {
  const { aligned, window } = features;
  const nearest = [typical.findLast(other => other < beat), typical.find(other => other > beat)];
  return nearest
    .filter(other => other !== undefined)
    .map(other => {
      const start = aligned[other]! - window.rIndex;
      const first = Math.max(0, start);
      return {
        beat: other,
        firstSample: beats.start + first,
        gradient_1_per_mV: [...leadGradient.subarray(first, start + window.length)],
      };
    });
}
