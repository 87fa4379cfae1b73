import { describe, expect, it } from 'vitest';
import { valueFiles } from '../../kubernetes/chart-files.ts';
import { checkPods, findSchemaFault, parseObjects } from '../../kubernetes/check-objects.ts';
import { findHelm, renderChart } from '../../kubernetes/find-helm.ts';

const helm = findHelm();

describe.skipIf(helm === null)(`the chart, rendered by Helm${helm === null ? ' (not reachable here)' : ''}`, () => {
  it.each(valueFiles)('makes objects from %s that Kubernetes and KEDA take, and that run confined', async (file) => {
    const objects = parseObjects(renderChart(helm ?? '', file));
    const faults = await Promise.all(objects.map(findSchemaFault));
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
    expect(checkPods(objects)).toEqual([]);
  });

  it('would tell what they do not take', async () => {
    const gateway = parseObjects(renderChart(helm ?? '', null)).find(({ kind }) => kind === 'Deployment');
    if (gateway === undefined) throw new TypeError('there is no Deployment');
    const spec = { ...gateway.spec, replicas: 'two' };
    expect(await findSchemaFault({ ...gateway, spec })).toContain('replicas');
  });

  it('migrates before anything of a release starts', () => {
    const jobs = parseObjects(renderChart(helm ?? '', null)).filter(({ kind }) => kind === 'Job');
    expect(jobs.map(({ metadata }) => metadata.annotations['helm.sh/hook'])).toEqual(['pre-install,pre-upgrade']);
  });

  it('lets no budget and no scaler name what is not there', () => {
    const objects = parseObjects(renderChart(helm ?? '', 'ci/gpu-values.yaml'));
    const deployments = new Set(
      objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name),
    );
    for (const kind of ['PodDisruptionBudget', 'ScaledObject', 'HorizontalPodAutoscaler'])
      for (const object of objects.filter((each) => each.kind === kind))
        expect(deployments, kind).toContain(object.metadata.name);
    expect(objects.filter(({ kind }) => kind === 'ScaledObject')).toHaveLength(4);
  });

  it('puts GPU workers, and them alone, on nodes with GPUs', () => {
    const objects = parseObjects(renderChart(helm ?? '', 'ci/gpu-values.yaml'));
    const withGpu = objects.flatMap(({ kind, metadata, spec }) => {
      const limits = spec?.template?.spec.containers[0]?.resources?.limits ?? {};
      return kind === 'Deployment' && 'nvidia.com/gpu' in limits
        ? [[metadata.name, spec?.template?.spec.tolerations]]
        : [];
    });
    const tolerations = [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }];
    expect(withGpu).toEqual([
      ['demo-fine-tuning', tolerations],
      ['demo-inference', tolerations],
    ]);
  });

  it('refuses values that the schema does not know', () => {
    expect(() => renderChart(helm ?? '', null, ['--set', 'gatway.replicas=2'])).toThrow(/gatway/);
  });
});
