// Validations on their way: the keyer is already on the next pli. Each is sent until it is answered, under the same key, so that
// it counts once. A lease that lapsed during a cut is asked for again; when somebody else has the pli, the keyer is told.
import { Failure, newKey } from '../api/client';
import type { Validation } from '../api/types';
import type { KeyingApi } from './api';
import type { Form } from './form.svelte';

interface Sent { form: Form; validation: Validation; key: string }
export interface Refusal { form: Form; failure: Failure }

export class Outbox {
  waiting = $state(0);
  offline = $state(false);
  lastUndo = $state('');
  lastDocuments: string[] = [];
  #api: KeyingApi;
  #queue: Sent[] = [];
  #busy = false;
  #onrefused: (refusal: Refusal) => void;
  #ondone: (form: Form) => void;

  constructor(api: KeyingApi, onrefused: (refusal: Refusal) => void, ondone: (form: Form) => void) {
    this.#api = api;
    this.#onrefused = onrefused;
    this.#ondone = ondone;
  }

  push(form: Form, validation: Validation): void {
    this.#queue.push({ form, validation, key: newKey() });
    this.waiting = this.#queue.length;
    void this.#run();
  }
  // Resolves when everything was answered; F9 waits for it.
  async settled(): Promise<void> {
    while (this.#busy) await new Promise((done) => setTimeout(done, 20));
  }

  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#queue[0], failures = 0; next; next = this.#queue[0]) {
      try {
        const answer = await this.#api.validate(next.form.job, next.validation, next.key);
        this.lastUndo = answer.undo ?? '';
        this.lastDocuments = answer.documents.map((row) => row.id);
        this.offline = false;
        failures = 0;
        this.#queue.shift();
        this.#ondone(next.form);
      } catch (error) {
        if (!(error instanceof Failure) || error.transient) {
          this.offline = true;
          failures += 1;
          await new Promise((done) => setTimeout(done, Math.min(4_000, 500 * 2 ** failures)));
          continue;
        }
        if (error.code === 'KEYING_LEASE_LOST' && await this.#again(next)) continue;
        this.#queue.shift();
        this.#onrefused({ form: next.form, failure: error });
      }
      this.waiting = this.#queue.length;
    }
    this.#busy = false;
  }

  async #again(sent: Sent): Promise<boolean> {
    if (sent.key.endsWith('-2')) return false;
    try {
      const job = await this.#api.open(sent.form.job.id);
      sent.form.job = { ...sent.form.job, fence: job.fence, lease_until: job.lease_until };
      sent.key = `${sent.key}-2`;
      return true;
    } catch {
      return false;
    }
  }
}
