'use client';

import { eventGroups, type SessionFlag, sessionFlags } from '@embedding-studio/contracts';
import type { FacetCounts } from '@embedding-studio/core';
import { Button } from '@/ui/button';
import { ChosenSlice } from './chosen-slice';
import { FacetGroup } from './facet-group';
import { eventWords, exclusionTitles, flagWords } from './flag-words';
import { RangeFields } from './range-fields';
import { TextFilter } from './text-filter';
import { TouchedItems } from './touched-items';
import type { ChangeFilter, FilterState } from './use-session-filter';

export interface FacetRailProps {
  state: FilterState;
  change: ChangeFilter;
  counts: FacetCounts | undefined;
  isSet: boolean;
}

const hiddenFlags: ReadonlySet<SessionFlag> = new Set(['dwelt', 'answered', 'identified']);
const shownFlags = sessionFlags.filter((flag) => !hiddenFlags.has(flag));

/** Everything that narrows the list; each choice says how many sessions it would leave. */
export function FacetRail({ state, change, counts, isSet }: FacetRailProps) {
  const { facets } = counts ?? {};
  return (
    <form aria-label="Filter" className="space-y-4" onSubmit={(event) => event.preventDefault()}>
      <TextFilter
        label={state.whole ? 'Query is' : 'Query begins with'}
        value={state.q}
        onChange={(q) => change({ q, whole: false })}
      />
      <TextFilter label="User" value={state.user} onChange={(user) => change({ user })} />
      <ChosenSlice slice={state.slice} onClear={() => change({ slice: null })} />
      <TouchedItems state={state} change={change} />
      <RangeFields from={state.from} to={state.to} onChange={change} />
      <FacetGroup
        title="Outcome"
        values={shownFlags.map((value) => ({ value, ...flagWords[value] }))}
        counts={facets?.flags}
        chosen={state.flags}
        onChange={(flags) => change({ flags })}
      />
      <FacetGroup
        title="Events"
        values={eventGroups.map((value) => ({ value, title: eventWords[value] }))}
        counts={facets?.events}
        chosen={state.events}
        onChange={(events) => change({ events })}
      />
      <FacetGroup
        title="Left out of training"
        values={(Object.keys(exclusionTitles) as FilterState['excluded']).map((value) => ({
          ...{ value, title: exclusionTitles[value] ?? value },
        }))}
        counts={facets?.exclusions}
        chosen={state.excluded}
        onChange={(excluded) => change({ excluded })}
        isShort
      />
      <FacetGroup
        title="Model"
        values={idsOf(facets?.models, state.models)}
        counts={facets?.models}
        chosen={state.models}
        onChange={(models) => change({ models })}
      />
      <FacetGroup
        title="Collection"
        values={idsOf(facets?.collections, state.collections)}
        counts={facets?.collections}
        chosen={state.collections}
        onChange={(collections) => change({ collections })}
      />
      {isSet && (
        <Button size="small" onClick={() => change(null)}>
          Clear all filters
        </Button>
      )}
    </form>
  );
}

function idsOf(counts: Record<string, number> | undefined, chosen: readonly string[]) {
  const ids = new Set([...Object.keys(counts ?? {}), ...chosen]);
  return [...ids].map((value) => ({
    value,
    title: value === 'none' ? 'Not our own search' : value.length > 16 ? `${value.slice(0, 12)}…` : value,
    hint: value,
  }));
}
