// What was keyed goes to the hub at once, and again until it is there: a cut loses nothing that this page still holds.
//
// Operation: one queue per lease; entries of the same path replace one another; one request at a time. Never blocks a key.
import { Failure } from '../api/client';
import type { KeyingLease } from '../api/types';
import type { KeyingApi } from './api';

const againAfter = [500, 1_000, 2_000, 4_000];

export class Drafts {
  waiting = $state(0);          // entries not yet durable
  savedAt = $state(0);
  offline = $state(false);
  #api: KeyingApi;
  #onlost: (id: string) => void;
  #entries = new Map<string, { lease: KeyingLease; entries: Record<string, string> }>();
  #busy = false;
  #failures = 0;

  constructor(api: KeyingApi, onlost: (id: string) => void) {
    this.#api = api;
    this.#onlost = onlost;
  }

  keep(lease: KeyingLease, entries: Record<string, string>): void {
    const known = this.#entries.get(lease.id);
    this.#entries.set(lease.id, { lease, entries: { ...known?.entries, ...entries } });
    this.#count();
    void this.#flush();
  }
  // The lease ended by a validation, or is somebody else's.
  drop(id: string): void {
    this.#entries.delete(id);
    this.#count();
  }
  renewed(lease: KeyingLease): void {
    const known = this.#entries.get(lease.id);
    if (known) known.lease = lease;
  }

  #count(): void { this.waiting = [...this.#entries.values()].reduce((sum, one) => sum + Object.keys(one.entries).length, 0); }

  async #flush(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let next = [...this.#entries.values()][0]; next; next = [...this.#entries.values()][0]) {
      const sent = next.entries;
      next.entries = {};
      try {
        await this.#api.saveDraft(next.lease, sent);
        this.#failures = 0;
        this.offline = false;
        this.savedAt = Date.now();
        if (Object.keys(next.entries).length === 0) this.#entries.delete(next.lease.id);
      } catch (error) {
        if (error instanceof Failure && !error.transient) {
          this.#entries.delete(next.lease.id);
          if (error.code === 'KEYING_LEASE_LOST' || error.status === 409) this.#onlost(next.lease.id);
        } else {
          next.entries = { ...sent, ...next.entries };  // what was keyed since wins
          this.offline = true;
          await new Promise((done) => setTimeout(done, againAfter[Math.min(this.#failures, againAfter.length - 1)]));
          this.#failures += 1;
        }
      }
      this.#count();
    }
    this.#busy = false;
    this.offline = false;  // nothing is waiting any more
  }
}
