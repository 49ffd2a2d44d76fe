/** A model is applied only to the features it was trained on. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { classifyBeats, requireBeatModel } from '../../src/analysis/classify.ts';
import { readLeadBeats } from '../../src/analysis/lead-beats.ts';
import { featureDefinition } from '../../src/beat/features/feature-definition.ts';
import { ModelError, parseModel } from '../../src/learn/model/model-json.ts';
import { fileSource } from '../../src/node/files.ts';

const samples = resolve(import.meta.dirname, '../../samples');
const text = readFileSync(`${samples}/model-ds1-without-208.json`, 'utf8');
const model = parseModel(text);

describe('the model and the features', () => {
  test('of this version go together', () => {
    expect(() => requireBeatModel(model)).not.toThrow();
  });
  test('a model of another window is refused, and the message names the window', () => {
    const { scheme, ...constants } = model.definition!.constants;
    const definition = {
      ...featureDefinition(),
      constants: { ...constants, scheme: { ...(scheme as object), windowMs: 40 } },
      fingerprint: 'of another window',
    };
    expect(() => requireBeatModel({ ...model, definition })).toThrow(/windowMs is 40 there, 12 here/);
  });
  test('a model that does not say what its features are is refused', () => {
    const { definition: _, ...without } = model;
    expect(() => requireBeatModel(without)).toThrow(/has no feature definition/);
  });
  test('features that the definition does not have, or in another unit, are refused', () => {
    const [first, second, ...rest] = model.features;
    const inMicrovolts = [{ ...first!, unit: 'uV' }, second!, ...rest];
    expect(() => requireBeatModel({ ...model, features: inMicrovolts })).toThrow(/is in 'uV'/);
    const unknown = [{ ...first!, name: 'heart sound' }, second!, ...rest];
    expect(() => requireBeatModel({ ...model, features: unknown })).toThrow(/does not have/);
  });

  test('a definition edited in the file is refused when the file is read', () => {
    const edited = text.replace('"windowMs": 12', '"windowMs": 40');
    expect(edited).not.toBe(text);
    expect(() => parseModel(edited)).toThrow(ModelError);
  });
});

test('classes on a lead the model was not made for come with a note', async () => {
  const read = (lead: string) =>
    readLeadBeats(fileSource([samples]), 'synth/twelve', { lead, beats: { annotator: 'atr' } });
  expect(classifyBeats(model, await read('II')).notes).toEqual([]);
  expect(classifyBeats(model, await read('V5')).notes).toEqual([
    expect.stringMatching(/lead MLII or II, not for V5/),
  ]);
});
