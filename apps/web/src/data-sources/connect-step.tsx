'use client';

import { useMutation } from '@tanstack/react-query';
import { CircleCheck, CircleX } from 'lucide-react';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { errorField, errorText } from '@/ui/error-text';
import type { Faults, JsonSchema } from '@/ui/json-schema';
import { QueryView } from '@/ui/query-view';
import { SchemaForm } from '@/ui/schema-form';
import { configFaults, type SourceDraft, targetOf } from './source-draft';
import { useLoaders } from './use-loaders';
import type { Source, TestResult } from './use-sources';

export interface StepProps {
  draft: SourceDraft;
  change: (part: Partial<SourceDraft>) => void;
  sourceId: string | null;
}

export interface ConnectStepProps extends StepProps {
  schema: JsonSchema | null;
  faults: Faults;
  secrets: Source['secrets'];
}

export function ConnectStep({ draft, change, sourceId, schema, faults, secrets }: ConnectStepProps) {
  const trpc = useTRPC();
  const test = useMutation(trpc.dataSource.testDataSource.mutationOptions());
  const refused = test.error === null ? null : { field: errorField(test.error), message: errorText(test.error) };
  const all = { ...faults, ...configFaults(null, draft, refused) };
  const kept = Object.fromEntries(
    secrets.map(({ field, kept, setting }) => [
      field,
      kept === 'encrypted' ? 'Set, encrypted' : `From the setting ${setting}`,
    ]),
  );
  return (
    <div className="space-y-5">
      {sourceId === null && (
        <LoaderChoice chosen={draft.loader} onChoose={(loader) => change({ loader, config: {} })} />
      )}
      {schema !== null && (
        <>
          <SchemaForm
            key={draft.loader}
            schema={schema}
            value={draft.config}
            secrets={kept}
            faults={all}
            onChange={(config) => {
              test.reset();
              change({ config });
            }}
          />
          <div className="rounded-md border p-3">
            <div className="flex flex-wrap items-center gap-3">
              <div className="min-w-0 flex-1">
                <h3 className="font-medium">Test the connection</h3>
                <p className="text-ink-faint text-xs">Step by step, up to the first that fails. Nothing is stored.</p>
              </div>
              <Button
                isPending={test.isPending}
                disabled={Object.keys(faults).length > 0}
                onClick={() => test.mutate(targetOf(draft, sourceId))}
              >
                {test.isPending ? 'Testing …' : 'Test'}
              </Button>
            </div>
            {test.data !== undefined && <TestSteps result={test.data} />}
            {refused !== null && (
              <p role="alert" className="mt-2 text-bad">
                {refused.message}
              </p>
            )}
          </div>
        </>
      )}
    </div>
  );
}

function LoaderChoice({ chosen, onChoose }: { chosen: string | null; onChoose: (id: string) => void }) {
  const { query, loaders } = useLoaders();
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-xs">Kind of source</legend>
      <QueryView query={query}>
        {() => (
          <div className="grid gap-2 sm:grid-cols-2">
            {loaders.map(({ id, title, description }) => (
              <label
                key={id}
                className={classNames(
                  'flex cursor-pointer items-start gap-2.5 rounded-md border p-3 hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-focus',
                  id === chosen && 'border-accent bg-selected hover:bg-selected',
                )}
              >
                <input
                  type="radio"
                  name="loader"
                  className="mt-1 accent-accent"
                  checked={id === chosen}
                  onChange={() => onChoose(id)}
                />
                <span className="min-w-0">
                  <span className="block font-medium">{title}</span>
                  <span className="line-clamp-2 text-ink-soft text-xs">{description}</span>
                </span>
              </label>
            ))}
          </div>
        )}
      </QueryView>
    </fieldset>
  );
}

function TestSteps({ result }: { result: TestResult }) {
  return (
    <ol aria-live="polite" className="mt-3 space-y-1.5 border-t pt-3">
      {result.steps.map(({ name, ok, message }) => (
        <li key={name} className="flex items-start gap-2">
          {ok ? (
            <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" aria-label="passed" />
          ) : (
            <CircleX className="mt-0.5 size-4 shrink-0 text-bad" aria-label="failed" />
          )}
          <span className="min-w-0">
            <span className="font-medium">{name}</span>{' '}
            <span className={classNames('break-words', ok ? 'text-ink-soft' : 'text-bad')}>{message}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
