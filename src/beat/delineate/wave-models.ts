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
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
  first: -152,
  last: -4,
  weights: [-0.64208, -0.65808, -0.5448, -0.39084, 0.032181, 0.34998, 0.2979, 0.66365, -3.7648],
};

export const qrsOffsetModel: BoundaryModel = {
  lineMs: 16,
  step: 4,
  unitFrom: -80,
  unitTo: 80,
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
  first: 4,
  last: 220,
  weights: [0.25426, 0.29241, 0.2048, -0.13921, -0.78965, -0.92732, -0.77372, -3.1484, -1.4966],
};

export const pPeakModel: PeakModel = {
  lineMs: 28,
  first: -240,
  last: -20,
  reaches: [24, 48, 80],
  weights: [-9.8097, -4.1305, 0.42986, 0.86222, 0.62505],
};

export const pOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -60,
  unitTo: 60,
  first: -100,
  last: -12,
  weights: [
    -0.15439, -0.19485, -0.17861, -0.18996, 0.023969, 0.61999, 0.2906, 0.082472, 0.13623, -9.0453, -8.0881,
  ],
};

export const pOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -60,
  unitTo: 60,
  first: 12,
  last: 100,
  weights: [
    0.075447, -0.080475, 0.022061, 0.40524, 0.12108, -0.30388, -0.26295, -0.097804, 0.19861, 8.7692, -8.6502,
  ],
};

export const tPeakModel: PeakModel = {
  lineMs: 28,
  first: 100,
  last: 600,
  reaches: [60, 120, 200],
  weights: [5.2405, -0.98002, 1.241, 0.28924, 0.51264],
};

export const tOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -120,
  unitTo: 120,
  first: -220,
  last: -20,
  weights: [
    0.073597, -0.15149, -0.32722, -0.41676, -0.14082, 0.3405, 0.26065, 0.15019, -0.065802, -6.8197, -3.4534,
  ],
};

export const tOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  unitFrom: -120,
  unitTo: 120,
  first: 20,
  last: 200,
  weights: [
    -0.16295, 0.022556, 0.30777, 0.3728, 0.10159, -0.38644, -0.36471, -0.3226, -0.27687, 6.7558, -4.7643,
  ],
};

export const pPresenceWeights: PresenceWeights = [7.5421, -0.24786, -2.6486];
