/**
 * Borders and peaks of P, QRS and T as cardiologists marked them in records 1-100 of the Lobachevsky University Database
 * (Kalyakulina et al., IEEE Access 8:186181–186190, 2020; ODC-By 1.0). Written by scripts/fit-delineation.ts.
 */
import type { BoundaryModel } from './boundary-model.ts';
import type { PresenceWeights } from './p-presence.ts';
import type { PeakModel } from './wave-peak.ts';

export const qrsOnsetModel: BoundaryModel = {
  lineMs: 16,
  step: 4,
  unitFrom: -80,
  unitTo: 80,
  unitQuantile: 0.85,
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
  first: -152,
  last: -4,
  weights: [-0.4422, -0.55383, -0.51599, -0.31414, 0.069481, 0.42534, 0.25583, -0.047718, -3.4104],
};

export const qrsOffsetModel: BoundaryModel = {
  lineMs: 16,
  step: 4,
  unitFrom: -80,
  unitTo: 80,
  unitQuantile: 0.85,
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
  first: 4,
  last: 220,
  weights: [0.26255, 0.34242, 0.25752, -0.082261, -0.5844, -0.68155, -0.56263, -2.2423, -1.4022],
};

export const pPeakModel: PeakModel = {
  lineMs: 28,
  first: -430,
  last: -20,
  usual: -115,
  spread: 90,
  reaches: [24, 48, 80],
  weights: [-7.886, -6.8552, 0.66559, 0.49593, 0.52721, 0.05536],
};

export const pOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -60,
  unitTo: 60,
  unitQuantile: 1,
  first: -100,
  last: -12,
  weights: [
    -0.16978, -0.20535, -0.18685, -0.19309, 0.022897, 0.62211, 0.29649, 0.099136, 0.14756, -8.9792, -8.0326,
  ],
};

export const pOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -60,
  unitTo: 60,
  unitQuantile: 1,
  first: 12,
  last: 100,
  weights: [
    0.082631, -0.076604, 0.028496, 0.40964, 0.1271, -0.29924, -0.25905, -0.092795, 0.20299, 8.8701, -8.8156,
  ],
};

export const tPeakModel: PeakModel = {
  lineMs: 28,
  first: 80,
  last: 700,
  usual: 270,
  spread: 180,
  reaches: [60, 120, 200],
  weights: [-9.7616, -9.1803, 1.1889, 0.19688, 0.41784, 0.065081],
};

export const tOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -120,
  unitTo: 120,
  unitQuantile: 1,
  first: -220,
  last: -20,
  weights: [
    0.072826, -0.15285, -0.32523, -0.41516, -0.14223, 0.33923, 0.25774, 0.14512, -0.071431, -6.7925, -3.4357,
  ],
};

export const tOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -120,
  unitTo: 120,
  unitQuantile: 1,
  first: 20,
  last: 200,
  weights: [
    -0.15979, 0.025412, 0.31151, 0.37628, 0.10387, -0.38477, -0.3587, -0.31298, -0.26859, 6.7842, -4.7491,
  ],
};

export const pPresenceWeights: PresenceWeights = [7.4555, -0.17307, 0.1549, -1.6099, -2.0222];
