/** `view`: serves the workbench on the loopback interface, with records of the search path. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../input-error.ts';
import { splitSearchPath } from '../../node/search-path.ts';
import { startViewServer } from '../../node/view-server.ts';
import { defineCommand } from '../command.ts';
import { number } from '../option.ts';
import { print, researchNotice } from '../output.ts';

/** This file is three folders below the package root in both `src` and `dist`. */
const folder = fileURLToPath(new URL('../../../dist/workbench', import.meta.url));

export const command = defineCommand({
  name: 'view',
  takes: ['RECORD…'],
  summary: 'Serves the workbench on 127.0.0.1, with records of the search path or the built-in sample.',
  arguments: [['RECORD', 'on the WFDB search path, e.g. mitdb/208; also a table or an EDF file there']],
  options: {
    port: number('N', 'port to listen on; default: any free port', { least: 0, most: 65535, whole: true }),
  },
  notes: [
    'Prints the URL of each record. Listens on the loopback interface only, and writes only new annotation files next to their record. Ctrl-C ends it.',
    researchNotice,
  ],
  async run(values, records, files) {
    if (!existsSync(folder))
      throw new InputError('the workbench is not built: run `npm run build:view` first');
    const server = await startViewServer({
      folder,
      ...(values.port !== undefined && { port: values.port }),
      source: files.source(),
      recordFolders: splitSearchPath(process.env.WFDB ?? '').filter(entry => !/^https?:/.test(entry)),
    });
    if (records.length === 0) print(server.url);
    for (const record of records) {
      print(`${server.url}#${new URLSearchParams({ record: server.recordUrl(record) })}`);
    }
    print(`${researchNotice} Ctrl-C ends it.`);
    await new Promise<void>(resolve => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    await server.close();
    return 0;
  },
});
