'use client';

import { MessagesSquare, Plus } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { type Column, DataTable } from '@/ui/data-table';
import { EmptyState } from '@/ui/empty-state';
import { formatCount, formatDecimal, noValue } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { Segmented } from '@/ui/segmented';
import { inputLook } from '@/ui/text-field';
import { Tooltip } from '@/ui/tooltip';
import { AddPhrases } from './add-phrases';
import { PhrasePeek } from './phrase-peek';
import { useDebounced } from './use-debounced';
import { type Phrase, type PhraseFilter, usePhrases } from './use-phrases';

const columns: Column<Phrase>[] = [
  {
    id: 'phrase',
    header: 'Phrase',
    width: 'minmax(10rem, 2fr)',
    cell: ({ phrase }) => <span className="font-medium">{phrase}</span>,
  },
  { id: 'prob', header: 'Given', width: '4rem', align: 'right', cell: ({ prob }) => formatDecimal(prob, 2) },
  { id: 'learned', header: 'Learned', width: '4rem', align: 'right', cell: ({ learned }) => formatDecimal(learned, 3) },
  {
    id: 'people',
    header: 'People',
    width: '4rem',
    align: 'right',
    cell: ({ learned, people }) => (learned === null ? noValue : formatCount(people)),
  },
  { id: 'labels', header: 'Labels', width: 'minmax(6rem, 1fr)', cell: ({ labels }) => <Tags tags={labels} /> },
  { id: 'domains', header: 'Domains', width: 'minmax(6rem, 1fr)', cell: ({ domains }) => <Tags tags={domains} /> },
];

function Tags({ tags }: { tags: string[] }) {
  if (tags.length === 0) return <span className="text-ink-faint">{noValue}</span>;
  return (
    <span className="flex gap-1">
      {tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
    </span>
  );
}

/** All phrases, filtered and opened by the URL. */
export function PhraseList() {
  const [{ phrase: open, ...filter }, setState] = useQueryStates({
    text: parseAsString.withDefault(''),
    label: parseAsString.withDefault(''),
    domain: parseAsString.withDefault(''),
    source: parseAsStringLiteral(['all', 'given', 'learned'] as const).withDefault('all'),
    phrase: parseAsString,
  });
  const { query, rows } = usePhrases(JSON.parse(useDebounced(JSON.stringify(filter), 200)));
  const at = rows.findIndex(({ id }) => id === open);
  const current = rows[at];
  const goTo = (row: Phrase | undefined) => row && (() => void setState({ phrase: row.id }));
  const isFiltered = filter.text !== '' || filter.label !== '' || filter.domain !== '' || filter.source !== 'all';
  return (
    <Card isFlush title="Phrases" hint="What you give overrules what sessions teach." actions={<AddButton />}>
      <FilterBar filter={filter} onChange={(change) => void setState(change)} />
      <QueryView query={query}>
        {() => (
          <div className="overflow-x-auto" aria-busy={query.isFetching}>
            <div className={rows.length > 0 ? 'min-w-[38rem]' : ''}>
              <DataTable
                label="Phrases"
                columns={columns}
                rows={rows}
                rowKey={({ id }) => id}
                rowHeight={36}
                height="62dvh"
                openKey={open}
                onOpen={({ id }) => void setState({ phrase: id })}
                onEndReached={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
                isLoadingMore={query.isFetchingNextPage}
                empty={
                  <EmptyState
                    icon={MessagesSquare}
                    title={isFiltered ? 'No phrase meets these filters' : 'No phrases yet'}
                  >
                    {isFiltered
                      ? 'Take a filter away to see more.'
                      : 'Add phrases that people should be offered, or learn them from sessions: a query that five people or more have typed, and been satisfied by, becomes a suggestion.'}
                  </EmptyState>
                }
              />
            </div>
          </div>
        )}
      </QueryView>
      {current !== undefined && (
        <PhrasePeek
          key={current.id}
          phrase={current}
          onClose={() => void setState({ phrase: null })}
          onPrevious={goTo(rows[at - 1])}
          onNext={goTo(rows[at + 1])}
        />
      )}
    </Card>
  );
}

function AddButton() {
  const [isAdding, setAdding] = useState(false);
  const refusal = useRefusal('engineer');
  return (
    <>
      <Tooltip content={refusal}>
        <Button size="small" aria-disabled={refusal !== null} onClick={() => refusal === null && setAdding(true)}>
          <Plus aria-hidden /> Add phrases
        </Button>
      </Tooltip>
      <AddPhrases isOpen={isAdding} onOpenChange={setAdding} />
    </>
  );
}

function FilterBar({ filter, onChange }: { filter: PhraseFilter; onChange: (change: Partial<PhraseFilter>) => void }) {
  const fields = [
    { name: 'text', title: 'Find a phrase', width: 'basis-48 flex-1' },
    { name: 'label', title: 'Label', width: 'basis-24 max-w-40 flex-1' },
    { name: 'domain', title: 'Domain', width: 'basis-24 max-w-40 flex-1' },
  ] as const;
  return (
    <div role="search" aria-label="Phrases" className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      {fields.map(({ name, title, width }) => (
        <input
          key={name}
          type="search"
          aria-label={title}
          placeholder={title}
          className={`${inputLook} ${width}`}
          value={filter[name]}
          onChange={({ target }) => onChange({ [name]: target.value })}
        />
      ))}
      <Segmented
        label="Where it comes from"
        value={filter.source}
        options={[
          { value: 'all', title: 'All' },
          { value: 'given', title: 'Given' },
          { value: 'learned', title: 'Learned' },
        ]}
        onChange={(source) => onChange({ source })}
      />
    </div>
  );
}
