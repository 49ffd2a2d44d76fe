/** Downloads a PhysioNet database, or some of its records, to disk. */
import { join } from 'node:path';
import { numberOption, runCommand, UsageError } from '../src/cli/command.ts';
import { startProgress } from '../src/cli/progress.ts';
import { databaseFiles, databaseUrl, downloadFiles } from '../src/node/database.ts';
import { loginHeaders } from '../src/node/http-login.ts';
import { WfdbError, withoutCredentials } from '../src/wfdb/errors.ts';

await runCommand({
  help: `
Usage: npx tsx scripts/download.ts DB [RECORD…] --dir DIR [options]

Downloads a PhysioNet database to DIR/DB, all of it or only the records named (100, data/1). What is there already is
kept, what was cut short is gone on with, and each file is held against SHA256SUMS.txt where that is published.
Afterwards WFDB=DIR makes DB/RECORD a record name for the other scripts.

  DB             e.g. mitdb (newest version) or mitdb/1.0.0
  --dir DIR      where the database's folder goes
  --url URL      where its files are; default https://physionet.org/files/DB/VERSION/
  --retries N    further tries after a failure that may pass; default 5
  --timeout S    seconds of silence after which a request is given up; default 30
  --json         print the result as JSON

Example: npx tsx scripts/download.ts mitdb 100 208 --dir data`,
  options: {
    dir: { type: 'string' },
    url: { type: 'string' },
    retries: { type: 'string', default: '5' },
    timeout: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
  },
  async run(values, [database, ...records]) {
    if (database === undefined) throw new UsageError('which database?');
    if (!/^\w[\w.-]*(\/\d+(\.\d+)*)?$/.test(database)) {
      throw new UsageError(`a database is named like mitdb or mitdb/1.0.0, not '${database}'`);
    }
    if (values.dir === undefined) throw new UsageError('--dir says where the files go');
    if (values.url !== undefined && !(/^https?:/.test(values.url) && URL.canParse(values.url))) {
      throw new UsageError(
        `--url takes a URL that begins with http:// or https://, not '${withoutCredentials(values.url)}'`,
      );
    }
    const retries = numberOption('retries', values.retries);
    const timeoutMs = 1000 * numberOption('timeout', values.timeout);
    if (!(retries >= 0)) throw new UsageError(`--retries takes 0 or more, not ${retries}`);
    if (!(timeoutMs > 0)) throw new UsageError(`--timeout takes more than 0 s, not ${values.timeout}`);
    const url = values.url ?? (await databaseUrl(database, undefined, { retries, timeoutMs }));
    const patience = { retries, timeoutMs, headers: loginHeaders(url) };
    const folder = join(values.dir, database.split('/')[0]!);
    const { files, failures: unknown } = await databaseFiles(url, records, patience);
    const progress = startProgress(database, files.length);
    const { failures: lost, ...summary } = await downloadFiles(
      url,
      folder,
      files,
      patience,
      progress.update,
    ).finally(progress.stop);
    const failures = [...unknown, ...lost];
    const failed = failures.map(({ name, error }) => ({ name, error: error.message }));
    if (values.json) {
      console.log(JSON.stringify({ url: withoutCredentials(url), folder, ...summary, failed }));
    } else {
      const { downloaded, present, verified } = summary;
      console.log(
        `${folder}: ${downloaded} files downloaded, ${present} there already, ${verified} sums verified`,
      );
      for (const { error } of failed.slice(1)) console.error(`error: ${error}`);
    }
    const first = failures[0]?.error;
    if (first instanceof WfdbError) throw first;
  },
});
