/** `evaluate`: compares results with reference annotations, one command per kind of result. */
import type { CommandGroup } from '../command.ts';

export const command: CommandGroup = {
  name: 'evaluate',
  summary: 'Compares results with reference annotations.',
  commands: {
    detection: async () => (await import('./evaluate/detection.ts')).command,
    delineation: async () => (await import('./evaluate/delineation.ts')).command,
    hearts: async () => (await import('./evaluate/hearts.ts')).command,
    rhythm: async () => (await import('./evaluate/rhythm.ts')).command,
    explanations: async () => (await import('./evaluate/explanations.ts')).command,
    classification: async () => (await import('./evaluate/classification.ts')).command,
  },
};
