import { FlaskConical } from 'lucide-react';
import Link from 'next/link';
import { Page } from '@/shell/page';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';

/** What this page is for, and how it fills. */
export function NoRuns({ hint }: { hint: string }) {
  return (
    <Page title="Runs" hint={hint}>
      <EmptyState
        icon={FlaskConical}
        title="Nothing has been trained yet"
        action={
          <Button asChild kind="primary">
            <Link href="/fine-tuning?start=true">Start a fine-tuning</Link>
          </Button>
        }
      >
        Every fine-tuning is tracked as a run: its settings, its curves, its files. Start one, and compare it here with
        those that follow.
      </EmptyState>
    </Page>
  );
}
