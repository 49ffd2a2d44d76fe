/** Reading the decision rule of a classifier from JSON. */
import type { Decision } from '../decision.ts';
import type { SimilarBeats } from '../similar-beats.ts';
import { listAt, ModelError, numberAt, objectAt, oneOfAt, stringAt, wholeAt } from './json-validation.ts';

/** The decision rule at `model.decision`. Throws `ModelError` with the path of an invalid value. */
export function decisionAt(value: unknown, classes: readonly string[]): Decision {
  const at = 'model.decision';
  const root = objectAt(value, at);
  const gate = objectAt(root.rhythmGate, `${at}.rhythmGate`);
  const point = objectAt(root.operatingPoint, `${at}.operatingPoint`);
  const share = numberAt(point.share, `${at}.operatingPoint.share`);
  const strength = numberAt(point.strength, `${at}.operatingPoint.strength`);
  const exponent = numberAt(gate.exponent, `${at}.rhythmGate.exponent`);
  if (!(share > 0 && share < 1 && strength > 0 && exponent >= 0)) {
    throw new ModelError(`${at}: expected a share within 0 to 1, a strength above 0, an exponent from 0`);
  }
  return {
    rhythmGate: {
      from: oneOfAt(gate.from, classes, `${at}.rhythmGate.from`),
      to: oneOfAt(gate.to, classes, `${at}.rhythmGate.to`),
      exponent,
    },
    operatingPoint: { class: oneOfAt(point.class, classes, `${at}.operatingPoint.class`), share, strength },
    ...(root.similarBeats === undefined ? {} : { similarBeats: similarBeatsAt(root.similarBeats, classes) }),
  };
}

function similarBeatsAt(value: unknown, classes: readonly string[]): SimilarBeats {
  const at = 'model.decision.similarBeats';
  const root = objectAt(value, at);
  const features = listAt(root.features, `${at}.features`).map((entry, k) => {
    const feature = objectAt(entry, `${at}.features[${k}]`);
    return {
      name: stringAt(feature.name, `${at}.features[${k}].name`),
      scale: numberAt(feature.scale, `${at}.features[${k}].scale`),
    };
  });
  const width = numberAt(root.width, `${at}.width`);
  const share = numberAt(root.share, `${at}.share`);
  if (!(features.length > 0 && features.every(({ scale }) => scale > 0))) {
    throw new ModelError(`${at}: expected features with scales above 0`);
  }
  if (!(width > 0 && share >= 0 && share <= 1)) {
    throw new ModelError(`${at}: expected a width above 0 and a share within 0 to 1`);
  }
  return {
    class: oneOfAt(root.class, classes, `${at}.class`),
    ...{ features, width, reach: wholeAt(root.reach, 1, `${at}.reach`), share },
  };
}
