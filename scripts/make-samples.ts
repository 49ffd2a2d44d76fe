/** Generates the recordings in `samples/`. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { defineCommand } from '../src/cli/command.ts';
import { defaultsTo, text } from '../src/cli/option.ts';
import { shared } from '../src/cli/options.ts';
import { print } from '../src/cli/output.ts';
import { startProgress } from '../src/cli/progress.ts';
import { runAsProcess } from '../src/cli/run-command.ts';
import { standardLead, twelveLeads } from '../src/synth/leads.ts';
import { withNoise } from '../src/synth/noise.ts';
import { recordPatient, syntheticPatient } from '../src/synth/patient.ts';
import { type SyntheticEcg, synthesize } from '../src/synth/synthesize.ts';
import { type Digitisation, writeSyntheticRecord } from '../src/synth/wfdb-record.ts';
import type { Sink } from '../src/wfdb/source.ts';
import { writeRecord } from '../src/wfdb/write.ts';
import { readNpzUint16 } from './make-samples/npz.ts';

const mlii = [standardLead('MLII')];
const inMitFormat: Digitisation = { format: 212, adcGain: 200 };

/** Each synthetic sample: its name, the comment in its header, how it is generated and stored. */
const synthetic: readonly {
  readonly name: string;
  readonly comment: string;
  readonly digitisation: Digitisation;
  make(): SyntheticEcg;
}[] = [
  ...Array.from({ length: 14 }, (_, index) => ({
    name: `synth/s${String(index + 1).padStart(2, '0')}`,
    comment: `Synthetic ECG of made-up patient ${index + 1}: sums of Gaussian waves, exact truth beside it`,
    digitisation: inMitFormat,
    make: () =>
      recordPatient(syntheticPatient(index + 1), { samplingFrequency: 360, seconds: 180, leads: mlii }),
  })),
  {
    name: 'synth/slowing',
    comment: 'Synthetic ECG whose ventricular conduction slows from normal to 1.6 times the QRS duration',
    digitisation: inMitFormat,
    make: () =>
      withNoise(
        synthesize({
          samplingFrequency: 360,
          seconds: 180,
          seed: 101,
          leads: mlii,
          slowConduction: [1, 1.6],
          respiratoryModulation: 0.04,
          beatVariation: 0.01,
        }),
        { baselineWander: 0.04, muscle: 0.01, white: 0.003 },
        101,
      ),
  },
  {
    name: 'synth/twelve',
    comment: 'Synthetic 12-lead ECG of made-up patient 102: one dipole seen through the leads of Dower 1980',
    digitisation: { format: 16, adcGain: 1000 },
    make: () =>
      recordPatient(syntheticPatient(102), { samplingFrequency: 500, seconds: 10, leads: twelveLeads }),
  },
];

/** MIT-BIH record 208, lead MLII, as 11-bit ADC values: 200 units/mV, 1024 at 0 mV, 360 Hz. */
async function writeExcerpt(sink: Sink, path: string): Promise<void> {
  const adc = readNpzUint16(await readFile(path), 'ecg', basename(path));
  await writeRecord(
    sink,
    {
      name: 'mitdb-208-excerpt',
      samplingFrequency: 360,
      signals: [
        {
          name: 'MLII',
          units: 'mV',
          adcGain: 200,
          baseline: 1024,
          adc: Int32Array.from(adc),
          header: { adcResolution: 11, adcZero: 1024 },
        },
      ],
      comments: [
        'MIT-BIH Arrhythmia Database 1.0.0, record 208, lead MLII, samples 422820 to 530819 (19:34.5 to 24:34.5)',
        'Taken from scipy/misc/ecg.dat of the Debian package python3-scipy',
        'Moody GB, Mark RG. The impact of the MIT-BIH Arrhythmia Database. IEEE Eng Med Biol 20(3):45-50, 2001',
        'Open Data Commons Attribution License 1.0, https://physionet.org/content/mitdb/1.0.0/',
      ],
    },
    { format: 212 },
  );
}

const command = defineCommand({
  name: 'make-samples',
  takes: [],
  summary: 'Generates the recordings in samples/. The synthetic ones are byte-for-byte reproducible.',
  options: {
    scipy: text(
      'FILE',
      "scipy/misc/ecg.dat of Debian's package python3-scipy, the source of the real excerpt; without it only the synthetic records are generated",
    ),
    dir: defaultsTo(shared.dir, 'samples'),
    overwrite: shared.overwrite,
  },
  async run(values, _positionals, files) {
    const sink = files.sink(values.dir);
    if (values.scipy !== undefined) await writeExcerpt(sink, values.scipy);
    const progress = startProgress('Making samples', synthetic.length);
    for (const [done, { name, comment, digitisation, make }] of synthetic.entries()) {
      await writeSyntheticRecord(sink, name, make(), digitisation, [comment]);
      progress.update(done + 1, name);
    }
    await files.commit();
    progress.stop();
    const real = values.scipy === undefined ? '' : 'mitdb-208-excerpt and ';
    print(`wrote ${real}${synthetic.length} synthetic records into ${values.dir}`);
    return 0;
  },
});

await runAsProcess(command);
