/** The program of the callers of a soak: so many requests a second, whether or not those before are answered. */
import { Agent, request as send } from 'undici';
import { answerTheRun } from '../harness/asked-process.ts';
import { EmulatorControl } from '../harness/emulator-control.ts';
import { reached } from '../harness/waiting.ts';
import { type GraphqlReply, outcomeOf, payloadOf } from './outcome.ts';
import { type Phase, RequestFigures, type RequestReport } from './request-figures.ts';
import { type PlannedRequest, RequestMix } from './request-mix.ts';

export type RequestsCommand =
  | { readonly do: 'begin'; readonly plan: RequestsPlan; readonly phase: Phase }
  /** What is sent from now on belongs to it. */
  | { readonly do: 'enter'; readonly phase: Phase }
  /** Sends no more, and waits for what is under way. */
  | { readonly do: 'end' };

export interface RequestsPlan {
  readonly url: string;
  readonly emulatorUrl: string;
  readonly perSecond: number;
  /** Ids that may be read. */
  readonly jobs: readonly string[];
}

const tickMs = 20;
/** Longer than anything may take, so that what hangs is told from what is slow. */
const giveUpMs = 25_000;
/** More than these are forgotten at the emulator, or its lists would grow, and with them the work of every walk. */
const createdAtMost = 50;

/**
 * As many callers as may wait at once, each with a connection. Beyond them a request is not sent: it would only wait here,
 * and seem slow. They are fewer than the 511 connections that a listening Node server lets wait: it accepts one in each turn
 * of its loop, and whom the kernel turns away meanwhile has no answer for reasons that are not the gateway's.
 */
const underWayAtMost = 400;
/** This process may have been held up: whom it did not let call meanwhile must not all call at once. */
const perTickAtMost = 30;

const agent = new Agent({
  connections: underWayAtMost,
  keepAliveTimeout: 2_000,
  keepAliveMaxTimeout: 2_000,
  headersTimeout: giveUpMs,
  bodyTimeout: giveUpMs,
});
let figures = new RequestFigures();
let phase: Phase = 'rehearsal';
let timer: NodeJS.Timeout | undefined;
let mix = new RequestMix([]);

async function obey(command: RequestsCommand): Promise<RequestReport> {
  if (command.do === 'begin') {
    phase = command.phase;
    figures = new RequestFigures();
    begin(command.plan);
  } else if (command.do === 'enter') {
    phase = command.phase;
    mix.forgetKeys();
  } else {
    clearInterval(timer);
    figures.stop();
    await reached(async () => figures.pending === 0, giveUpMs + 1_000);
  }
  return figures.report();
}

function begin({ url, emulatorUrl, perSecond, jobs }: RequestsPlan): void {
  mix = new RequestMix(jobs);
  const caller = new Caller(url, new EmulatorControl(emulatorUrl), mix);
  const startedAt = performance.now();
  let begun = 0;
  timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1_000);
    for (let count = 0; begun < due; begun += 1, count += 1) {
      if (count < perTickAtMost && figures.pending < underWayAtMost) void caller.call();
      else figures.holdBack();
    }
  }, tickMs);
}

class Caller {
  readonly #url: string;
  readonly #emulator: EmulatorControl;
  readonly #mix: RequestMix;
  readonly #created = new Set<string>();

  constructor(url: string, emulator: EmulatorControl, mix: RequestMix) {
    this.#url = url;
    this.#emulator = emulator;
    this.#mix = mix;
  }

  async call(): Promise<void> {
    const planned = this.#mix.next();
    const inPhase = phase;
    const counting = figures;
    const startedAt = performance.now();
    const tookMs = (): number => performance.now() - startedAt;
    counting.begin();
    try {
      const { status, reply } = await this.#send(planned);
      counting.answered(planned, outcomeOf(status, reply), tookMs(), inPhase);
      this.#learn(planned, reply);
    } catch (error) {
      counting.unanswered(planned, error, tookMs(), inPhase);
    }
  }

  async #send({ body }: PlannedRequest): Promise<{ readonly status: number; readonly reply: GraphqlReply }> {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const { statusCode, body: answer } = await send(this.#url, { method: 'POST', headers, body, dispatcher: agent });
    return { status: statusCode, reply: (await answer.json()) as GraphqlReply };
  }

  #learn({ kind }: PlannedRequest, reply: GraphqlReply): void {
    const { job, pageInfo } = payloadOf(reply) ?? {};
    if (kind === 'page' && pageInfo?.endCursor != null) this.#mix.hasPaged(pageInfo.endCursor);
    if (!kind.startsWith('create') || job == null) return;
    this.#mix.hasCreated(job.id);
    this.#created.add(job.awsJobId);
    const [oldest] = this.#created;
    if (this.#created.size <= createdAtMost || oldest === undefined) return;
    this.#created.delete(oldest);
    // A create that is repeated may name one that is forgotten already.
    this.#emulator.forgetJob(oldest).catch(() => {});
  }
}

answerTheRun(obey);
