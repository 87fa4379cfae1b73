'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, Globe, Lock, Trash2 } from 'lucide-react';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { projectParameter } from '@/shell/project-names';
import { useTRPC } from '@/trpc/client';
import { Button } from './button';
import { classNames } from './class-names';
import { NameForm } from './name-form';
import { Popover } from './popover';
import { toast } from './toast';

export interface SavedViewsProps {
  /** The page's path without its slash: `sessions`, `search`. */
  page: string;
  /** Parameters that are no part of a view, an open peek for instance. */
  ignored?: readonly string[];
}

/**
 * Named states of a page, private or shared. Put `<SavedViews page="sessions" ignored={['peek']} />` into the actions
 * of the page: what nuqs keeps in the address is the view, so nothing else is to do.
 */
export function SavedViews({ page, ignored = [] }: SavedViewsProps) {
  const search = useViewSearch(ignored);
  const { data: views } = useQuery(useTRPC().savedView.listSavedViews.queryOptions({ page }));
  const [isOpen, setOpen] = useState(false);
  const current = views?.find((view) => view.search === search);
  const trigger = (
    <Button size="small" kind={current ? 'secondary' : 'quiet'} className="max-w-48">
      <Bookmark aria-hidden className={current ? 'fill-current' : ''} />
      <span className="truncate">{current?.name ?? 'Views'}</span>
    </Button>
  );
  return (
    <Popover label="Saved views" trigger={trigger} isOpen={isOpen} onOpenChange={setOpen}>
      <ViewList page={page} search={search} onChosen={() => setOpen(false)} />
      <SaveView page={page} search={search} />
    </Popover>
  );
}

/** The address's query, in one order, without what is no part of a view. */
function useViewSearch(ignored: readonly string[]): string {
  const kept = [...useSearchParams()].filter(([name]) => name !== projectParameter && !ignored.includes(name));
  return new URLSearchParams(kept.sort(([left], [right]) => (left < right ? -1 : 1))).toString();
}

function useViewChange(page: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const list = trpc.savedView.listSavedViews.queryKey({ page });
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: list });
  const onError = (error: { message: string }) => toast.error(error.message);
  return {
    create: useMutation(trpc.savedView.createSavedView.mutationOptions({ onSuccess, onError })),
    update: useMutation(trpc.savedView.updateSavedView.mutationOptions({ onSuccess, onError })),
    remove: useMutation(trpc.savedView.deleteSavedView.mutationOptions({ onSuccess, onError })),
  };
}

function ViewList({ page, search, onChosen }: { page: string; search: string; onChosen: () => void }) {
  const { data: views, error } = useQuery(useTRPC().savedView.listSavedViews.queryOptions({ page }));
  const { create, update, remove } = useViewChange(page);
  const router = useRouter();
  const path = usePathname();
  if (error) return <p className="px-2.5 py-2 text-bad text-xs">Views cannot be read: {error.message}</p>;
  if (views?.length === 0)
    return <p className="px-2.5 py-2 text-ink-faint text-xs">No views yet. Save the filters you come back to.</p>;
  return (
    <ul className="max-h-72 overflow-y-auto">
      {views?.map((view) => (
        <li key={view.id} className="group flex items-center gap-0.5 rounded-md hover:bg-hover">
          <button
            type="button"
            aria-current={view.search === search || undefined}
            className={classNames('min-w-0 flex-1 px-2.5 py-1.5 text-left', view.search === search && 'font-medium')}
            onClick={() => {
              router.push(view.search === '' ? path : `${path}?${view.search}`);
              onChosen();
            }}
          >
            <span className="block truncate">{view.name}</span>
            {!view.isOwn && <span className="block text-2xs text-ink-faint">shared by another user</span>}
          </button>
          {view.isOwn && (
            <>
              <Button
                kind="quiet"
                size="icon"
                aria-label={view.isShared ? `Keep ${view.name} to myself` : `Share ${view.name} with everyone`}
                aria-pressed={view.isShared}
                isPending={update.isPending}
                onClick={() => update.mutate({ viewId: view.id, isShared: !view.isShared })}
              >
                {view.isShared ? <Globe /> : <Lock />}
              </Button>
              <Button
                kind="quiet"
                size="icon"
                aria-label={`Delete ${view.name}`}
                isPending={remove.isPending}
                onClick={() =>
                  remove.mutate(
                    { viewId: view.id },
                    {
                      onSuccess: () => {
                        const { name, isShared } = view;
                        const undo = () => create.mutate({ page, name, search: view.search, isShared });
                        toast(`View “${name}” deleted`, { action: { label: 'Undo', onClick: undo } });
                      },
                    },
                  )
                }
              >
                <Trash2 />
              </Button>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function SaveView({ page, search }: { page: string; search: string }) {
  const { create } = useViewChange(page);
  const [isShared, setShared] = useState(false);
  const save = (name: string, clear: () => void) => {
    const onSuccess = () => {
      toast.success(`View “${name}” saved`);
      clear();
    };
    create.mutate({ page, name, search, isShared }, { onSuccess });
  };
  return (
    <NameForm label="Name of the view" placeholder="Save what you see as…" isPending={create.isPending} onSave={save}>
      <label className="flex items-center gap-1.5 text-ink-soft text-xs">
        <input
          type="checkbox"
          className="accent-accent"
          checked={isShared}
          onChange={(event) => setShared(event.target.checked)}
        />
        For everyone
      </label>
    </NameForm>
  );
}
