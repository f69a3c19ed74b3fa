// The chain as it moves, from server-sent events.
//
// Operation: the stream is read with fetch, not EventSource, because its comments count: one every 15 s tells an idle chain from a
// cut network. After a cut it resumes by Last-Event-ID, so that no change is missed, and asks for the status every 5 s meanwhile.
// It is open while a screen listens and the tab is seen: a browser opens at most 6 connections to one server.
import { get } from './client';
import type { Change, Figures, Status } from './types';

const silenceMax = 20_000;
const retryAfter = 3_000;
const pollEvery = 5_000;
const changesKept = 200;

export type Link = 'connecting' | 'on' | 'off' | 'away';

class Live {
  status = $state.raw<Status | null>(null);
  figures = $state.raw<Figures | null>(null);  // of the last day, without their history; every ten seconds
  changes = $state.raw<Change[]>([]);  // the latest first
  link = $state<Link>('connecting');
  statusAt = $state(0);                // when the status above was known to be true
  lostAt = $state(0);                  // when the link was lost; 0 while it holds
  now = $state(Date.now());
  listening = $state(false);           // a screen shows it
  #lastId = '';
  #listeners = 0;
  #run: object | null = null;  // the loop that keeps the stream open; another object ends it
  #attempt: AbortController | null = null;
  #handlers = new Set<(status: Status) => void>();

  get ageSeconds(): number { return this.link === 'on' ? 0 : this.statusAt ? (this.now - this.statusAt) / 1000 : Infinity; }
  get stale(): boolean { return this.status !== null && this.ageSeconds > 10; }
  get dead(): boolean { return this.status !== null && this.ageSeconds > 60; }
  get alarm(): boolean { return this.link !== 'on' && this.lostAt > 0 && this.now - this.lostAt > 3_000; }

  constructor() {
    setInterval(() => { this.now = Date.now(); this.#watch(); }, 1_000);
    setInterval(() => { if (this.#listeners > 0 && this.link !== 'on' && !document.hidden) void this.#poll(); }, pollEvery);
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.#close(); else this.#open(); });
  }

  // For as long as a screen is shown; returns the function that ends it.
  listen(onstatus?: (status: Status) => void): () => void {
    this.#listeners += 1;
    this.listening = true;
    if (onstatus) this.#handlers.add(onstatus);
    this.#open();
    return () => {
      this.#listeners -= 1;
      if (onstatus) this.#handlers.delete(onstatus);
      if (this.#listeners === 0) { this.listening = false; this.#close(); }
    };
  }

  #heardAt = 0;
  // A network that was cut says nothing: the comments of the stream stop.
  #watch(): void {
    if (this.link === 'on' && Date.now() - this.#heardAt > silenceMax) this.#attempt?.abort();
  }

  #close(): void {
    this.#run = null;
    this.#attempt?.abort();
    this.link = 'connecting';
    this.lostAt = 0;
  }

  #open(): void {
    if (this.#run || this.#listeners === 0 || document.hidden) return;
    const run = {};
    this.#run = run;
    void (async () => {
      while (this.#run === run) {
        this.#attempt = new AbortController();
        try {
          await this.#read(this.#attempt.signal);
        } catch { /* said by #lost */ }
        if (this.#run !== run) return;
        this.#lost();
        await new Promise((done) => setTimeout(done, retryAfter));
      }
    })();
  }

  #lost(): void {
    if (this.link !== 'away') this.link = this.statusAt ? 'off' : 'connecting';
    if (this.lostAt === 0) this.lostAt = Date.now();
  }

  async #read(signal: AbortSignal): Promise<void> {
    const response = await fetch('/api/v1/events', { signal, headers: this.#lastId ? { 'Last-Event-ID': this.#lastId } : {} });
    if (!response.ok || !response.body) throw new Error('no stream');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error('ended');
      this.#heardAt = Date.now();
      rest += value;
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        this.#take(rest.slice(0, end));
        rest = rest.slice(end + 2);
      }
    }
  }

  #take(block: string): void {
    let event = '', data = '', id = '';
    for (const line of block.split('\n')) {
      if (line.startsWith('event: ')) event = line.slice(7);
      else if (line.startsWith('data: ')) data += line.slice(6);
      else if (line.startsWith('id: ')) id = line.slice(4);
    }
    if (id) this.#lastId = id;
    if (event === 'status') this.#know(JSON.parse(data) as Status);
    else if (event === 'figures') this.figures = JSON.parse(data) as Figures;
    else if (event === 'away') { this.link = 'away'; if (this.lostAt === 0) this.lostAt = Date.now(); }
    else if (event === 'change') this.changes = [JSON.parse(data) as Change, ...this.changes].slice(0, changesKept);
    else if (event === '' && this.status && this.link !== 'away') this.#held();
  }

  #held(): void {
    this.link = 'on';
    this.lostAt = 0;
    this.statusAt = Date.now();
  }

  #know(status: Status): void {
    this.status = status;
    this.#held();
    for (const handler of this.#handlers) handler(status);
  }

  async #poll(): Promise<void> {
    try {
      const status = await get<Status>('/status');
      this.status = status;
      this.statusAt = Date.now();
      for (const handler of this.#handlers) handler(status);
    } catch { /* the banner says it already */ }
  }
}

export const live = new Live();
