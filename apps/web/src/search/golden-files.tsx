'use client';

import { Download, Upload } from 'lucide-react';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { errorText } from '@/ui/error-text';
import { toast } from '@/ui/toast';
import { ImportJudgements } from './import-judgements';

type Format = 'qrels' | 'quepid';
const files: Record<Format, { name: string; title: string }> = {
  qrels: { name: 'golden-set.qrels', title: 'TREC qrels' },
  quepid: { name: 'golden-set.csv', title: 'Quepid CSV' },
};

/** The golden set from and to files of other tools. */
export function GoldenFiles({ canExport = false }: { canExport?: boolean }) {
  const [isImporting, setImporting] = useState(false);
  const refusal = useRefusal('analyst');
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button size="small" disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setImporting(true)}>
        <Upload aria-hidden /> Import
      </Button>
      {canExport && <ExportButton format="qrels" />}
      {canExport && <ExportButton format="quepid" />}
      {isImporting && <ImportJudgements onClose={() => setImporting(false)} />}
    </div>
  );
}

function ExportButton({ format }: { format: Format }) {
  const client = useTRPCClient();
  const [isPending, setPending] = useState(false);
  const save = async () => {
    setPending(true);
    try {
      const read = (after: Place) => client.judgement.exportJudgements.query({ format, after });
      download(files[format].name, await readPages(read));
    } catch (error) {
      toast.error(`Not exported: ${errorText(error)}`);
    } finally {
      setPending(false);
    }
  };
  return (
    <Button size="small" isPending={isPending} onClick={() => void save()}>
      <Download aria-hidden /> {files[format].title}
    </Button>
  );
}

type Place = { queryKey: string; itemId: string } | null;

async function readPages(readPage: (after: Place) => Promise<{ text: string; next: Place }>): Promise<string> {
  const parts: string[] = [];
  for (let after: Place = null; ; ) {
    const { text, next } = await readPage(after);
    parts.push(text);
    if (next === null) return parts.join('');
    after = next;
  }
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
