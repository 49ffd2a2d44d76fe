/** `queue`: commands for the queue of batches. */
import type { CommandGroup } from '../command.ts';

export const command: CommandGroup = {
  name: 'queue',
  summary: 'Shows the state of the queue of batches.',
  commands: { status: async () => (await import('./queue/status.ts')).command },
};
