/** The program of the callers of a soak: sends requests at a steady rate, whether or not earlier ones are answered. */
import { Agent, request as send } from 'undici';
import { EmulatorControl } from '../harness/emulator-control.ts';
import { reached } from '../harness/waiting.ts';
import { serveCommands } from '../harness/worker-process.ts';
import { type GraphqlReply, outcomeOf, payloadOf } from './outcome.ts';
import { type Phase, RequestFigures, type RequestReport } from './request-figures.ts';
import { type PlannedRequest, RequestMix } from './request-mix.ts';

export type RequestsCommand =
  | { readonly do: 'begin'; readonly plan: RequestsPlan; readonly phase: Phase }
  /** Assigns further requests to the phase. */
  | { readonly do: 'enter'; readonly phase: Phase }
  /** Stops sending, and waits for pending requests. */
  | { readonly do: 'end' };

export interface RequestsPlan {
  readonly url: string;
  readonly emulatorUrl: string;
  readonly perSecond: number;
  /** The ids to read. */
  readonly jobs: readonly string[];
}

const tickMs = 20;
/** Longer than any operation may take, to distinguish hanging from slow ones. */
const giveUpMs = 25_000;
/** Older jobs are removed at the emulator; otherwise its lists, and the work of every walk, would grow. */
const maxCreated = 50;

/**
 * The number of callers, each with a connection. Further requests are not sent, since they would only wait here and
 * seem slow. There are fewer than the 511 connections of a Node server's backlog: it accepts one in each turn of its
 * loop, and a connection that the kernel drops says nothing about the gateway.
 */
const maxUnderWay = 400;
/** If this process was blocked, the missed requests must not all be sent at once. */
const maxPerTick = 30;

const agent = new Agent({
  connections: maxUnderWay,
  keepAliveTimeout: 2_000,
  keepAliveMaxTimeout: 2_000,
  headersTimeout: giveUpMs,
  bodyTimeout: giveUpMs,
});
let figures = new RequestFigures();
let phase: Phase = 'rehearsal';
let timer: NodeJS.Timeout | undefined;
let mix = new RequestMix([]);

async function handle(command: RequestsCommand): Promise<RequestReport> {
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
  let started = 0;
  timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1_000);
    for (let count = 0; started < due; started += 1, count += 1) {
      if (count < maxPerTick && figures.pending < maxUnderWay) void caller.call();
      else figures.holdBack();
    }
  }, tickMs);
}

class Caller {
  readonly #url: string;
  readonly #emulator: EmulatorControl;
  readonly #mix: RequestMix;
  readonly #created = new Set<string>();
  readonly #removed = new Set<string>();

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
    // A repeated create may return a job that is already removed, which must not be canceled then.
    if (!kind.startsWith('create') || job == null || this.#removed.has(job.awsJobId)) return;
    this.#mix.hasCreated(job.id);
    this.#created.add(job.awsJobId);
    const [oldest] = this.#created;
    if (this.#created.size <= maxCreated || oldest === undefined) return;
    this.#created.delete(oldest);
    this.#removed.add(oldest);
    this.#emulator.forgetJob(oldest).catch(() => {});
  }
}

serveCommands(handle);
