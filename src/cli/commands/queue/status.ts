/** `queue status`: what waits, what is done, how fast, and what was set aside with its reason. */
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
  summary: 'What waits in the queue, what is done, how fast, and what was set aside.',
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
      `${waiting} waiting, ${active} at work, ${delayed} to be tried again, ${completed} done in the last hour, ${failed} set aside`,
    );
    print(`done a minute, the latest first: ${perMinute.join(' ') || 'nothing yet'}`);
    if (setAside.length > 0) {
      print(
        formatTable(
          [
            ['set aside', 'reason', 'tries'],
            ...setAside.map(of => [of.what, of.reason, String(of.attempts)]),
          ],
          2,
        ),
      );
    }
    return 0;
  },
});
