'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChartLine, SlidersHorizontal } from 'lucide-react';
import { parseAsBoolean, parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { Page } from '@/shell/page';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { formatCount } from '@/ui/format-number';
import { SavedViews } from '@/ui/saved-views';
import { ExportButton } from './export-button';
import { FacetRail } from './facet-rail';
import { LiveToggle } from './live-toggle';
import { PositionBias } from './position-bias';
import { SessionList } from './session-list';
import { SessionPeek } from './session-peek';
import { useSessionFilter } from './use-session-filter';
import { useSessionRows } from './use-session-rows';

const renewMs = 30_000;

export function SessionsPage() {
  const { state, filter, change, isSet } = useSessionFilter();
  const [isLive, setLive] = useQueryState('live', parseAsBoolean.withDefault(false));
  const [isBiasShown, setBiasShown] = useQueryState('bias', parseAsBoolean.withDefault(false));
  const [opened, setOpened] = useQueryState('session', parseAsString);
  const [isRailOpen, setRailOpen] = useState(false);
  const trpc = useTRPC();
  const list = useSessionRows(filter, isLive);
  const { data: counts } = useQuery({
    ...trpc.session.countFacets.queryOptions({ filter }),
    refetchInterval: renewMs,
    placeholderData: keepPreviousData,
  });
  const total = counts === undefined ? '' : `${formatCount(counts.total)}${counts.isAll ? '' : '+'} sessions`;
  return (
    <Page
      title="Sessions"
      hint="Every search with what its user did, and what is learned from it."
      actions={
        <>
          <span className="nums text-ink-soft text-xs" role="status">
            {total}
          </span>
          <SavedViews page="sessions" ignored={['session']} />
          <Button
            aria-pressed={isBiasShown}
            onClick={() => void setBiasShown(!isBiasShown)}
            className={classNames(isBiasShown && 'border-accent/50 bg-accent-soft text-accent hover:bg-accent-soft')}
          >
            <ChartLine />
            Position bias
          </Button>
          <LiveToggle isOn={isLive} isConnected={list.isConnected} onChange={(on) => void setLive(on)} />
          <ExportButton filter={filter} total={counts?.total ?? null} />
          <Button className="lg:hidden" aria-expanded={isRailOpen} onClick={() => setRailOpen(!isRailOpen)}>
            <SlidersHorizontal />
            Filter
          </Button>
        </>
      }
    >
      <div className="gap-5 lg:flex">
        <aside className={classNames('mb-4 shrink-0 lg:mb-0 lg:block lg:w-52', !isRailOpen && 'hidden')}>
          <FacetRail {...{ state, change, counts, isSet }} />
        </aside>
        <div className="min-w-0 flex-1">
          {isBiasShown && <PositionBias />}
          <SessionList list={list} opened={opened} isFiltered={isSet} onOpen={(id) => void setOpened(id)} />
        </div>
      </div>
      {opened !== null && (
        <SessionPeek
          sessionId={opened}
          rows={list.rows}
          onOpen={(id) => void setOpened(id)}
          onClose={() => void setOpened(null)}
        />
      )}
    </Page>
  );
}
