/**
 * The lessons of docs/lessons: computes their numbers and pictures from `samples/` and writes them as one HTML page that
 * opens offline. `--update` puts today's numbers into the texts and writes the pictures beside them; without it a text
 * with other numbers is an error.
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

Runs the nine lessons on samples/ and writes one self-contained page.

  --out FILE  where the page goes; default out/lessons.html, replaced if it is there
  --update    put today's numbers into docs/lessons/*/*.md and write the pictures beside them`);
} else {
  const { out, update } = values;
  await runLessons({ out, update, onLesson: (name, numbers) => console.log(`${name}: ${numbers} numbers`) });
  console.log(`wrote ${out}\nResearch use only, not for diagnosis.`);
}
