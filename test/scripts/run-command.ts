/** Runs a command in this process, as a person would call it, and gives back what it printed and how it ended. */
import { vi } from 'vitest';
import { runCommand } from '../../src/cli/run-command.ts';
import { upstroke } from '../../src/cli/upstroke.ts';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `words` are those after `upstroke`; `environment` holds for the call. A defect, which has no exit code, is thrown. */
export async function run(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map(stream =>
    vi.spyOn(process[stream], 'write').mockImplementation(chunk => {
      printed[stream] += String(chunk);
      return true;
    }),
  );
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  try {
    return { status: await runCommand(upstroke, words), ...printed };
  } finally {
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}
