'use client';

import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { errorText } from '@/ui/error-text';
import { formatCount } from '@/ui/format-number';
import { toast } from '@/ui/toast';
import type { AuditFilterInput } from './use-audit-filter';

const rowsMax = 10_000;
const limit = 500;

/** The filtered rows as a file, one JSON object a line, newest first. */
export function AuditExport({ filter }: { filter: AuditFilterInput }) {
  const client = useTRPCClient();
  const download = useMutation({
    mutationFn: async () => {
      const lines: string[] = [];
      for (let beforeId: number | null = null; lines.length < rowsMax; ) {
        const rows = await client.audit.listAudit.query({ ...filter, beforeId, limit });
        const last = rows.at(-1);
        if (last === undefined) break;
        lines.push(...rows.map((row) => `${JSON.stringify(row)}\n`));
        beforeId = last.id;
      }
      const kept = lines.slice(0, rowsMax);
      save(new Blob(kept, { type: 'application/jsonl' }));
      return { rows: kept.length, isCut: lines.length >= rowsMax };
    },
    onSuccess: ({ rows, isCut }) => {
      const note = isCut ? ' More were left out: narrow the days to export the rest.' : '';
      toast.success(`${formatCount(rows)} rows exported.${note}`);
    },
    onError: (error) => toast.error(errorText(error)),
  });
  return (
    <Button size="small" isPending={download.isPending} onClick={() => download.mutate()}>
      <Download aria-hidden /> {download.isPending ? 'Exporting …' : 'Export JSONL'}
    </Button>
  );
}

function save(file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = `audit-${new Date().toISOString().slice(0, 10)}.jsonl`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
