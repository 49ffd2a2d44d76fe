/** `queue status`: job counts, throughput, and the failed jobs with their reasons. */
import { queueWords } from '../../../node/queue/connection.ts';
import { queueStatus } from '../../../node/queue/queue-status.ts';
import { defineCommand } from '../../command.ts';
import { shared } from '../../options.ts';
import { print, printJson } from '../../output.ts';
import { queueOption, queueUrl } from '../../queue-options.ts';
import { formatTable } from '../../table.ts';

export const command = defineCommand({
  name: 'queue status',
  takes: [],
  summary: 'Shows the numbers of waiting, active, completed and failed jobs, and the throughput.',
  options: { queue: queueOption, json: shared.json },
  async run(values) {
    const url = queueUrl(values.queue);
    const status = await queueStatus(url);
    if (values.json) {
      printJson(status);
      return 0;
    }
    const { waiting, active, delayed, completed, failed, workers, perMinute, setAside } = status;
    print(`${queueWords(url)}: ${workers} workers`);
    print(
      `${waiting} waiting, ${active} active, ${delayed} to be retried, ${completed} completed in the last hour, ${failed} failed`,
    );
    print(
      `completed in each of the last ${perMinute.length} minutes, most recent first: ${perMinute.join(' ')}`,
    );
    if (setAside.length > 0) {
      print(
        formatTable(
          [
            ['failed', 'reason', 'attempts'],
            ...setAside.map(of => [of.what, of.reason, String(of.attempts)]),
          ],
          2,
        ),
      );
    }
    return 0;
  },
});
