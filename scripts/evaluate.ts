/** Holds what is computed against reference annotations: one subcommand for each thing evaluated. */
import { runCommand, UsageError } from '../src/cli/command.ts';
import { classification } from './evaluate/classification.ts';
import { delineation } from './evaluate/delineation.ts';
import { detection } from './evaluate/detection.ts';

const subcommands: Readonly<Record<string, () => Promise<void>>> = {
  detection: () => runCommand(detection),
  delineation: () => runCommand(delineation),
  classification: () => runCommand(classification),
};

const help = `
evaluate WHAT [options]: how good the results are, against reference annotations

  detection           QRS detection, after ANSI/AAMI EC57
  delineation         P, QRS and T boundaries, per lead
  classification      a trained beat classifier

evaluate WHAT --help shows the options.
`;

const [what = ''] = process.argv.slice(2);
if (Object.hasOwn(subcommands, what)) await subcommands[what]!();
else {
  await runCommand({
    help,
    options: {},
    async run() {
      throw new UsageError(`evaluate takes one of ${Object.keys(subcommands).join(', ')}, not '${what}'`);
    },
  });
}
