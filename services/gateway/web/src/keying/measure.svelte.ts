// What this keyer did since the session began: seen by nobody else, sent nowhere.
const storeKey = 'pleiade.mesures';

interface Totals { documents: number; keys: number; ms: number; acts: Record<string, number> }
const none = (): Totals => ({ documents: 0, keys: 0, ms: 0, acts: {} });

class Measure {
  totals = $state<Totals>(read());
  lastKeys = $state(0);
  lastMs = $state(0);
  nextMs = $state(0);      // from Enter to the next document painted
  #keys = 0;
  #since = 0;
  #idleAt = 0;

  begin(): void {
    this.#keys = 0;
    this.#since = this.#idleAt = performance.now();
  }
  // A minute without a key is not work on this document.
  key(): void {
    const now = performance.now();
    if (now - this.#idleAt > 60_000) this.#since += now - this.#idleAt;
    this.#idleAt = now;
    this.#keys += 1;
  }
  act(id: string): void { this.totals.acts[id] = (this.totals.acts[id] ?? 0) + 1; }
  end(documents: number): void {
    this.lastKeys = this.#keys;
    this.lastMs = performance.now() - this.#since;
    this.totals.documents += documents;
    this.totals.keys += this.#keys;
    this.totals.ms += this.lastMs;
    try {
      sessionStorage.setItem(storeKey, JSON.stringify(this.totals));
    } catch { /* full: the figures start again after a reload */ }
  }
  get perHour(): number { return this.totals.ms > 0 ? this.totals.documents / (this.totals.ms / 3_600_000) : 0; }
  get keysPerDocument(): number { return this.totals.documents > 0 ? this.totals.keys / this.totals.documents : 0; }
  // The gestures that would save time and that are used the least.
  get leastUsed(): string[] { return ['num-accepter', 'absent', 'precedent', 'defaire', 'attente', 'lire'].sort((a, b) => (this.totals.acts[a] ?? 0) - (this.totals.acts[b] ?? 0)).slice(0, 3); }
  reset(): void {
    this.totals = none();
    sessionStorage.removeItem(storeKey);
  }
}

function read(): Totals {
  try {
    return { ...none(), ...JSON.parse(sessionStorage.getItem(storeKey) ?? '{}') as Partial<Totals> };
  } catch {
    return none();
  }
}

export const measure = new Measure();
