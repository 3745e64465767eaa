/** The alert rules and the dashboard of `deploy/`, read as Prometheus and Grafana read them. */
import { parse } from 'yaml';
import { z } from 'zod';
import { textOf } from './deploy-files.ts';

const rule = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
});

const rules = z.object({ groups: z.tuple([z.object({ rules: z.array(rule) })]) });

export type AlertRule = z.infer<typeof rule>;

export function alertRules(): readonly AlertRule[] {
  return rules.parse(parse(textOf('deploy/prometheus/alerts.yaml'))).groups[0].rules;
}

const alertTests = z.object({
  tests: z.array(
    z.object({ alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })) }),
  ),
});

/** The alerts that a test of promtool expects to fire, and those that it expects not to. */
export function testedAlerts(): { readonly firing: readonly string[]; readonly quiet: readonly string[] } {
  const { tests } = alertTests.parse(parse(textOf('deploy/prometheus/alerts.test.yaml')));
  const all = tests.flatMap(({ alert_rule_test: each }) => each);
  const named = (isFiring: boolean): readonly string[] =>
    all.filter(({ exp_alerts: expected }) => expected.length > 0 === isFiring).map(({ alertname }) => alertname);
  return { firing: named(true), quiet: named(false) };
}

const panel = z.looseObject({
  title: z.string(),
  targets: z.array(z.looseObject({ expr: z.string() })).default([]),
});

/** Every query of the dashboard, with the variables as Grafana fills them for all gateways. */
export function dashboardQueries(rateInterval: string): readonly string[] {
  const { panels } = z.object({ panels: z.array(panel) }).parse(JSON.parse(textOf('deploy/grafana/waybill.json')));
  return panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', rateInterval).replaceAll('$instance', '.*')),
  );
}
