/** The `upstroke` program: every command under one name. */
import type { CommandGroup } from './command.ts';

/** All commands, each loaded on demand. */
export const upstroke: CommandGroup = {
  name: 'upstroke',
  summary:
    'Reads ECG recordings, measures the slopes of each QRS complex, and trains and explains beat classifiers.',
  commands: {
    record: async () => (await import('./commands/record.ts')).command,
    convert: async () => (await import('./commands/convert.ts')).command,
    download: async () => (await import('./commands/download.ts')).command,
    slopes: async () => (await import('./commands/slopes.ts')).command,
    figure: async () => (await import('./commands/figure.ts')).command,
    intervals: async () => (await import('./commands/intervals.ts')).command,
    hrv: async () => (await import('./commands/hrv.ts')).command,
    respiration: async () => (await import('./commands/respiration.ts')).command,
    detect: async () => (await import('./commands/detect.ts')).command,
    batch: async () => (await import('./commands/batch.ts')).command,
    worker: async () => (await import('./commands/worker.ts')).command,
    queue: async () => (await import('./commands/queue.ts')).command,
    query: async () => (await import('./commands/query.ts')).command,
    report: async () => (await import('./commands/report.ts')).command,
    view: async () => (await import('./commands/view.ts')).command,
    train: async () => (await import('./commands/train.ts')).command,
    evaluate: async () => (await import('./commands/evaluate.ts')).command,
    classify: async () => (await import('./commands/classify.ts')).command,
    explain: async () => (await import('./commands/explain.ts')).command,
    'learning-rate': async () => (await import('./commands/learning-rate.ts')).command,
    risk: async () => (await import('./commands/risk.ts')).command,
    'export-onnx': async () => (await import('./commands/export-onnx.ts')).command,
    synthesize: async () => (await import('./commands/synthesize.ts')).command,
    demo: async () => (await import('./commands/demo.ts')).command,
  },
};
