/** `download`: downloads a PhysioNet database, or some of its records. */
import { join } from 'node:path';
import { databaseFiles, databaseUrl, downloadFiles } from '../../node/database.ts';
import { loginHeaders } from '../../node/http-login.ts';
import { withoutCredentials } from '../../printable.ts';
import { WfdbError } from '../../wfdb/errors.ts';
import { defineCommand } from '../command.ts';
import { defaultsTo, number, type Option, required, UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { counted, print, printError, printJson } from '../output.ts';
import { startProgress } from '../progress.ts';

const url: Option<string | undefined> = {
  value: 'URL',
  says: 'URL of its files; default https://physionet.org/files/DB/VERSION/',
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
    'Downloads a PhysioNet database, or the named records of it (100, data/1), to DIR/DB. Existing files are kept, interrupted downloads are resumed, and files are verified against SHA256SUMS.txt if it is published. With WFDB=DIR the other commands then accept DB/RECORD as record name.',
  arguments: [['DB', 'e.g. mitdb (newest version) or mitdb/1.0.0']],
  options: {
    dir: required({ ...shared.dir, says: 'folder in which the database folder is created' }),
    url,
    retries: defaultsTo(
      number('N', 'number of retries after a temporary failure', { least: 0, whole: true }),
      5,
    ),
    timeout: defaultsTo(
      number('S', 'seconds without data after which a request is aborted', { above: 0 }),
      30,
    ),
    json: shared.json,
  },
  notes: ['Example: upstroke download mitdb 100 208 --dir data'],
  async run(values, [database = '', ...records]) {
    if (!/^\w[\w.-]*(\/\d+(\.\d+)*)?$/.test(database)) {
      throw new UsageError(`a database name such as mitdb or mitdb/1.0.0 is needed, not '${database}'`);
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
      print(
        `${folder}: ${counted(downloaded, 'file')} downloaded, ${present} there already, ${counted(verified, 'sum')} verified`,
      );
      for (const { error } of failed.slice(1)) printError(`error: ${error}`);
    }
    const first = failures[0]?.error;
    if (first instanceof WfdbError) throw first;
    return 0;
  },
});
