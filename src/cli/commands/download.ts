/** `download`: fetches a PhysioNet database, or some of its records, to disk. */
import { join } from 'node:path';
import { databaseFiles, databaseUrl, downloadFiles } from '../../node/database.ts';
import { loginHeaders } from '../../node/http-login.ts';
import { withoutCredentials } from '../../printable.ts';
import { WfdbError } from '../../wfdb/errors.ts';
import { defineCommand } from '../command.ts';
import { defaultsTo, number, type Option, required, UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { print, printError, printJson } from '../output.ts';
import { startProgress } from '../progress.ts';

const url: Option<string | undefined> = {
  value: 'URL',
  says: 'where its files are; default https://physionet.org/files/DB/VERSION/',
  absent: undefined,
  read: given => {
    if (/^https?:/.test(given) && URL.canParse(given)) return given;
    throw new UsageError('--url takes a URL that begins with http:// or https://');
  },
};

export const command = defineCommand({
  name: 'download',
  takes: ['DB', 'RECORD…'],
  summary:
    'Downloads a PhysioNet database to DIR/DB, all of it or only the records named (100, data/1). What is there already is kept, what was cut short is gone on with, and each file is held against SHA256SUMS.txt where that is published. Afterwards WFDB=DIR makes DB/RECORD a record name for the other commands.',
  arguments: [['DB', 'e.g. mitdb (newest version) or mitdb/1.0.0']],
  options: {
    dir: required({ ...shared.dir, says: 'where the folder of the database goes' }),
    url,
    retries: defaultsTo(
      number('N', 'further tries after a failure that may pass', { least: 0, whole: true }),
      5,
    ),
    timeout: defaultsTo(
      number('S', 'seconds of silence after which a request is given up', { above: 0 }),
      30,
    ),
    json: shared.json,
  },
  notes: ['Example: upstroke download mitdb 100 208 --dir data'],
  async run(values, [database = '', ...records]) {
    if (!/^\w[\w.-]*(\/\d+(\.\d+)*)?$/.test(database)) {
      throw new UsageError(`a database is named like mitdb or mitdb/1.0.0, not '${database}'`);
    }
    const tries = { retries: values.retries, timeoutMs: 1000 * values.timeout };
    const from = values.url ?? (await databaseUrl(database, undefined, tries));
    const patience = { ...tries, headers: loginHeaders(from) };
    const folder = join(values.dir, database.split('/')[0]!);
    const { files, failures: unknown } = await databaseFiles(from, records, patience);
    const progress = startProgress(database, files.length);
    const { failures: lost, ...summary } = await downloadFiles(
      from,
      folder,
      files,
      patience,
      progress.update,
    ).finally(progress.stop);
    const failures = [...unknown, ...lost];
    const failed = failures.map(({ name, error }) => ({ name, error: error.message }));
    if (values.json) printJson({ url: withoutCredentials(from), folder, ...summary, failed });
    else {
      const { downloaded, present, verified } = summary;
      print(`${folder}: ${downloaded} files downloaded, ${present} there already, ${verified} sums verified`);
      for (const { error } of failed.slice(1)) printError(`error: ${error}`);
    }
    const first = failures[0]?.error;
    if (first instanceof WfdbError) throw first;
    return 0;
  },
});
