/** The beats of the sample recording as the detector finds them and the sample model classifies them. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ClassifiedBeats, classifyBeats } from '../../src/analysis/classify.ts';
import { type LeadBeats, readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { parseModel } from '../../src/learn/model/model-json.ts';
import { fileSource } from '../../src/node/files.ts';

const samples = resolve(import.meta.dirname, '../../samples');
export const model = parseModel(readFileSync(`${samples}/model-ds1-without-208.json`, 'utf8'));

export async function classifiedExcerpt(): Promise<{
  readonly beats: LeadBeats;
  readonly classified: ClassifiedBeats;
}> {
  const beats = await readLeadBeats(fileSource([samples]), 'mitdb-208-excerpt', {
    lead: 'MLII',
    beats: 'detector',
  });
  return { beats, classified: classifyBeats(model, beats) };
}
