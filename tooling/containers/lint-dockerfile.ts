import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser, type Instruction, JSONInstruction } from 'dockerfile-ast';

export interface DockerfileContext {
  /** Folder that is the build's context. */
  root: string;
}

interface Stage {
  name: string;
  /** Image or earlier stage. */
  from: string;
  instructions: Instruction[];
}

const secretName = /(PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE|CREDENTIAL|_KEY)/i;

/** What is wrong with a Dockerfile of ours, one sentence each with its line; empty where nothing is. */
export function lintDockerfile(text: string, context: DockerfileContext): string[] {
  const instructions = DockerfileParser.parse(text).getInstructions();
  const stages = splitStages(instructions);
  const used = new Set([...stages.map(({ from }) => from), ...instructions.flatMap(sourceStageOf)]);
  const images = stages.filter(({ name }) => !used.has(name));
  return [
    ...checkBases(instructions, stages),
    ...instructions.flatMap((instruction) => checkInstruction(instruction, context)),
    ...images.flatMap((image) => checkImage(inherit(image, stages), context)),
  ];
}

function splitStages(instructions: readonly Instruction[]): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    const [from = '', , name = String(stages.length)] = wordsOf(instruction);
    if (instruction.getKeyword() === 'FROM') stages.push({ name, from, instructions: [] });
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** With the instructions of all stages that it builds on before its own. */
function inherit(stage: Stage, stages: readonly Stage[]): Stage {
  const base = stages.find(({ name }) => name === stage.from);
  if (base === undefined) return stage;
  return { ...stage, instructions: [...inherit(base, stages).instructions, ...stage.instructions] };
}

function checkBases(instructions: readonly Instruction[], stages: readonly Stage[]): string[] {
  const defaults = new Map(
    instructions
      .filter((instruction) => instruction.getKeyword() === 'ARG')
      .map((instruction) => {
        const [name = '', ...value] = (instruction.getArgumentsContent() ?? '').split('=');
        return [`\${${name}}`, value.join('=')];
      }),
  );
  const own = new Set(stages.map(({ name }) => name));
  return stages.flatMap(({ name, from }) => {
    const image = defaults.get(from) ?? from;
    if (own.has(image)) return [];
    const tag = /:([\w.-]+)(@sha256:[0-9a-f]{64})?$/.exec(image)?.[1];
    return tag === undefined || tag === 'latest' ? [`stage ${name}: ${image} is not pinned to a version.`] : [];
  });
}

function checkInstruction(instruction: Instruction, { root }: DockerfileContext): string[] {
  const line = (text: string) => `line ${instruction.getRange().start.line + 1}: ${text}`;
  const content = instruction.getArgumentsContent() ?? '';
  switch (instruction.getKeyword()) {
    case 'ADD':
      return [line('COPY says what is meant; ADD also unpacks and downloads.')];
    case 'ENV':
    case 'ARG':
      return secretName.test(content.replaceAll(/=\S*/g, ''))
        ? [line('a secret given here stays readable in the image.')]
        : [];
    case 'RUN':
      return /apt-get .*install/s.test(content) && !content.includes('/var/lib/apt/lists')
        ? [line('the lists of apt stay in the image.')]
        : [];
    case 'COPY':
      return sourceStageOf(instruction).length > 0
        ? []
        : wordsOf(instruction)
            .slice(0, -1)
            .filter((source) => !existsSync(join(root, source)))
            .map((source) => line(`${source} does not exist.`));
    default:
      return [];
  }
}

function checkImage({ name, instructions }: Stage, { root }: DockerfileContext): string[] {
  const last = (keyword: string) => instructions.filter((each) => each.getKeyword() === keyword).at(-1);
  const user = last('USER')?.getArgumentsContent() ?? 'root';
  const folder = wordsOf(last('WORKDIR'))[0] ?? '/';
  const entry = commandOf(last('CMD')).find((word) => /\.(ts|mjs|sh)$/.test(word));
  const isOurs = folder === '/app' && entry !== undefined;
  const probe = /"([^"]*\.mjs)"/.exec(last('HEALTHCHECK')?.getArgumentsContent() ?? '')?.[1];
  return [
    ...(/^(root|0)\b/.test(user) ? [`image ${name}: it runs as root.`] : []),
    ...(last('HEALTHCHECK') === undefined ? [`image ${name}: it has no HEALTHCHECK.`] : []),
    ...(last('CMD') === undefined ? [`image ${name}: it has no CMD.`] : []),
    // The work folder is another one in some images.
    ...(probe === undefined || (probe.startsWith('/app/') && existsSync(join(root, probe.slice('/app/'.length))))
      ? []
      : [`image ${name}: ${probe} is not where its health check looks.`]),
    ...(isOurs && !existsSync(join(root, entry)) ? [`image ${name}: ${entry} does not exist.`] : []),
  ];
}

function commandOf(instruction: Instruction | undefined): string[] {
  if (!(instruction instanceof JSONInstruction)) return [];
  return instruction.getJSONStrings().map((word) => word.getJSONValue());
}

function sourceStageOf(instruction: Instruction): string[] {
  if (instruction.getKeyword() !== 'COPY') return [];
  const flag = /--from=(\S+)/.exec(instruction.getTextContent());
  return flag?.[1] === undefined ? [] : [flag[1]];
}

/** Arguments without flags. */
function wordsOf(instruction: Instruction | undefined): string[] {
  const words = instruction?.getArguments().map((word) => word.getValue()) ?? [];
  return words.filter((word) => !word.startsWith('--'));
}
