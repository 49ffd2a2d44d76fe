/** Every differentiable operation, by name. The gradient check walks this table, so none can be added unchecked. */
import { arithmeticRows } from './arithmetic.ts';
import { arrangementRows } from './arrangement.ts';
import { productRows } from './product.ts';

export const primitives = { ...arithmeticRows, ...arrangementRows, ...productRows } as const;
