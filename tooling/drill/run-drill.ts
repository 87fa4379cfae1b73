import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from '../installation/node-part.ts';
import { type Installation, startInstallation } from '../installation/start-installation.ts';
import { createBalancer, type Send } from './balancer.ts';
import { startLoad } from './load.ts';
import { judge, type Verdict } from './oracle.ts';
import { createTally, type Window } from './tally.ts';

export interface DrillOptions {
  /** Names of parts to kill, in this order, `a+b` one while the other is dead; null: every one, and clicks' worst case. */
  parts: readonly string[] | null;
  /** How long a part stays dead before it is started again, seconds. */
  downSeconds: number;
  searchesPerSecond: number;
  upsertsPerSecond: number;
  workers: readonly (readonly string[])[];
  gateways: number;
  withStandby: boolean;
  tell: (line: string) => void;
}

export interface DrillReport {
  windows: (Window & { lost: number })[];
  verdict: Verdict;
}

const wholeTimeoutMs = 120_000;

/** Kills every part of an installation under load, one after the other, and sees what became of all that was acknowledged. */
export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  const { tell } = options;
  const installation = await startInstallation(options);
  try {
    const send = createBalancer(installation.gateways, installation.key);
    const tally = createTally();
    tally.open('nothing');
    const { searchesPerSecond, upsertsPerSecond } = options;
    const load = startLoad({ send, tally, searchesPerSecond, upsertsPerSecond, run: Date.now().toString(36) });
    await sleep(options.downSeconds * 1_000);
    for (const part of choose(installation.parts, options)) {
      const window = tally.open(part.name);
      tell(`kills ${part.name}`);
      await part.kill();
      await sleep(options.downSeconds * 1_000);
      const restarted = performance.now();
      await part.start();
      await untilWhole({ installation, send, probe: `whole-${tally.windows.length}` });
      window.backAfter = (performance.now() - restarted) / 1_000;
      tell(`${part.name}: whole again ${window.backAfter.toFixed(1)} s after its restart`);
    }
    tally.open('afterwards');
    await load.stop();
    tell('looks for all that was acknowledged');
    const verdict = await judge({ installation, tally, send });
    return {
      windows: tally.windows.map((window) => ({ ...window, lost: verdict.lost.get(window.name) ?? 0 })),
      verdict,
    };
  } finally {
    await installation.close();
  }
}

/** What waits in the spool of a gateway outlives that gateway. */
const worstForClicks = 'documents+gateway 1';

function choose(parts: readonly Part[], { parts: names, downSeconds }: DrillOptions): Part[] {
  const all = [...parts.map(({ name }) => name), worstForClicks];
  return (names ?? all).map((name) => {
    const found = name.split('+').map((one) => findPart(parts, one));
    return found.length === 1 && found[0] !== undefined ? found[0] : together(found, { name, downSeconds });
  });
}

function findPart(parts: readonly Part[], name: string): Part {
  const found = parts.find((part) => part.name === name);
  if (found !== undefined) return found;
  throw new Error(`There is no part ${name}; there are ${parts.map((part) => part.name).join(', ')}`);
}

/** Killed one after the other, so that the second lives without the first for a while; the second starts without it, too. */
function together(parts: readonly Part[], { name, downSeconds }: { name: string; downSeconds: number }): Part {
  return {
    ...{ name, pid: () => null },
    async kill() {
      for (const part of parts) {
        if (part !== parts[0]) await sleep(downSeconds * 1_000);
        await part.kill();
      }
    },
    async start() {
      for (const part of [...parts].reverse()) await part.start();
    },
    async stop() {
      for (const part of parts) await part.stop();
    },
  };
}

/** Every gateway answers a complete search whose session is kept, and an item that is written is indexed. */
async function untilWhole(look: { installation: Installation; send: Send; probe: string }): Promise<void> {
  const { installation, send, probe } = look;
  const deadline = Date.now() + wholeTimeoutMs;
  const isWhole = async () => {
    for (const url of installation.gateways) {
      const direct = createBalancer([url], installation.key);
      const body = { search_query: 'thing number 3', limit: 3 };
      const { status, body: answer } = await direct({ path: '/embeddings/similarity-search', body });
      if (status !== 200 || (answer.degraded as string[]).length > 0) return false;
    }
    const items = [{ object_id: probe, title: 'probe', text: 'of a drill' }];
    await send({ path: '/embeddings/upsertion-tasks/run', body: { id: probe, items } });
    const task = await installation.studio.deps.tasks.getTask(probe).catch(() => null);
    return task?.status === 'done';
  };
  while (!(await isWhole())) {
    if (Date.now() > deadline) throw new Error('The installation does not become whole again');
    await sleep(100);
  }
}
