/** The formats of a download, found by name. What only one of them needs is loaded when it is first asked for. */
import type { NumberedSeries } from '../../../service/metric/export-metrics.js';
import type { TrialTable } from '../../../service/trial/export-trials.js';

interface Encoder {
  /** Pages into bytes: reads on when the bytes before were taken. */
  metrics(pages: AsyncIterable<readonly NumberedSeries[]>): AsyncGenerator<Uint8Array>;
  trials(table: TrialTable): AsyncGenerator<Uint8Array>;
}

export interface ExportFormat {
  readonly mediaType: string;
  /** Of the file's name, without a dot. */
  readonly extension: string;
  load(): Promise<Encoder>;
}

export const FORMATS: ReadonlyMap<string, ExportFormat> = new Map([
  [
    'csv',
    {
      mediaType: 'text/csv; charset=utf-8; header=present',
      extension: 'csv',
      load: async () => {
        const { metricsCsv, trialsCsv } = await import('./csv.js');
        return { metrics: metricsCsv, trials: trialsCsv };
      },
    },
  ],
  [
    'arrow',
    {
      mediaType: 'application/vnd.apache.arrow.stream',
      extension: 'arrows',
      load: async () => {
        const [{ metricsArrow }, { trialsArrow }] = await Promise.all([
          import('./metrics-arrow.js'),
          import('./trials-arrow.js'),
        ]);
        return { metrics: metricsArrow, trials: trialsArrow };
      },
    },
  ],
]);
