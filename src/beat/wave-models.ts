/**
 * Borders and peaks of P, QRS and T as cardiologists marked them in records 1-100 of the Lobachevsky University Database
 * (Kalyakulina et al., IEEE Access 8:186181–186190, 2020; ODC-By 1.0). Written by scripts/fit-delineation.ts.
 */
import type { BoundaryModel } from './boundary-model.ts';

export const qrsOnsetModel: BoundaryModel = {
  lineMs: 16,
  step: 4,
  unitFrom: -80,
  unitTo: 80,
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
  first: -152,
  last: -4,
  weights: [-0.64561, -0.66328, -0.54918, -0.39385, 0.028475, 0.34497, 0.29477, 0.68408, -3.8365],
};

export const qrsOffsetModel: BoundaryModel = {
  lineMs: 16,
  step: 4,
  unitFrom: -80,
  unitTo: 80,
  edges: [-80, -48, -24, -8, 8, 24, 48, 80],
  first: 4,
  last: 220,
  weights: [0.25447, 0.29009, 0.20309, -0.14141, -0.79197, -0.93083, -0.78007, -3.2462, -1.4685],
};

export const pPeakModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  first: -240,
  last: -20,
  unitFrom: -260,
  unitTo: -10,
  weights: [
    -0.16602, -0.03137, 0.39802, 0.58567, 0.065631, 0.56774, 0.52155, 0.079816, -0.036432, -10.863, -4.4357,
  ],
};

export const pOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  first: -100,
  last: -12,
  unitFrom: -60,
  unitTo: 60,
  weights: [
    -0.16713, -0.2033, -0.18617, -0.19017, 0.024553, 0.62343, 0.29531, 0.087857, 0.14116, -8.9677, -8.0088,
  ],
};

export const pOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  first: 12,
  last: 100,
  unitFrom: -60,
  unitTo: 60,
  weights: [
    0.069474, -0.088081, 0.018549, 0.40317, 0.11956, -0.3072, -0.26602, -0.097473, 0.20097, 8.6238, -8.507,
  ],
};

export const tPeakModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  first: 120,
  last: 560,
  unitFrom: 100,
  unitTo: 560,
  weights: [
    -0.019442, 0.3298, 0.54475, 0.26261, -0.31402, 0.18929, 0.69976, 0.30721, -0.11909, 7.2799, -1.3136,
  ],
};

export const tOnsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  first: -220,
  last: -20,
  unitFrom: -120,
  unitTo: 120,
  weights: [
    0.072465, -0.15268, -0.32745, -0.41604, -0.14113, 0.34197, 0.25992, 0.15125, -0.063643, -6.9172, -3.4927,
  ],
};

export const tOffsetModel: BoundaryModel = {
  lineMs: 28,
  step: 4,
  edges: [-120, -80, -48, -24, -8, 8, 24, 48, 80, 120],
  first: 20,
  last: 200,
  unitFrom: -120,
  unitTo: 120,
  weights: [
    -0.16237, 0.025422, 0.31438, 0.37709, 0.10287, -0.3843, -0.3608, -0.31841, -0.27382, 6.6351, -4.6573,
  ],
};
