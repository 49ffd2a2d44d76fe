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
  weights: [-0.44121, -0.55374, -0.51969, -0.31742, 0.067447, 0.4213, 0.25206, -0.038599, -3.4669],
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
  weights: [0.26271, 0.34407, 0.25945, -0.079905, -0.58308, -0.6779, -0.56128, -2.1503, -1.4218],
};

export const pPeakModel: PeakModel = {
  lineMs: 28,
  first: -430,
  last: -20,
  usual: -115,
  spread: 90,
  reaches: [24, 48, 80],
  weights: [-7.8883, -6.9255, 0.66854, 0.49161, 0.51673, 0.059418],
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
    -0.16796, -0.1999, -0.17897, -0.18828, 0.025132, 0.62156, 0.29477, 0.089648, 0.14479, -9.0013, -8.062,
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
    0.070087, -0.093785, 0.011842, 0.4014, 0.1189, -0.30523, -0.26258, -0.10043, 0.20741, 8.7623, -8.6132,
  ],
};

export const tPeakModel: PeakModel = {
  lineMs: 28,
  first: 80,
  last: 700,
  usual: 270,
  spread: 180,
  reaches: [60, 120, 200],
  weights: [-9.9032, -9.216, 1.1884, 0.19802, 0.41898, 0.064182],
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
    0.070118, -0.1547, -0.32609, -0.41465, -0.13854, 0.34256, 0.26238, 0.15262, -0.062823, -6.9799, -3.5038,
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
    -0.1554, 0.029109, 0.30922, 0.37472, 0.10189, -0.38565, -0.36108, -0.31566, -0.27093, 6.7485, -4.7521,
  ],
};

export const pPresenceWeights: PresenceWeights = [7.2627, -0.17189, 0.16288, -2.3055, -1.8096];
