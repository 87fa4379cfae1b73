import { table } from '../../apps/studio/src/terminal/table.ts';
import type { MeasuredSize } from '../capacity/capacity-model.ts';
import type { MeasuredPartitions } from './run-partitions-bench.ts';

export interface PartitionsReport extends MeasuredPartitions {
  machine: Record<string, string | number>;
  load: { start: number; end: number };
  /** The server with all vectors. */
  one: MeasuredSize;
}

const mebi = (bytes: number) => (bytes / 2 ** 20).toFixed(0);

export function renderPartitions(report: PartitionsReport): string {
  const { machine, load, one, compared, sizes, work, alone, buildSeconds, follow } = report;
  const largest = sizes.reduce((most, each) => (each.rows > most.rows ? each : most));
  const { median, min, max } = compared.timesBare;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; load ${load.start} before, ${load.end} after`,
    '',
    ...table(
      ['', 'vectors', 'table MiB', 'index MiB', 'build s', 'pages/search', 'p50 ms', 'p95 ms', 'recall@10'],
      [
        [
          ...[
            'one server',
            String(one.vectors),
            mebi(one.tableBytes),
            mebi(one.indexBytes),
            one.buildSeconds.toFixed(1),
          ],
          ...[work.one.toFixed(0), one.p50Ms.toFixed(2), one.p95Ms.toFixed(2), one.recall.toFixed(3)],
        ],
        [
          ...['a partition alone', String(largest.rows), mebi(largest.tableBytes), mebi(largest.indexBytes)],
          ...[Math.max(...buildSeconds).toFixed(1), work.partition.toFixed(0)],
          ...[alone.partition.p50Ms.toFixed(2), alone.partition.p95Ms.toFixed(2), ''],
        ],
        [
          ...[
            `${sizes.length} merged, here`,
            String(one.vectors),
            '',
            '',
            '',
            (work.partition * sizes.length).toFixed(0),
          ],
          ...[alone.whole.p50Ms.toFixed(2), alone.whole.p95Ms.toFixed(2), report.recall.toFixed(3)],
        ],
      ],
    ),
    '',
    `time of all searches, partitions against one server on the same cores: ${median.toFixed(2)} (${min.toFixed(2)} … ${max.toFixed(2)}), ${compared.repeats} runs each, in turn`,
    `with a beam of 40 in place of 100 at the partitions: ${report.narrow.pages.toFixed(0)} pages each, recall@10 ${report.narrow.recall.toFixed(3)}`,
    `first copy of all rows: ${report.copySeconds.toFixed(1)} s; ${follow.vectors} later ones were in all partitions ${follow.seconds.toFixed(1)} s after their writing began`,
    `recall@10 with one partition killed: ${report.recallWithoutOne.toFixed(3)}`,
  ].join('\n');
}
