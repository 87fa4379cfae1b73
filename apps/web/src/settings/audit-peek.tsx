'use client';

import type { AuditEntry } from '@embedding-studio/contracts';
import { CodeBlock } from '@/ui/code-block';
import { FactList } from '@/ui/fact-list';
import { Peek } from '@/ui/peek';
import { PlainTable } from '@/ui/plain-table';
import { formatAbsolute } from '@/ui/time';
import { diffDetail, type FieldChange, otherDetail } from './audit-diff';

export interface AuditPeekProps {
  row: AuditEntry;
  actor: string;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

export function AuditPeek({ row, actor, ...moves }: AuditPeekProps) {
  const changes = diffDetail(row.detail);
  const rest = otherDetail(row.detail);
  return (
    <Peek title={row.action} hint={`Row ${row.id}`} {...moves}>
      <div className="space-y-4">
        <FactList
          facts={[
            ['When', formatAbsolute(row.at)],
            ['Who', actor === row.actor ? actor : `${actor} (${row.actor})`],
            ['Subject', <code key="subject">{row.subject}</code>],
          ]}
        />
        {changes !== null && <Changes changes={changes} />}
        {Object.keys(rest).length > 0 && <CodeBlock code={JSON.stringify(rest, null, 2)} label="Detail" />}
      </div>
    </Peek>
  );
}

function Changes({ changes }: { changes: FieldChange[] }) {
  if (changes.length === 0) return <p className="text-ink-faint">Before and after are the same.</p>;
  return (
    <div className="overflow-hidden rounded-md border">
      <PlainTable
        caption="What changed"
        rows={changes}
        rowKey={({ field }) => field}
        columns={[
          { id: 'field', header: 'Field', cell: ({ field }) => <code className="text-xs">{field}</code> },
          {
            id: 'before',
            header: 'Before',
            cell: ({ before }) => <Side text={before} look="bg-bad-soft text-bad" sign="−" />,
          },
          {
            id: 'after',
            header: 'After',
            cell: ({ after }) => <Side text={after} look="bg-good-soft text-good" sign="+" />,
          },
        ]}
      />
    </div>
  );
}

function Side({ text, look, sign }: { text: string | null; look: string; sign: string }) {
  if (text === null) return <span className="text-ink-faint">absent</span>;
  return (
    <code className={`break-all rounded px-1.5 py-0.5 text-xs ${look}`}>
      <span aria-hidden>{sign} </span>
      {text}
    </code>
  );
}
