import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Stage, Step } from './read-stages.ts';

export interface Replay {
  /** The build's context. */
  context: string;
  /** Each stage gets a folder in it that stands for its root. */
  scratch: string;
  stages: ReadonlyMap<string, Stage>;
  done: Map<string, ReplayedStage>;
  say(line: string): void;
}

export interface ReplayedStage {
  /** Stands for `/`. */
  root: string;
  workdir: string;
  env: Record<string, string>;
  entrypoint: string[];
  command: string[];
  healthcheck: string[];
}

// What .dockerignore keeps out, as far as it lies in folders that are copied.
const ignored = /(^|\/)(node_modules|\.next|\.turbo|test|\.env[^/]*)(\/|$)|\.test\.ts$|\.tsbuildinfo$|next-env\.d\.ts$/;

/** Carries out COPY, WORKDIR, ENV and RUN of a stage, after those that it needs; once each. */
export function replayStage(name: string, replay: Replay): ReplayedStage {
  const known = replay.done.get(name);
  if (known !== undefined) return known;
  const stage = replay.stages.get(name);
  if (stage === undefined) throw new TypeError(`There is no stage ${name}.`);
  const base = replay.stages.has(stage.from) ? replayStage(stage.from, replay) : null;
  const root = join(replay.scratch, name);
  mkdirSync(root, { recursive: true });
  // Hard links: a base costs neither time nor room again.
  if (base !== null) execFileSync('cp', ['-al', `${base.root}/.`, root]);
  const made: ReplayedStage = {
    ...(base ?? { workdir: '/', entrypoint: [], command: [], healthcheck: [] }),
    env: { ...base?.env },
    root,
  };
  for (const step of stage.steps) replayStep(step, made, replay);
  replay.done.set(name, made);
  return made;
}

function replayStep(step: Step, made: ReplayedStage, replay: Replay): void {
  switch (step.keyword) {
    case 'WORKDIR':
      made.workdir = resolve(made.workdir, step.words[0] ?? '/');
      mkdirSync(placeOf(made, '.'), { recursive: true });
      break;
    case 'ENV':
      for (const [, name = '', value = ''] of step.text.matchAll(/([A-Z0-9_]+)=(\S+)/g)) made.env[name] = value;
      break;
    case 'COPY':
      copy(step, made, replay);
      break;
    case 'RUN':
      run(step.text, made, replay);
      break;
    case 'CMD':
      made.command = step.command;
      break;
    case 'ENTRYPOINT':
      made.entrypoint = step.command;
      break;
    case 'HEALTHCHECK':
      made.healthcheck = step.command;
      break;
  }
}

function placeOf(made: ReplayedStage, path: string): string {
  return join(made.root, resolve(made.workdir, path));
}

function copy({ words, from }: Step, made: ReplayedStage, replay: Replay): void {
  const target = words.at(-1) ?? '.';
  for (const source of words.slice(0, -1)) {
    const path = from === null ? join(replay.context, source) : join(replayStage(from, replay).root, source);
    const isInto = target.endsWith('/') || words.length > 2;
    const place = isInto ? join(placeOf(made, target), source.split('/').at(-1) ?? '') : placeOf(made, target);
    mkdirSync(dirname(place), { recursive: true });
    if (from !== null) execFileSync('cp', ['-alT', path, place]);
    else
      cpSync(path, place, {
        recursive: true,
        filter: (each) => !ignored.test(each.slice(replay.context.length)),
      });
  }
}

/** Only what stays within the stage's folder: nothing is made outside it, and no user is changed. */
function run(command: string, made: ReplayedStage, { say }: Replay): void {
  if (/^install -d|^pip |^apt-get /.test(command)) {
    say(`not replayed: RUN ${command.slice(0, 60)}`);
    return;
  }
  const start = performance.now();
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...made.env };
  const cwd = placeOf(made, '.');
  const { status, stderr, stdout } = spawnSync('/bin/sh', ['-c', command], { cwd, env, encoding: 'utf8' });
  if (status !== 0 || !existsSync(cwd)) throw new TypeError(`RUN ${command}\n${`${stdout}${stderr}`.slice(-2_000)}`);
  say(`RUN ${command.slice(0, 60)}: ${((performance.now() - start) / 1_000).toFixed(1)} s`);
}
