/**
 * `evaluate classification --protocol`: trains and tests the beat classifier by a protocol, with confidence intervals.
 */
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readBeatDataset } from '../../../analysis/dataset.ts';
import { evaluateByProtocol, readTestRecords } from '../../../analysis/evaluate-classification.ts';
import { evaluateLocally, type Labelled } from '../../../analysis/local-learning.ts';
import { logLine, modelCard } from '../../../analysis/model-card.ts';
import { type ClassifierKind, modelInputs, trainBeatClassifier } from '../../../analysis/recipe.ts';
import { protocols, protocolVariant, recordSet } from '../../../learn/protocol.ts';
import { makeFolder } from '../../../node/make-folder.ts';
import type { RunFiles } from '../../../node/run-files.ts';
import { print, printJson, researchNotice } from '../../output.ts';
import { startProgress } from '../../progress.ts';
import { localText, protocolText } from '../../protocol-text.ts';

export interface ProtocolRun {
  readonly protocol: keyof typeof protocols;
  readonly kind: ClassifierKind;
  readonly beats: 'annotations' | 'detected';
  readonly classMap: 'machine-learning' | 'ec57';
  /** Whether features and decisions depend on the past of a record only. */
  readonly causal: boolean;
  readonly seeds: number;
  /** Log file, to which a dated line is appended. */
  readonly log: string;
  readonly card: string | undefined;
  /** Whether to adapt to labelled beats of the test records as well. */
  readonly labelled: boolean;
  readonly json: boolean;
}

/** Numbers of labelled beats per record used for adaptation. */
const amounts: readonly Labelled[] = [0, 5, 20, 'five minutes'];

/** Trains, tests, logs the evaluation on the test records, and prints. */
export async function runProtocol(values: ProtocolRun, files: RunFiles): Promise<void> {
  if (values.card !== undefined) await files.check(values.card);
  const protocol = protocolVariant(
    protocols[values.protocol],
    values.classMap === 'ec57' ? 'ec57' : 'deChazal',
    values.causal ? 'past' : 'record',
  );
  const source = files.source();
  const inputs = modelInputs(values.kind);
  const count = protocol.training.length + protocol.test.length;
  const reading = startProgress('reading', count);
  const training = await readBeatDataset(source, recordSet(protocol.training.join(), protocol.database), {
    lead: protocol.leads[0]!,
    ...{ inputs, classMap: protocol.classMap, context: protocol.context },
    onRecord: (done, record) => reading.update(done, record),
  });
  const tests = await readTestRecords(source, protocol, {
    ...{ beats: values.beats, inputs },
    onRecord: (done, record) => reading.update(protocol.training.length + done, record),
  });
  reading.stop();
  const seeds = Array.from({ length: values.seeds }, (_, k) => k + 1);
  const progress = startProgress('training', seeds.length);
  const models = seeds.map((seed, done) => {
    progress.update(done, `seed ${seed}`);
    return trainBeatClassifier(values.kind, training, seed);
  });
  progress.stop();
  const report = evaluateByProtocol(protocol, models, tests, { model: values.kind, beats: values.beats });
  const local = values.labelled
    ? amounts.map(labelled => evaluateLocally(models, tests, labelled, protocol.context))
    : [];
  await makeFolder(dirname(values.log));
  await appendFile(values.log, logLine(report, new Date(), local));
  if (values.card !== undefined) {
    await files.write(values.card, modelCard(report, local));
    await files.commit();
  }
  if (values.json) printJson(values.labelled ? { ...report, local } : report);
  else
    print(
      [protocolText(report), ...(values.labelled ? [localText(local)] : []), researchNotice].join('\n\n'),
    );
}
