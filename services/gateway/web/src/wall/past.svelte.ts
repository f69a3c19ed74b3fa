// The hours before this screen was opened, as the hub counts them in its journal; asked again every minute while the wall is shown.
import { get } from '../api/client';
import { live } from '../api/live.svelte';
import type { Figures, PastFigures, QueueFigures, Step } from '../api/types';
import { queueId } from './model';

export interface Point { at: number; value: number }
export const periods: Record<string, { name: string; minutes: number }> = { '4h': { name: '4 heures', minutes: 240 }, '24h': { name: '24 heures', minutes: 1_440 } };
const window = 10;  // minutes, of the rates

class Past {
  history = $state.raw<PastFigures | null>(null);
  complete = $state(true);  // false: the hub has just started, and still counts its journal
  #byQueue = $derived(new Map((this.history?.queues ?? []).map((line) => [queueId(line), line.depth])));
  #figures = $derived(new Map((live.figures?.queues ?? []).map((one): [string, QueueFigures] => [queueId(one), one])));
  #steps = $derived(new Map((live.figures?.steps ?? []).map((one) => [one.step, one])));

  async ask(period: string): Promise<void> {
    if (document.hidden) return;
    const minutes = periods[period]?.minutes ?? 240;
    try {
      const figures = await get<Figures>(`/figures?history=${minutes}&lines=true`);
      this.history = figures.history ?? null;
      this.complete = figures.complete;
      if (!live.figures || live.figures.last_event < figures.last_event) live.figures = figures;
    } catch { /* what stands stays; the live link says what is wrong */ }
  }

  queue(id: string): QueueFigures | undefined { return this.#figures.get(id); }
  // A minute, over the last ten; null until the hub has said it.
  rate(steps: Step[]): number | null {
    if (!live.figures) return null;
    return steps.reduce((sum, step) => sum + (this.#steps.get(step)?.last_10_minutes ?? 0), 0) / window;
  }
  line(id: string): Point[] { return this.#points(this.#byQueue.get(id) ?? []); }
  sum(ids: string[]): Point[] {
    const lines = ids.map((id) => this.#byQueue.get(id) ?? []);
    return this.#points(Array.from({ length: this.history?.buckets ?? 0 }, (_, at) => lines.reduce((sum, line) => sum + (line[at] ?? 0), 0)));
  }
  stock(name: string): Point[] { return this.#points(this.history?.stocks[name] ?? []); }
  flow(name: Step): Point[] { return this.#points((this.history?.flows[name] ?? []).map((value) => value / (this.history?.bucket_minutes ?? 1))); }

  // A point stands at the end of its bucket.
  #points(values: number[]): Point[] {
    const { history } = this;
    if (!history) return [];
    const from = new Date(history.from).getTime(), step = history.bucket_minutes * 60_000;
    return values.map((value, i) => ({ at: from + (i + 1) * step, value }));
  }
}

export const past = new Past();
