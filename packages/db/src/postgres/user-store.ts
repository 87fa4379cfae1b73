import {
  type InvitationRecord,
  type ProjectPlace,
  StudioError,
  type UserRecord,
  type UserStore,
} from '@embedding-studio/contracts';
import { and, count, desc, eq, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Connection } from './connection.ts';
import { invitations, signIns, users } from './user-schema.ts';

const columns = {
  ...{ id: users.id, name: users.name, email: users.email, role: users.role },
  ...{ projectRoles: users.projectRoles, disabledAt: users.disabledAt, createdAt: users.createdAt },
  lastSeenAt: sql<Date | null>`(SELECT max(s.updated_at) FROM sign_ins s WHERE s.user_id = users.id)`.mapWith(
    users.createdAt,
  ),
};

export function createUserStore(connection: Connection): UserStore {
  const db = drizzle(connection.pool);
  const findOne = (condition: SQL): Promise<UserRecord | null> =>
    connection.guard(async () => (await db.select(columns).from(users).where(condition))[0] ?? null);
  return {
    countUsers: () => connection.guard(async () => (await db.select({ n: count() }).from(users))[0]?.n ?? 0),
    findUser: (id) => findOne(eq(users.id, id)),
    findUserByEmail: (email) => findOne(eq(users.email, email.toLowerCase())),
    listUsers: ({ after, limit, place }) => {
      const before = sql`(users.created_at, users.id) < (SELECT u.created_at, u.id FROM users u WHERE u.id = ${after})`;
      const query = db
        .select(columns)
        .from(users)
        .where(and(after === null ? undefined : before, place === undefined ? undefined : mayEnter(place)));
      return connection.guard(() => query.orderBy(desc(users.createdAt), desc(users.id)).limit(limit));
    },
    changeUser: (change) => connection.guard(() => db.transaction((tx) => changeUser(tx, change))),
    ...invitationVerbs(connection, db),
  };
}

/** The same as `roleIn` says. */
function mayEnter({ project, projects }: ProjectPlace): SQL {
  const isFirst = project === projects[0];
  return sql`(users.role = 'admin' OR CASE WHEN users.project_roles IS NULL THEN ${isFirst}::boolean
    ELSE jsonb_exists(users.project_roles, ${project}) END)`;
}

type Change = Parameters<UserStore['changeUser']>[0];
type Transaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];

async function changeUser(tx: Transaction, { id, ...change }: Change): Promise<UserRecord> {
  // All admins are locked, so that two admins cannot remove each other at once.
  const isAdmin = and(eq(users.role, 'admin'), isNull(users.disabledAt));
  const admins = await tx.select({ id: users.id }).from(users).where(isAdmin).orderBy(users.id).for('update');
  const updated = await tx.update(users).set(change).where(eq(users.id, id)).returning({ id: users.id });
  if (updated.length === 0) throw new StudioError('INPUT_INVALID', `id: there is no user ${id}.`, { field: 'id' });
  const [left] = await tx.select({ n: count() }).from(users).where(isAdmin);
  if (admins.length > 0 && left?.n === 0)
    throw new StudioError('INPUT_INVALID', 'id: this is the last admin; make somebody else an admin first.', {
      field: 'id',
    });
  await tx.delete(signIns).where(eq(signIns.userId, id));
  const [row] = await tx.select(columns).from(users).where(eq(users.id, id));
  if (row === undefined) throw new StudioError('INTERNAL', `user ${id} vanished`);
  return row;
}

type InvitationVerb =
  | 'createInvitation'
  | 'findInvitationByHash'
  | 'findInvitationByEmail'
  | 'listInvitations'
  | 'acceptInvitation'
  | 'deleteInvitation';

function invitationVerbs(connection: Connection, db: NodePgDatabase): Pick<UserStore, InvitationVerb> {
  const open = (email: string) => and(eq(invitations.email, email.toLowerCase()), isNull(invitations.acceptedAt));
  return {
    createInvitation: (invitation) =>
      connection.guard(() =>
        db.transaction(async (tx): Promise<InvitationRecord> => {
          await tx.delete(invitations).where(open(invitation.email));
          const [row] = await tx.insert(invitations).values(invitation).returning();
          if (row === undefined) throw new StudioError('INTERNAL', 'an invitation was not stored');
          return row;
        }),
      ),
    findInvitationByHash: (tokenHash) =>
      connection.guard(async () => {
        const [row] = await db.select().from(invitations).where(eq(invitations.tokenHash, tokenHash));
        return row ?? null;
      }),
    findInvitationByEmail: (email) =>
      connection.guard(async () => (await db.select().from(invitations).where(open(email)))[0] ?? null),
    listInvitations: ({ after, limit }) => {
      const before = sql`(invitations.created_at, invitations.id) <
        (SELECT i.created_at, i.id FROM invitations i WHERE i.id = ${after})`;
      const condition = and(isNull(invitations.acceptedAt), after === null ? undefined : before);
      const query = db.select(getTableColumns(invitations)).from(invitations).where(condition);
      return connection.guard(() => query.orderBy(desc(invitations.createdAt), desc(invitations.id)).limit(limit));
    },
    acceptInvitation: (id, at) =>
      connection.guard(async () => {
        const unused = and(eq(invitations.id, id), isNull(invitations.acceptedAt));
        const taken = await db.update(invitations).set({ acceptedAt: at }).where(unused).returning();
        return taken.length === 1;
      }),
    deleteInvitation: (id) =>
      connection.guard(async () => {
        const gone = await db.delete(invitations).where(eq(invitations.id, id)).returning({ id: invitations.id });
        if (gone.length === 0)
          throw new StudioError('INPUT_INVALID', `id: there is no invitation ${id}.`, { field: 'id' });
      }),
  };
}
