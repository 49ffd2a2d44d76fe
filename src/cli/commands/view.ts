/** `view`: serves the workbench on the loopback interface, with records of the search path. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findContainer } from '../../analysis/open-recording.ts';
import { InputError } from '../../input-error.ts';
import { splitSearchPath } from '../../node/search-path.ts';
import { type OpenedRecording, startViewServer } from '../../node/view-server.ts';
import { workbenchFolder } from '../../node/workbench-folder.ts';
import { WfdbError } from '../../wfdb/errors.ts';
import { type Source, sizeOf } from '../../wfdb/source.ts';
import { defineCommand } from '../command.ts';
import { number } from '../option.ts';
import { print, researchNotice } from '../output.ts';

export const command = defineCommand({
  name: 'view',
  takes: ['RECORD…'],
  summary: 'Serves the workbench on 127.0.0.1, with recordings or the built-in sample.',
  arguments: [
    ['RECORD', 'on the WFDB search path, e.g. mitdb/208; or the path of a recording in any container'],
  ],
  options: {
    port: number('N', 'port to listen on; default: any free port', { least: 0, most: 65535, whole: true }),
  },
  notes: [
    'Prints the URL of each record. Listens on the loopback interface only, and writes only new annotation files, next to records of the search path and the recordings it was given. Ctrl-C ends it.',
    researchNotice,
  ],
  async run(values, records, files) {
    if (!existsSync(workbenchFolder))
      throw new InputError('the workbench is not built: run `npm run build:view` first');
    const onPath = files.source();
    const elsewhere: Source[] = [];
    const names: string[] = [];
    const opened: OpenedRecording[] = [];
    const recordFolders = splitSearchPath(process.env.WFDB ?? '').filter(entry => !/^https?:/.test(entry));
    for (const record of records) {
      const { source, name, folder } = await files.recording(record);
      // A recording that cannot be opened is an error at the start.
      const found = await findContainer(source, name);
      const isPlaced = name === record && (await isOnPath(onPath, found.name));
      const shown = isPlaced ? found.name : `@${elsewhere.push(source)}/${found.name}`;
      names.push(shown);
      const place = folder ?? recordFolders.find(entry => existsSync(join(entry, found.name)));
      if (place !== undefined) opened.push({ name: shown, folder: place, file: found.name });
    }
    const server = await startViewServer({
      folder: workbenchFolder,
      ...(values.port !== undefined && { port: values.port }),
      source: sourceWith(onPath, elsewhere),
      recordFolders,
      opened,
    });
    if (records.length === 0) print(server.url);
    for (const name of names) {
      print(`${server.url}#${new URLSearchParams({ record: server.recordUrl(name) })}`);
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

async function isOnPath(source: Source, name: string): Promise<boolean> {
  try {
    await findContainer(source, name);
    return true;
  } catch (error) {
    if (error instanceof WfdbError && (error.code === 'not-found' || error.code === 'outside')) return false;
    throw error;
  }
}

/** The files of the search path, and under `@1/`, `@2/`, … those of other places. */
function sourceWith(onPath: Source, elsewhere: readonly Source[]): Source {
  const placed = (name: string): readonly [Source, string] => {
    const [, number, rest] = /^@(\d+)\/(.*)$/s.exec(name) ?? [];
    const source = elsewhere[Number(number) - 1];
    return source === undefined ? [onPath, name] : [source, rest!];
  };
  return {
    read(name, from, to) {
      const [source, own] = placed(name);
      return source.read(own, from, to);
    },
    size(name) {
      const [source, own] = placed(name);
      return sizeOf(source, own);
    },
  };
}
