import {
  type Actor,
  actorName,
  type Permission,
  type Role,
  type Scope,
  StudioError,
} from '@embedding-studio/contracts';

interface Grant {
  roles: readonly Role[];
  scopes: readonly Scope[];
}

const everyone: readonly Role[] = ['viewer', 'analyst', 'engineer', 'admin'];
const engineers: readonly Role[] = ['engineer', 'admin'];

/** Who holds each permission. The scope `admin` and jobs of the system hold all of them. */
export const policy: Record<Permission, Grant> = {
  'search.read': { roles: everyone, scopes: ['search'] },
  'session.write': { roles: engineers, scopes: ['clickstream'] },
  'session.read': { roles: ['analyst', 'engineer', 'admin'], scopes: ['clickstream'] },
  'item.write': { roles: engineers, scopes: ['ingest'] },
  'item.read': { roles: everyone, scopes: ['search', 'ingest'] },
  'source.read': { roles: everyone, scopes: ['ingest'] },
  'source.write': { roles: engineers, scopes: [] },
  'task.read': { roles: everyone, scopes: ['ingest'] },
  'task.write': { roles: engineers, scopes: ['ingest'] },
  'model.read': { roles: everyone, scopes: [] },
  'model.write': { roles: engineers, scopes: [] },
  'rollout.read': { roles: everyone, scopes: [] },
  'rollout.write': { roles: engineers, scopes: [] },
  'collection.read': { roles: everyone, scopes: ['search', 'ingest'] },
  'collection.write': { roles: engineers, scopes: ['ingest'] },
  'key.write': { roles: ['admin'], scopes: [] },
  'audit.read': { roles: ['analyst', 'engineer', 'admin'], scopes: [] },
  'suggestion.read': { roles: everyone, scopes: ['ingest'] },
  'suggestion.write': { roles: engineers, scopes: ['ingest'] },
  'category.write': { roles: engineers, scopes: [] },
  'policy.read': { roles: everyone, scopes: [] },
  'policy.write': { roles: ['admin'], scopes: [] },
  'queue.read': { roles: everyone, scopes: [] },
  'queue.write': { roles: engineers, scopes: [] },
  'view.keep': { roles: everyone, scopes: [] },
  'experiment.read': { roles: everyone, scopes: [] },
  'experiment.write': { roles: engineers, scopes: [] },
  'judgement.read': { roles: everyone, scopes: [] },
  'judgement.write': { roles: ['analyst', 'engineer', 'admin'], scopes: [] },
  'user.read': { roles: everyone, scopes: [] },
  'user.write': { roles: ['admin'], scopes: [] },
  'system.read': { roles: engineers, scopes: [] },
};

/** People belong to the installation as a whole. */
const ofInstallation: ReadonlySet<Permission> = new Set(['user.write']);

export function isAllowed(actor: Actor, permission: Permission): boolean {
  if (actor.kind === 'system') return true;
  if (actor.reach === 'project' && ofInstallation.has(permission)) return false;
  const grant = policy[permission];
  if (actor.kind === 'user') return grant.roles.includes(actor.role);
  return actor.scopes.some((scope) => scope === 'admin' || grant.scopes.includes(scope));
}

/**
 * Throws FORBIDDEN unless the actor holds the permission and its key reaches the collection. Verbs that name no
 * collection act on what serves.
 */
export function authorise(ctx: { actor: Actor }, permission: Permission, collectionId = 'live'): void {
  if (!isAllowed(ctx.actor, permission)) {
    throw new StudioError('FORBIDDEN', `${actorName(ctx.actor)} lacks ${permission}.`, {
      publicMessage: `This needs the permission ${permission}; use a key or an account that has it.`,
    });
  }
  if (!reaches(ctx.actor, collectionId)) {
    throw new StudioError('FORBIDDEN', `${actorName(ctx.actor)} is not bound to ${collectionId}.`, {
      publicMessage: `This key is bound to other collections than ${collectionId}; use one that reaches it.`,
    });
  }
}

export function reaches(actor: Actor, collectionId: string): boolean {
  return actor.kind !== 'apiKey' || actor.collections === undefined || actor.collections.includes(collectionId);
}

/** Throws FORBIDDEN unless the actor holds the permission on some collection; asked before it learns which there are. */
export function authoriseSome(ctx: { actor: Actor }, permission: Permission): void {
  const bound = ctx.actor.kind === 'apiKey' ? ctx.actor.collections : undefined;
  authorise(ctx, permission, bound?.[0]);
}
