/** Events that no gateway sends at a test's wish, put into the subscription of a page. */
import type { Page } from 'playwright-core';

/** Takes effect with the next load of the page. What it gives sends an event to the newest subscription to all jobs. */
export async function injectEvents(page: Page): Promise<(event: object) => void> {
  let send: (event: object) => void = () => {
    throw new Error('expected a subscription to all jobs, received none');
  };
  await page.routeWebSocket(/graphql/, (socket) => {
    const gateway = socket.connectToServer();
    socket.onMessage((message) => {
      gateway.send(message);
      const { type, id, payload } = JSON.parse(String(message));
      if (type !== 'subscribe' || !payload.query.includes('jobActivity')) return;
      send = (event) => socket.send(JSON.stringify({ type: 'next', id, payload: { data: { jobActivity: event } } }));
    });
  });
  return (event) => send(event);
}
