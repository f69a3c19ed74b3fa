// What the wall has seen since it was opened: one sample a minute for 4 hours, and the last 10 minutes for rates. Counts only;
// kept for a reload in the tab's own storage.
import type { Status } from '../api/types';
import { queueId, stagesOf } from './model';

interface Sample { at: number; flows: number[]; stocks: number[]; depths: Record<string, number> }
const storeKey = 'pleiade.pilotage';
const minute = 60_000;
const keptMinutes = 240;
const rateWindow = 10 * minute;

class History {
  samples = $state.raw<Sample[]>(read());  // a minute apart, oldest first
  #recent: Sample[] = [];

  add(status: Status, now = Date.now()): void {
    const stages = stagesOf(status);
    const sample: Sample = {
      at: now, flows: stages.map((stage) => stage.flow), stocks: stages.map((stage) => stage.stock),
      depths: Object.fromEntries(status.queues.map((queue) => [queueId(queue), queue.depth])),
    };
    const last = this.#recent.at(-1);
    if (last && now - last.at < 5_000) return;
    this.#recent = [...this.#recent.filter((one) => now - one.at <= rateWindow), sample];
    const previous = this.samples.at(-1);
    if (previous && now - previous.at < minute) return;
    this.samples = [...this.samples, sample].slice(-keptMinutes);
    try {
      sessionStorage.setItem(storeKey, JSON.stringify(this.samples));
    } catch { /* full: the charts start again after a reload */ }
  }

  // Of one step, in units a minute; null until there is a minute to measure on.
  rate(stage: number, now = Date.now()): number | null {
    const seen = [...this.samples.filter((one) => now - one.at <= rateWindow), ...this.#recent].sort((a, b) => a.at - b.at);
    const first = seen[0], last = seen.at(-1);
    if (!first || !last || last.at - first.at < minute) return null;
    return Math.max(0, ((last.flows[stage] ?? 0) - (first.flows[stage] ?? 0)) / ((last.at - first.at) / minute));
  }
  line(id: string): { at: number; value: number }[] { return this.samples.map((one) => ({ at: one.at, value: one.depths[id] ?? 0 })); }
  stock(stage: number): { at: number; value: number }[] { return this.samples.map((one) => ({ at: one.at, value: one.stocks[stage] ?? 0 })); }
}

function read(): Sample[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storeKey) ?? '[]') as Sample[];
    return kept.filter((one) => Date.now() - one.at < keptMinutes * minute);
  } catch {
    return [];
  }
}

export const history = new History();
