'use client';

import { useMutation } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { errorText } from '@/ui/error-text';
import { formatDuration, noValue } from '@/ui/format-number';
import { PlainTable } from '@/ui/plain-table';
import { inputLook } from '@/ui/text-field';
import type { Trial } from './use-plugins';

const isOfQuery = (kind: string) => kind === 'ranker' || kind === 'query-processor';

export interface TryPluginProps {
  pluginId: string;
  kind: string;
  config: Record<string, unknown>;
  isFaulty: boolean;
}

/** Runs the plugin once, on a query or on the text of an item, and shows before and after. */
export function TryPlugin({ pluginId, kind, config, isFaulty }: TryPluginProps) {
  const trpc = useTRPC();
  const id = useId();
  const [sample, setSample] = useState('');
  const trial = useMutation(trpc.plugin.tryPlugin.mutationOptions());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (sample.trim() !== '' && !isFaulty) trial.mutate({ pluginId, config, sample });
  };
  const field = {
    id,
    value: sample,
    placeholder: isOfQuery(kind) ? 'romantc comedy in paris' : 'Paste the text of an item',
  };
  return (
    <section>
      <h3 className="mb-1 font-semibold text-[13px]">Try it</h3>
      <form onSubmit={submit} className="space-y-2">
        <label htmlFor={id} className="block text-ink-faint text-xs">
          {isOfQuery(kind) ? 'A query, on the collection that serves now' : 'The text of an item'}
        </label>
        {isOfQuery(kind) ? (
          <input {...field} className={inputLook} onChange={({ target }) => setSample(target.value)} />
        ) : (
          <textarea
            {...field}
            rows={4}
            className={`${inputLook} h-auto py-1.5`}
            onChange={({ target }) => setSample(target.value)}
          />
        )}
        <Button type="submit" disabled={sample.trim() === '' || isFaulty} isPending={trial.isPending}>
          {trial.isPending ? 'Running …' : 'Run'}
        </Button>
      </form>
      <div aria-live="polite">
        {trial.error !== null && <p className="mt-2 text-bad">{errorText(trial.error)}</p>}
        {trial.data !== undefined && <TrialView trial={trial.data} />}
      </div>
    </section>
  );
}

function TrialView({ trial }: { trial: Trial }) {
  return (
    <div className="mt-3 space-y-2">
      <p className="nums text-ink-faint text-xs">Took {formatDuration(trial.ms)}.</p>
      {trial.shows === 'text' ? <TextTrial trial={trial} /> : <HitsTrial hits={trial.hits} />}
      {trial.notes.map((note) => (
        <p key={note} className="text-ink-soft text-xs">
          {note}
        </p>
      ))}
    </div>
  );
}

function TextTrial({ trial }: { trial: Extract<Trial, { shows: 'text' }> }) {
  const isSame = trial.after.length === 1 && trial.after[0] === trial.before;
  if (isSame) return <p>It leaves this sample as it is.</p>;
  return (
    <div className="grid gap-2 sm:grid-cols-2">
      <Piece title="Before" text={trial.before} />
      <div className="space-y-1">
        {trial.after.map((text, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one answer never move.
          <Piece key={index} title={trial.after.length === 1 ? 'After' : `After, ${index + 1}`} text={text} />
        ))}
      </div>
    </div>
  );
}

function Piece({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <div className="mb-1 text-2xs text-ink-faint">{title}</div>
      <p className="max-h-48 overflow-y-auto whitespace-pre-wrap break-words rounded-md border bg-sunken px-2.5 py-1.5">
        {text}
      </p>
    </div>
  );
}

type Hit = Extract<Trial, { shows: 'hits' }>['hits'][number];

function HitsTrial({ hits }: { hits: Hit[] }) {
  if (hits.length === 0) return <p>This query finds nothing, so that there is nothing to rank.</p>;
  const ordered = [...hits].sort((left, right) => (left.after ?? 1_000) - (right.after ?? 1_000));
  return (
    <div className="rounded-md border">
      <PlainTable
        caption="Hits after and before"
        rows={ordered}
        rowKey={({ itemId }) => itemId}
        columns={[
          {
            id: 'place',
            header: 'Place',
            cell: ({ before, after }) => (
              <span className="nums inline-flex items-center gap-1 whitespace-nowrap">
                {before} <ArrowRight className="size-3 text-ink-faint" aria-label="to" /> {after ?? noValue}
              </span>
            ),
          },
          { id: 'moved', header: 'Moved', cell: (hit) => <Moved {...hit} /> },
          { id: 'title', header: 'Item', cell: ({ title, itemId }) => title || itemId },
        ]}
      />
    </div>
  );
}

function Moved({ before, after }: Hit) {
  if (after === null) return <Badge tone="bad">dropped</Badge>;
  if (after === before) return <span className="text-ink-faint">{noValue}</span>;
  return (
    <Badge tone={after < before ? 'good' : 'warn'}>{`${after < before ? '▲' : '▼'} ${Math.abs(after - before)}`}</Badge>
  );
}
