/**
 * Computes the numbers and figures of docs/lessons from `samples/` and writes the lessons as one HTML page that opens
 * offline. `--update` writes the computed numbers into the texts and the figures next to them; without it, a text with
 * other numbers is an error.
 */
import { parseArgs } from 'node:util';
import { runLessons } from './lessons/run-lessons.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'out/lessons.html' },
    update: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  console.log(`usage: npm run lessons -- [--out FILE] [--update]

Computes the nine lessons from samples/ and writes them as one self-contained page.

  --out FILE  page to write; default out/lessons.html, an existing one is replaced
  --update    write the computed numbers into docs/lessons/*/*.md and the figures next to them`);
} else {
  const { out, update } = values;
  await runLessons({ out, update, onLesson: (name, numbers) => console.log(`${name}: ${numbers} numbers`) });
  console.log(`wrote ${out}\nResearch use only, not for diagnosis.`);
}
