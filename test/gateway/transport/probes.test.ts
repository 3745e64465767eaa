import { expect, test } from 'vitest';
import { z } from 'zod';
import { dockerInstructions, kubernetesObject } from '../../support/deploy-files.ts';
import { scraped, startGateway } from '../../support/gateway.ts';

const probe = z.looseObject({ httpGet: z.looseObject({ path: z.string(), port: z.literal('http') }) });

const deployment = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.tuple([z.looseObject({ startupProbe: probe, readinessProbe: probe, livenessProbe: probe })]),
      }),
    }),
  }),
});

test('the paths that Kubernetes and Docker probe are those that a healthy gateway answers with 200', async () => {
  const [container] = kubernetesObject('Deployment', 'waybill', deployment).spec.template.spec.containers;
  const { startupProbe, readinessProbe, livenessProbe } = container;
  const [, healthPath] = /^HEALTHCHECK .*\$\{process\.env\.PORT\}(\/\w+)`/m.exec(dockerInstructions().join('\n')) ?? [];
  const paths = [startupProbe, readinessProbe, livenessProbe].map(({ httpGet: { path } }) => path);
  expect([...paths, healthPath]).toEqual(['/livez', '/readyz', '/livez', '/livez']);
  const { url, metricsUrl } = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  for (const path of paths) expect((await fetch(new URL(path, url))).status).toBe(200);
  // Where Prometheus looks unless an annotation says otherwise.
  expect(new URL(metricsUrl ?? '').pathname).toBe('/metrics');
  expect(await scraped(metricsUrl)).toContain('waybill_');
});
