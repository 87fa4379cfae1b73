import { DockerfileParser, type Instruction, JSONInstruction } from 'dockerfile-ast';

export interface Step {
  keyword: string;
  /** Everything after the keyword, flags left out. */
  text: string;
  words: string[];
  /** `--from=` of a COPY. */
  from: string | null;
  /** The JSON form of CMD, ENTRYPOINT and HEALTHCHECK. */
  command: string[];
}

export interface Stage {
  name: string;
  from: string;
  steps: Step[];
}

/** The stages of a Dockerfile, by name. */
export function readStages(text: string): Map<string, Stage> {
  const stages = new Map<string, Stage>();
  let current: Stage | null = null;
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const step = readStep(instruction);
    if (step.keyword === 'FROM') {
      const [from = '', , name = String(stages.size)] = step.words;
      current = { name, from, steps: [] };
      stages.set(name, current);
    } else current?.steps.push(step);
  }
  return stages;
}

function readStep(instruction: Instruction): Step {
  const all = instruction.getArguments().map((word) => word.getValue());
  const isJson = instruction instanceof JSONInstruction;
  return {
    keyword: instruction.getKeyword(),
    text: (instruction.getArgumentsContent() ?? '').replace(/^(--\S+\s+)+/, '').replaceAll('\\\n', ' '),
    words: all.filter((word) => !word.startsWith('--')),
    from: /--from=(\S+)/.exec(instruction.getTextContent())?.[1] ?? null,
    command: isJson ? instruction.getJSONStrings().map((word) => word.getJSONValue()) : commandIn(instruction),
  };
}

/** HEALTHCHECK carries a command behind options and the word CMD. */
function commandIn(instruction: Instruction): string[] {
  const json = /CMD\s+(\[.*\])\s*$/s.exec(instruction.getArgumentsContent() ?? '')?.[1];
  return json === undefined ? [] : JSON.parse(json);
}
