/** Serves the workbench on this machine, with a record of the search path open in it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runCommand, UsageError, wholeOption } from '../src/cli/command.ts';
import { InputError } from '../src/input-error.ts';
import { searchPathSource, splitSearchPath } from '../src/node/search-path.ts';
import { startViewServer } from '../src/node/view-server.ts';

const help = `
view [RECORD] [options]: the workbench on http://127.0.0.1, with a record of the search path or the built-in sample

  RECORD       on the WFDB search path (environment variable WFDB), e.g. mitdb/208; also a .csv or .edf file there
  --port N     default any free one

The server listens on loopback alone and writes nothing but new annotation files beside their record. Ctrl-C ends it.
Research use only, not for diagnosis.
`;

const folder = fileURLToPath(new URL('../dist/workbench', import.meta.url));

await runCommand({
  help,
  options: { port: { type: 'string' } },
  async run(values, positionals) {
    if (positionals.length > 1) throw new UsageError(`view takes one record, not ${positionals.length}`);
    if (!existsSync(folder))
      throw new InputError('the workbench is not built: run `npm run build:view` first');
    const server = await startViewServer({
      folder,
      port: values.port === undefined ? 0 : wholeOption('port', values.port, 0),
      source: searchPathSource(),
      recordFolders: splitSearchPath(process.env.WFDB ?? '').filter(entry => !/^https?:/.test(entry)),
    });
    const [record] = positionals;
    const hash = record === undefined ? '' : `#${new URLSearchParams({ record: server.recordUrl(record) })}`;
    console.log(`${server.url}${hash}`);
    console.log('Research use only, not for diagnosis. Ctrl-C ends it.');
    await new Promise<void>(resolve => process.once('SIGINT', resolve).once('SIGTERM', resolve));
    await server.close();
  },
});
