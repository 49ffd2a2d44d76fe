/** `queue`: looks into the queue of batches. */
import type { CommandGroup } from '../command.ts';

export const command: CommandGroup = {
  name: 'queue',
  summary: 'The queue of batches: how it goes.',
  commands: { status: async () => (await import('./queue/status.ts')).command },
};
