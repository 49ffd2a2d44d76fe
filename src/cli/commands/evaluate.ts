/** `evaluate`: holds what is computed against reference annotations: one command for each thing evaluated. */
import type { CommandGroup } from '../command.ts';

export const command: CommandGroup = {
  name: 'evaluate',
  summary: 'How good the results are, against reference annotations.',
  commands: {
    detection: async () => (await import('./evaluate/detection.ts')).command,
    delineation: async () => (await import('./evaluate/delineation.ts')).command,
    hearts: async () => (await import('./evaluate/hearts.ts')).command,
    classification: async () => (await import('./evaluate/classification.ts')).command,
  },
};
