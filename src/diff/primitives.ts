/** Every differentiable operation, by name. The gradient check walks this table, so none can be added unchecked. */
import { arithmeticRows } from './arithmetic.ts';
import { arrangementRows } from './arrangement.ts';
import { broadcastRows } from './broadcast.ts';
import { convolutionRows } from './convolution.ts';
import { scanRows } from './cumulative-sum.ts';
import { elementwiseRows } from './elementwise.ts';
import { lossRows } from './loss.ts';
import { poolingRows } from './pooling.ts';
import { productRows } from './product.ts';
import { reductionRows } from './reduction.ts';

export const primitives = {
  ...broadcastRows,
  ...arithmeticRows,
  ...elementwiseRows,
  ...reductionRows,
  ...arrangementRows,
  ...productRows,
  ...scanRows,
  ...convolutionRows,
  ...poolingRows,
  ...lossRows,
} as const;
