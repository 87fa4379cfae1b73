import { MongoClient } from 'mongodb';

export interface MongoFacts {
  version: string;
  /** Name of the replica set; null: a server on its own. */
  replicaSet: string | null;
  /** Somebody without a name may read what databases there are. */
  isOpen: boolean;
  /** Its clock ahead of ours; null where it does not tell. */
  aheadMs: number | null;
}

const timeoutMs = 5_000;

/** @throws what the driver throws where nobody answers */
export async function inspectMongo(url: string): Promise<MongoFacts> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: timeoutMs, socketTimeoutMS: timeoutMs });
  try {
    await client.connect();
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    const info = await admin.command({ buildInfo: 1 });
    return {
      version: String(info.version),
      replicaSet: typeof hello.setName === 'string' ? hello.setName : null,
      isOpen: await isOpenToStrangers(url),
      aheadMs: hello.localTime instanceof Date ? hello.localTime.getTime() - Date.now() : null,
    };
  } finally {
    await client.close().catch(() => undefined);
  }
}

async function isOpenToStrangers(url: string): Promise<boolean> {
  // The driver reads addresses that no URL class does, such as those of several hosts.
  const nameless = url.replace(/^(mongodb(?:\+srv)?:\/\/)[^/@]*@/, '$1').replace(/([?&])authSource=[^&]*&?/, '$1');
  const client = new MongoClient(nameless, { serverSelectionTimeoutMS: timeoutMs, socketTimeoutMS: timeoutMs });
  try {
    await client.db('admin').command({ listDatabases: 1, nameOnly: true });
    return true;
  } catch {
    return false;
  } finally {
    await client.close().catch(() => undefined);
  }
}
