/** The engine as the page sees it: questions in, documents out, one after the other, in a worker that can be ended. */
import type { Notice, Order, Question } from "./protocol";

export interface Heard {
  rows?(rows: string[]): void;
  progress?(read: number, size: number): void;
}

export interface Said {
  text: string;
  pieces: Blob | null;
  /** Bytes of memory that the engine has taken. */
  memory: number;
}

/** Why an answer did not come. */
export class Stopped extends Error {}

function part(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}

async function unpacked(base64: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = Uint8Array.from(atob(base64.trim()), (sign) => sign.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function workerUrl(): string {
  return URL.createObjectURL(new Blob([part("worker")], { type: "text/javascript" }));
}

function started(url: string): Worker {
  // The only place of the page that turns a text into code: the worker that stands in it.
  const trusted = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } }).trustedTypes;
  policy ??= trusted?.createPolicy("why401-worker", { createScriptURL: (own: string) => own });
  return new Worker(policy ? policy.createScriptURL(url) : url);
}
let policy: { createScriptURL(url: string): string } | undefined;

export class Engine {
  private worker: Worker | undefined;
  private waiting: Promise<unknown> = Promise.resolve();
  private stop: ((why: Stopped) => void) | undefined;
  /** Counts restarts: what was asked before one is not asked after it. */
  private life = 0;

  private constructor(
    private readonly module: WebAssembly.Module,
    private readonly url: string,
  ) {}

  static async start(): Promise<Engine> {
    const module = await WebAssembly.compile(await unpacked(part("engine")));
    // Megabytes of text that nothing reads any more.
    document.getElementById("engine")?.remove();
    return new Engine(module, workerUrl());
  }

  /** Asks when what was asked before is answered. */
  ask(question: Question, evidence?: Blob, heard: Heard = {}): Promise<Said> {
    const life = this.life;
    const turn = this.waiting.then(() => {
      if (life !== this.life) throw new Stopped("cancelled");
      return this.now(question, evidence, heard);
    });
    this.waiting = turn.catch(() => undefined);
    return turn;
  }

  /** Ends what runs and forgets everything that the engine knew. */
  cancel(why = "cancelled") {
    this.life += 1;
    this.worker?.terminate();
    this.worker = undefined;
    this.stop?.(new Stopped(why));
    this.stop = undefined;
  }

  private now(question: Question, evidence: Blob | undefined, heard: Heard): Promise<Said> {
    const worker = (this.worker ??= this.fresh());
    return new Promise((resolve, reject) => {
      this.stop = reject;
      worker.onmessage = (event: MessageEvent<Notice>) => {
        const notice = event.data;
        if (notice.kind === "rows") heard.rows?.(notice.rows);
        else if (notice.kind === "progress") heard.progress?.(notice.read, notice.size);
        else if (notice.kind === "failed") this.cancel(notice.why);
        else resolve(notice);
      };
      worker.onerror = () => this.cancel("the engine stopped");
      const order: Order = evidence ? { question, evidence } : { question };
      worker.postMessage(order);
    });
  }

  private fresh(): Worker {
    const worker = started(this.url);
    worker.postMessage({ module: this.module } satisfies Order);
    return worker;
  }
}
