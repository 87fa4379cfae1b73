import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { ownAppOf, unknownSettings } from '../containers/known-settings.ts';

const Variable = z.looseObject({ name: z.string(), value: z.string().optional() });
const Container = z.looseObject({
  image: z.string(),
  env: z.array(Variable).default([]),
  resources: z.looseObject({ limits: z.record(z.string(), z.unknown()).default({}) }).optional(),
  securityContext: z
    .looseObject({ allowPrivilegeEscalation: z.boolean(), readOnlyRootFilesystem: z.boolean() })
    .optional(),
});
const Pod = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
  spec: z.looseObject({
    securityContext: z.looseObject({ runAsNonRoot: z.boolean() }).optional(),
    containers: z.array(Container).min(1),
  }),
});
const ClusterObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({ template: Pod.optional() }).optional(),
});
export type ClusterObject = z.infer<typeof ClusterObject>;

export function parseObjects(text: string): ClusterObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object !== null)
    .map((object) => ClusterObject.parse(object));
}

type Model = new (object: object) => { validate(): void };

/** Held against the schemas of Kubernetes, and of KEDA for its own; one sentence where it does not fit. */
export async function findSchemaFault(object: ClusterObject): Promise<string | null> {
  const { apiVersion, kind, metadata } = object;
  const from = apiVersion.startsWith('keda.sh') ? '@kubernetes-models/keda' : 'kubernetes-models';
  const models: Record<string, Model> = await import(`${from}/${apiVersion}/${kind}`);
  const Class = models[kind];
  try {
    if (Class === undefined) return `${kind} ${metadata.name}: there is no schema.`;
    new Class(object).validate();
    return null;
  } catch (error) {
    return `${kind} ${metadata.name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What is wrong with the pods beyond their schema, one sentence each. */
export function checkPods(objects: readonly ClusterObject[]): string[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    if (spec?.template === undefined) return [];
    const { spec: pod } = spec.template;
    const faults = [
      ...(pod.securityContext?.runAsNonRoot === true ? [] : ['it may run as root.']),
      ...pod.containers.flatMap((container) => checkContainer(container, kind === 'Deployment')),
    ];
    return faults.map((fault) => `${metadata.name}: ${fault}`);
  });
}

function checkContainer(container: z.infer<typeof Container>, isService: boolean): string[] {
  const { image, env, securityContext, resources } = container;
  const app = ownAppOf(image.replace(/@.*$/, ''));
  const names = env.map(({ name }) => name);
  const given = env.filter(({ name, value }) => value !== undefined && /(PASSWORD|SECRET|TOKEN|_KEY$)/.test(name));
  return [
    ...(/(:[\w.-]+|@sha256:[0-9a-f]{64})$/.test(image) && !image.endsWith(':latest')
      ? []
      : [`${image} is not pinned.`]),
    ...(securityContext?.allowPrivilegeEscalation === false ? [] : ['it may gain privileges.']),
    ...(securityContext?.readOnlyRootFilesystem === true ? [] : ['its root can be written.']),
    ...(resources?.limits.memory === undefined ? ['it has no limit of memory.'] : []),
    ...(isService && !('readinessProbe' in container && 'livenessProbe' in container) ? ['it lacks a probe.'] : []),
    ...(app === null
      ? [`${image} is none of our images.`]
      : unknownSettings(app, names).map((n) => `${n} is no setting.`)),
    ...names.filter((name, place) => names.indexOf(name) !== place).map((name) => `${name} is given twice.`),
    ...given.map(({ name }) => `${name} is written out.`),
  ];
}
