import { z } from 'zod';

export const Role = z.enum(['viewer', 'analyst', 'engineer', 'admin']);
export type Role = z.infer<typeof Role>;

/** What an API key may be used for. `admin` includes the others. */
export const Scope = z.enum(['search', 'clickstream', 'ingest', 'admin']);
export type Scope = z.infer<typeof Scope>;

/** `project`: holds nothing of what belongs to the installation as a whole, such as people; absent: all of it. */
export type Reach = 'project';

/** Who does something: a person, an application's key, or a job of the system (which names itself). */
export type Actor =
  | { kind: 'user'; userId: string; role: Role; reach?: Reach }
  | {
      kind: 'apiKey';
      keyId: string;
      scopes: readonly Scope[];
      reach?: Reach;
      /** Ids of the only collections that the key reaches, `live` among them if it reaches what serves; absent: all. */
      collections?: readonly string[];
    }
  | { kind: 'system'; job: string };

/** Everything that can be authorised; the policy table lives in core/authorise. */
export const permissions = [
  'search.read',
  'session.write',
  'session.read',
  'item.write',
  'item.read',
  'source.read',
  'source.write',
  'task.read',
  'task.write',
  'model.read',
  'model.write',
  'rollout.read',
  'rollout.write',
  'collection.read',
  'collection.write',
  'key.write',
  'audit.read',
  'suggestion.read',
  'suggestion.write',
  'category.write',
  'policy.read',
  'policy.write',
  'queue.read',
  'queue.write',
  'view.keep',
  'experiment.read',
  'experiment.write',
  'judgement.read',
  'judgement.write',
  'user.read',
  'user.write',
  'system.read',
] as const;
export type Permission = (typeof permissions)[number];

export function actorName(actor: Actor): string {
  if (actor.kind === 'user') return `user:${actor.userId}`;
  return actor.kind === 'apiKey' ? `apiKey:${actor.keyId}` : `system:${actor.job}`;
}
