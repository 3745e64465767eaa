/** Reads from a gateway's metrics how many events it executed and how many shared an execution. */

export interface EventCounts {
  readonly executed: number;
  readonly shared: number;
}

export async function eventCounts(metricsUrl: string): Promise<EventCounts> {
  const text = await (await fetch(metricsUrl)).text();
  const count = (how: string): number =>
    Number(new RegExp(`^waybill_events_total\\{how="${how}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return { executed: count('executed'), shared: count('shared') };
}
