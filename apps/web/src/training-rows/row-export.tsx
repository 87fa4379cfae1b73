'use client';

import { Download } from 'lucide-react';
import { useProject } from '@/shell/project';
import { projectParameter } from '@/shell/project-names';
import { Button } from '@/ui/button';
import { Popover } from '@/ui/popover';

const formats = [
  { format: 'jsonl', title: 'JSON lines', hint: 'one row a line' },
  { format: 'parquet', title: 'Parquet', hint: 'typed columns, for data frames' },
  { format: 'qrels', title: 'TREC qrels', hint: 'grades 0–3 by query id' },
  { format: 'topics', title: 'TREC topics', hint: 'the queries of those ids' },
] as const;

/** The whole frozen set as a file, streamed by the server. */
export function RowExport({ jobId, isDisabled }: { jobId: string; isDisabled: boolean }) {
  const { slug } = useProject();
  const trigger = (
    <Button size="small" disabled={isDisabled} title={isDisabled ? 'There are no rows to export.' : undefined}>
      <Download aria-hidden /> Export
    </Button>
  );
  return (
    <Popover label="Export the training rows" trigger={trigger} className="w-64 p-1">
      <ul>
        {formats.map(({ format, title, hint }) => (
          <li key={format}>
            <a
              href={`/api/training-rows?${new URLSearchParams({ job: jobId, format, [projectParameter]: slug })}`}
              download
              className="flex items-baseline justify-between gap-3 rounded px-2.5 py-1.5 text-[13px] hover:bg-hover"
            >
              {title} <span className="text-2xs text-ink-faint">{hint}</span>
            </a>
          </li>
        ))}
      </ul>
    </Popover>
  );
}
