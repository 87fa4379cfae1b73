import { Activity } from 'lucide-react';
import { CodeBlock } from '@/ui/code-block';
import { EmptyState } from '@/ui/empty-state';

const report = `curl -X POST "$GATEWAY/api/v1/clickstream/session/events" \\
  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"session_id": "…", "events": [{"event_id": "1", "object_id": "…"}]}'`;

export function SessionsEmpty({ isFiltered }: { isFiltered: boolean }) {
  return (
    <div className="rounded-lg border bg-surface">
      {isFiltered ? (
        <EmptyState icon={Activity} title="No session meets this filter">
          Take a choice back, or widen the days.
        </EmptyState>
      ) : (
        <EmptyState
          icon={Activity}
          title="No sessions yet"
          action={<CodeBlock code={report} label="Reporting a click" />}
        >
          A session is one search, the list that was shown and what its user did with it. Let searches create sessions,
          then report the clicks:
        </EmptyState>
      )}
    </div>
  );
}
