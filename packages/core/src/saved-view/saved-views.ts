import {
  actorName,
  newId,
  type SavedView,
  StudioError,
  ViewName,
  ViewPage,
  ViewSearch,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

/** Views that one page shows: the user's own, then shared ones. */
const viewsMax = 500;

export const CreateSavedViewInput = z.object({
  page: ViewPage,
  name: ViewName,
  search: ViewSearch,
  isShared: z.boolean().default(false),
});
export type CreateSavedViewInput = z.input<typeof CreateSavedViewInput>;

/** Saves under a name; the actor's own view of that name is replaced. */
export async function createSavedView({ ctx, input }: { ctx: Ctx; input: CreateSavedViewInput }): Promise<SavedView> {
  authorise(ctx, 'view.keep');
  const given = parseInput(CreateSavedViewInput, input);
  const view = await ctx.deps.savedViews.putView({ ...given, id: newId('view'), owner: actorName(ctx.actor) });
  await recordAudit(ctx, { action: 'view.save', subject: view.id, detail: { page: view.page, name: view.name } });
  return view;
}

export const ListSavedViewsInput = z.object({ page: ViewPage });
export type ListSavedViewsInput = z.input<typeof ListSavedViewsInput>;

/** A view with whether the actor may change it. */
export type SavedViewListing = SavedView & { isOwn: boolean };

/** The actor's own, then what others share. */
export async function listSavedViews({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListSavedViewsInput;
}): Promise<SavedViewListing[]> {
  authorise(ctx, 'view.keep');
  const { page } = parseInput(ListSavedViewsInput, input);
  const owner = actorName(ctx.actor);
  const views = await ctx.deps.savedViews.listViews({ page, owner, limit: viewsMax });
  return views.map((view) => ({ ...view, isOwn: view.owner === owner }));
}

const viewId = z.string().min(1).max(128);

export const UpdateSavedViewInput = z.object({
  viewId,
  name: ViewName.optional(),
  search: ViewSearch.optional(),
  isShared: z.boolean().optional(),
});
export type UpdateSavedViewInput = z.input<typeof UpdateSavedViewInput>;

export async function updateSavedView({ ctx, input }: { ctx: Ctx; input: UpdateSavedViewInput }): Promise<SavedView> {
  authorise(ctx, 'view.keep');
  const { viewId: id, ...change } = parseInput(UpdateSavedViewInput, input);
  await requireOwn(ctx, id);
  const view = await ctx.deps.savedViews.updateView(id, change);
  await recordAudit(ctx, { action: 'view.change', subject: id, detail: { page: view.page, ...change } });
  return view;
}

export const DeleteSavedViewInput = z.object({ viewId });
export type DeleteSavedViewInput = z.input<typeof DeleteSavedViewInput>;

export async function deleteSavedView({ ctx, input }: { ctx: Ctx; input: DeleteSavedViewInput }): Promise<void> {
  authorise(ctx, 'view.keep');
  const { viewId: id } = parseInput(DeleteSavedViewInput, input);
  const { page, name, search } = await requireOwn(ctx, id);
  await ctx.deps.savedViews.deleteView(id);
  await recordAudit(ctx, { action: 'view.delete', subject: id, detail: { page, name, search } });
}

/** Somebody else's view that is not shared is as unknown as one that never was. */
async function requireOwn(ctx: Ctx, id: string): Promise<SavedView> {
  const view = await ctx.deps.savedViews.findView(id);
  const isOwn = view?.owner === actorName(ctx.actor);
  if (view === null || !(isOwn || view.isShared))
    throw new StudioError('INPUT_INVALID', 'There is no such view any more; reload the page.', { field: 'viewId' });
  if (isOwn || (ctx.actor.kind === 'user' && ctx.actor.role === 'admin')) return view;
  throw new StudioError('FORBIDDEN', `View ${id} belongs to ${view.owner}.`, {
    publicMessage: 'This view belongs to somebody else; save a copy under a name of your own.',
  });
}
