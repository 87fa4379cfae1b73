'use client';

import { Plus } from 'lucide-react';
import { parseAsString, useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import { Page } from '@/shell/page';
import { useRefusal } from '@/shell/signed-in-user';
import { Button } from '@/ui/button';
import { Tooltip } from '@/ui/tooltip';
import { SourceList } from './source-list';
import { SourceWizard } from './source-wizard';

/** Places that items come from: what each brought last, and what to do next. */
export function DataSourcesPage() {
  const [{ source, edit }, setState] = useQueryStates({ source: parseAsString, edit: parseAsString });
  const refusal = useRefusal('engineer');
  const openSource = useCallback((id: string | null) => void setState({ source: id }), [setState]);
  const openWizard = useCallback((id: string | null) => void setState({ edit: id }), [setState]);
  const add = (
    <Tooltip content={refusal}>
      <Button kind="primary" aria-disabled={refusal !== null} onClick={() => refusal === null && openWizard('new')}>
        <Plus aria-hidden /> Add a source
      </Button>
    </Tooltip>
  );
  return (
    <Page
      title="Data sources"
      hint="Where items come from. A sync reads what is new, maps each record to an item, and embeds what has changed."
      actions={add}
    >
      <SourceList open={source} onOpen={openSource} onEdit={openWizard} add={add} />
      {edit !== null && (
        <SourceWizard
          key={edit}
          sourceId={edit === 'new' ? null : edit}
          onClose={() => openWizard(null)}
          onSaved={(id) => void setState({ edit: null, source: id })}
        />
      )}
    </Page>
  );
}
