/** Batches with one and two workers: records and hours of ECG per second, efficiency, memory, size of the result. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { folderSink } from '../../src/node/folder-sink.ts';
import { twelveLeads } from '../../src/synth/leads.ts';
import { synthesize } from '../../src/synth/synthesize.ts';
import { writeSyntheticRecord } from '../../src/synth/wfdb-record.ts';

const program = resolve(import.meta.dirname, '../../dist/cli/main.js');

interface Run {
  readonly seconds: number;
  readonly records: number;
  readonly hours: number;
  readonly rows: number;
  /** Processor time of all processes, s, which excludes other work on the machine. */
  readonly cpuSeconds: number;
  /** Peak resident memory of each process, the coordinator first. */
  readonly megabytes: readonly number[];
  readonly bytes: number;
}

/** The Python interpreter with the peers, where `.ci/run` installs it. */
const python = process.env.PEERS
  ? join(process.env.PEERS, 'bin/python')
  : join(homedir(), '.cache/upstroke/peers/bin/python');
/** Number of records that the peers measure: NeuroKit2 takes minutes for a few hours of ECG. */
const peerRecords = 2;

/** Prints the time that other packages take for the same work, if Python has them. */
function comparePeers(folder: string, mitdb: string, names: readonly string[]): void {
  const out = join(folder, 'peers');
  mkdirSync(out);
  const script = join(import.meta.dirname, 'peers.py');
  const few = names.slice(0, peerRecords);
  const { status, stdout } = spawnSync(python, [script, mitdb, out, ...few], { encoding: 'utf8' });
  if (status !== 0) {
    console.log('the peers are skipped: they need bench/requirements.txt, wfdb and pyarrow\n');
    return;
  }
  const hours = (few.length * 650_000) / 360 / 3600;
  for (const [name, seconds] of Object.entries(JSON.parse(stdout) as Record<string, number>)) {
    console.log(
      `  wfdb-python with ${name}, ${few.length} records: ${(hours / seconds).toFixed(3)} h per CPU second`,
    );
  }
  console.log();
}

/** Prints the figures, and returns the time that a worker takes for a record of 10 s and 12 leads, s. */
export async function benchBatch(folder: string, records: number | undefined): Promise<number> {
  const mitdb = (process.env.WFDB ?? '')
    .split(':')
    .map(place => join(place, 'mitdb'))
    .find(existsSync);
  if (mitdb === undefined) console.log('mitdb is not on the WFDB path: its figures are skipped\n');
  else {
    const list = join(folder, 'RECORDS');
    const all = readFileSync(join(mitdb, 'RECORDS'), 'utf8').trim().split('\n').slice(0, records);
    writeFileSync(list, all.map(name => `${join(mitdb, name)}\n`).join(''));
    await compare(folder, `mitdb, ${all.length} records of half an hour, two leads`, list);
    comparePeers(folder, mitdb, all);
  }
  const short = join(folder, 'short');
  mkdirSync(short);
  for (let k = 0; k < shortRecords; k++) await makeShort(short, `r${String(k).padStart(3, '0')}`, k + 1);
  const one = await compare(folder, `${shortRecords} records of 10 s, 12 leads at 500 Hz`, short);
  return one.cpuSeconds / one.records;
}

const shortRecords = 60;

async function makeShort(place: string, name: string, seed: number): Promise<void> {
  const ecg = synthesize({ samplingFrequency: 500, seconds: 10, seed, leads: twelveLeads });
  await writeSyntheticRecord(folderSink(place), name, ecg, { format: 16, adcGain: 1000 }, []);
}

async function compare(folder: string, title: string, source: string): Promise<Run> {
  console.log(`${title}; from files to Parquet: reading, detection, slopes and quality`);
  const runs: Run[] = [];
  for (const workers of [1, 2]) {
    if (workers > availableParallelism()) continue;
    const run = await runBatch(source, join(folder, `out-${runs.length}-${source.length}`), workers);
    runs.push(run);
    const { seconds, records, hours, cpuSeconds, megabytes, bytes } = run;
    const efficiency = runs[0]!.seconds / seconds / workers;
    console.log(
      `  ${workers} workers: ${seconds.toFixed(1)} s, ${(records / seconds).toFixed(2)} records/s, ` +
        `${(hours / seconds).toFixed(2)} h/s, ${(hours / cpuSeconds).toFixed(2)} h per CPU second, efficiency ${(100 * efficiency).toFixed(0)} %, ` +
        `memory ${megabytes.map(mb => mb.toFixed(0)).join(' + ')} MB, ${(bytes / hours / 1e6).toFixed(2)} MB of Parquet per hour`,
    );
  }
  console.log();
  return runs[0]!;
}

async function runBatch(source: string, out: string, workers: number): Promise<Run> {
  const began = performance.now();
  const words = [
    'batch',
    source,
    '--dir',
    out,
    '--workers',
    String(workers),
    '--detect',
    '--measure',
    'slopes',
    '--json',
  ];
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    printed += text;
  });
  const seen = new Map<number, Usage>();
  const timer = setInterval(() => watch(child.pid!, seen), 50);
  await new Promise(done => child.on('close', done));
  clearInterval(timer);
  const { summary } = JSON.parse(printed);
  return {
    seconds: (performance.now() - began) / 1000,
    records: summary.records,
    hours: summary.seconds / 3600,
    rows: summary.rows,
    cpuSeconds: [...seen.values()].reduce((sum, of) => sum + of.cpuSeconds, 0),
    megabytes: [...seen.values()].map(of => of.megabytes),
    bytes: sizeOf(join(out, 'beats')),
  };
}

interface Usage {
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/** Records the resources used so far by a process and its children, where the system provides them. */
function watch(pid: number, seen: Map<number, Usage>): void {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean);
    for (const id of [pid, ...children.map(Number)]) {
      const peak = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8'));
      // The fields follow the name in parentheses; times are in hundredths of a second.
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / 100;
      if (peak !== null) seen.set(id, { cpuSeconds, megabytes: Number(peak[1]) / 1024 });
    }
  } catch (error) {
    // The process has just ended, or the system has no /proc.
    if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => statSync(join(folder, name)))
    .reduce((sum, of) => sum + (of.isFile() ? of.size : 0), 0);
