import type {
  ApiKeyStore,
  AuditLog,
  CategoryStore,
  CollectionCheckStore,
  CollectionStore,
  DataSourceStore,
  ExperimentStore,
  ImprovementStore,
  ItemStore,
  JudgementStore,
  ModelStore,
  PolicyStore,
  SavedViewStore,
  SuggestionStore,
  UserStore,
  WordStore,
} from '@embedding-studio/contracts';
import { createApiKeyStore, createAuditLog } from './access-stores.ts';
import { createCategoryStore } from './category-store.ts';
import { claimProject } from './claim-project.ts';
import { createCollectionCheckStore } from './collection-check-store.ts';
import { createCollectionStore } from './collection-store.ts';
import { Connection, type PoolFacts, type PostgresSettings } from './connection.ts';
import { createDataSourceStore } from './data-source-store.ts';
import { createExperimentStore } from './experiments/experiment-store.ts';
import { createImprovementStore } from './improvement/improvement-store.ts';
import { createItemStore } from './item-store.ts';
import { createJudgementStore } from './judgement-store.ts';
import { migratePostgres } from './migrate-postgres.ts';
import { createModelStore } from './model-store.ts';
import { createPool } from './open-pool.ts';
import { createPolicyStore } from './policy-store.ts';
import type { ReplicaFacts } from './replicas/replica.ts';
import { createSavedViewStore } from './saved-view-store.ts';
import { createSignInDatabase, type SignInDatabase } from './sign-in-database.ts';
import { createSuggestionStore } from './suggestions/suggestion-store.ts';
import { createUserStore } from './user-store.ts';
import { createWordStore } from './word-store.ts';

export interface PostgresStores {
  items: ItemStore;
  collections: CollectionStore;
  models: ModelStore;
  dataSources: DataSourceStore;
  improvement: ImprovementStore;
  policies: PolicyStore;
  words: WordStore;
  apiKeys: ApiKeyStore;
  users: UserStore;
  /** What the sign-in library keeps its accounts and sessions in. */
  signIn: SignInDatabase;
  audit: AuditLog;
  suggestions: SuggestionStore;
  categories: CategoryStore;
  savedViews: SavedViewStore;
  judgements: JudgementStore;
  collectionChecks: CollectionCheckStore;
  experiments: ExperimentStore;
  /** Brings the schema up to date; safe to call from every process at start. */
  migrate(): Promise<void>;
  /** Notes whose data this is. @throws StudioError SETTINGS_INVALID where it is another project's */
  claimProject(slug: string): Promise<void>;
  /** One round trip. @throws StudioError STORE_UNAVAILABLE */
  ping(): Promise<void>;
  /** Connections at this moment. */
  describePools(): PoolFacts[];
  /** Standbys as of the last look at them; none where none is set. */
  describeReplicas(): ReplicaFacts[];
  /** Versions of the server and of pgvector. */
  describe(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Connects (one round trip proves it) and hands out the stores that live in Postgres. Does not migrate.
 * @throws StudioError STORE_UNAVAILABLE
 */
export async function openPostgres(settings: PostgresSettings): Promise<PostgresStores> {
  const connection = new Connection(createPool(settings), settings);
  const ping = async (): Promise<void> => {
    await connection.query('SELECT 1');
  };
  try {
    await ping();
    await connection.replicas?.start();
  } catch (error) {
    await connection.end();
    throw error;
  }
  return {
    items: createItemStore(connection),
    collections: createCollectionStore(connection),
    models: createModelStore(connection),
    dataSources: createDataSourceStore(connection),
    improvement: createImprovementStore(connection),
    policies: createPolicyStore(connection),
    words: createWordStore(connection),
    apiKeys: createApiKeyStore(connection),
    users: createUserStore(connection),
    signIn: createSignInDatabase(connection),
    audit: createAuditLog(connection),
    suggestions: createSuggestionStore(connection),
    categories: createCategoryStore(connection),
    savedViews: createSavedViewStore(connection),
    judgements: createJudgementStore(connection),
    collectionChecks: createCollectionCheckStore(connection),
    experiments: createExperimentStore(connection),
    migrate: () => migratePostgres(connection.pool),
    claimProject: (slug) => claimProject(connection, slug),
    ping,
    describePools: () => connection.describePools(),
    describeReplicas: () => connection.replicas?.describe() ?? [],
    describe: () => describePostgres(connection),
    close: () => connection.end(),
  };
}

async function describePostgres(connection: Connection): Promise<string> {
  const [row] = await connection.query<{ server: string; pgvector: string | null }>(
    `SELECT current_setting('server_version') AS server,
      (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS pgvector`,
  );
  return `${row?.server ?? ''}, pgvector ${row?.pgvector ?? 'missing'}`;
}
