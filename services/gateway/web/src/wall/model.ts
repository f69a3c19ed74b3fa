// What the wall computes from the counts of the hub. Pure, so that each figure has its test and its formula on the screen.
import type { Delay, KeyingStock, PastFigures, Queue, QueueFigures, Status, Step } from '../api/types';
import { age, count, counted, decimal, due } from '../words/format';

export const windowMinutes = 10;  // of in_last_minutes and out_last_minutes

export interface Row {
  id: string; queue: Queue; perMinuteIn: number; perMinuteOut: number; dueAt: number; overdue: number; forecast: Forecast; breachAt: number;
  dueWithinHour: number; punctual: Punctuality | null;
}
// Of what a service has taken in a day: in time, on the working day of receipt (J), on the next one at the latest (J+1).
export interface Punctuality { taken: number; onTime: number; day0: number; day1: number }
export interface Forecast {
  kind: 'empty' | 'never' | 'idle' | 'at';
  at: number;          // when it will be empty, for 'at'
  misses: boolean;     // after the nearest due date
  needed: number;      // documents a minute that would hold the due date; 0 when it holds
  formula: string;
}

export const queueId = (queue: { caisse: string; service: string; priority: string }): string => `${queue.caisse}/${queue.service}/${queue.priority}`;

export function forecastOf(queue: Queue, now: number): Forecast {
  const inward = (queue.in_last_minutes ?? 0) / windowMinutes, outward = (queue.out_last_minutes ?? 0) / windowMinutes;
  const net = outward - inward;
  const dueAt = queue.next_due ? new Date(queue.next_due).getTime() : Infinity;
  const formula = `${count(queue.depth)} en attente ÷ (${decimal(outward)} sorties − ${decimal(inward)} entrées) par minute, sur ${windowMinutes} minutes`;
  const minutesLeft = (dueAt - now) / 60_000;
  const needed = Number.isFinite(minutesLeft) && minutesLeft > 0 ? queue.depth / minutesLeft : 0;
  if (queue.depth === 0) return { kind: 'empty', at: now, misses: false, needed: 0, formula };
  if (outward === 0) return { kind: 'idle', at: Infinity, misses: true, needed, formula };
  if (net <= 0) return { kind: 'never', at: Infinity, misses: true, needed, formula };
  const at = now + (queue.depth / net) * 60_000;
  return { kind: 'at', at, misses: at > dueAt, needed: at > dueAt ? needed : 0, formula };
}

export function forecastText(forecast: Forecast): string {
  switch (forecast.kind) {
    case 'empty': return 'vide';
    case 'idle': return 'aucune sortie';
    case 'never': return 'ne se vide pas';
    default: return `vers ${due(new Date(forecast.at).toISOString())}`;
  }
}

const percent = (part: number | undefined, all: number): number => Math.round((100 * (part ?? 0)) / all);
export function punctualityOf(figures: QueueFigures | undefined): Punctuality | null {
  const taken = figures?.taken ?? 0;
  if (!figures || taken === 0) return null;
  return { taken, onTime: percent(figures.taken_on_time, taken), day0: percent(figures.taken_day0, taken), day1: percent(figures.taken_day1, taken) };
}

export function rowOf(queue: Queue, now: number, figures?: QueueFigures): Row {
  const forecast = forecastOf(queue, now);
  const dueAt = queue.next_due ? new Date(queue.next_due).getTime() : Infinity;
  return {
    id: queueId(queue), queue, perMinuteIn: (queue.in_last_minutes ?? 0) / windowMinutes, perMinuteOut: (queue.out_last_minutes ?? 0) / windowMinutes,
    dueAt, overdue: queue.overdue ?? 0, forecast, breachAt: queue.depth === 0 ? Infinity : dueAt,
    dueWithinHour: figures?.due_within_hour ?? 0, punctual: punctualityOf(figures),
  };
}

export type SortKey = 'echeance' | 'file' | 'attente' | 'age' | 'retard' | 'jour' | 'entrees' | 'sorties' | 'vidage';
export const sorters: Record<SortKey, (row: Row) => number | string> = {
  echeance: (row) => row.breachAt, file: (row) => `${row.queue.service} ${row.queue.caisse} ${row.queue.priority}`, attente: (row) => -row.queue.depth,
  age: (row) => -(row.queue.oldest_seconds ?? 0), retard: (row) => -row.overdue, jour: (row) => row.punctual?.day0 ?? 101, entrees: (row) => -row.perMinuteIn, sorties: (row) => -row.perMinuteOut,
  vidage: (row) => -row.forecast.at,
};
export function sorted(rows: Row[], key: SortKey, back: boolean): Row[] {
  const value = sorters[key], sign = back ? -1 : 1;
  return [...rows].sort((a, b) => {
    const x = value(a), y = value(b);
    return (x < y ? -sign : x > y ? sign : a.id < b.id ? -1 : 1);
  });
}

// Rows keep the place that they had when the viewer chose the order; new ones come last, gone ones leave.
export function keepOrder(order: string[], rows: Row[]): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const kept = order.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(order);
  return [...kept, ...rows.filter((row) => !known.has(row.id))];
}

// `steps`: whose counts say what leaves the stage, in `moves`.
export interface Stage { id: string; title: string; unit: string; stock: number; steps: Step[]; moves: string; side: [string, number, boolean][]; href?: string }

// From the scanner to the services.
export function stagesOf(status: Status): Stage[] {
  const { plis, documents: docs } = status;
  const late = status.queues.reduce((sum, queue) => sum + (queue.overdue ?? 0), 0);
  const waiting = docs.to_key + docs.returned;
  const keyed = docs.in_flight['keying'] ?? 0;
  // A queue counts masters; their attachments go with them.
  const joined = docs.queued - status.queues.reduce((sum, queue) => sum + queue.depth, 0);
  const attachments: Stage['side'] = joined > 0 ? [['pièces jointes', joined, false]] : [];
  return [
    { id: 'recus', title: 'Reçus', unit: 'plis', stock: plis.received, steps: ['registered', 'rejected'], moves: 'plis', side: [['manquants', plis.missing, true], ['rejetés', plis.rejected, true]] },
    { id: 'lecture', title: 'En lecture', unit: 'plis', stock: plis.in_flight ?? 0, steps: ['read'], moves: 'plis', side: [['quarantaine', plis.quarantined ?? 0, true], ['en attente', plis.held ?? 0, true]] },
    { id: 'coder', title: 'À coder', unit: 'documents', stock: waiting, steps: ['keyed'], moves: 'plis', side: [['en codage', keyed, false], ['renvoyés', docs.returned, true]], href: '#/codage' },
    { id: 'files', title: 'En file', unit: 'documents', stock: docs.queued, steps: ['taken'], moves: 'documents', side: [['en retard', late, true], ...attachments, ['files', status.queues.filter((queue) => queue.depth > 0).length, false]] },
    { id: 'pris', title: 'Chez les services', unit: 'documents', stock: docs.taken + (docs.delivered ?? 0), steps: ['closed', 'returned'], moves: 'documents', side: [['remis', docs.delivered ?? 0, false]] },
    { id: 'acquittes', title: 'Acquittés', unit: 'documents', stock: docs.closed, steps: ['closed'], moves: 'documents', side: [['purgés', docs.purged, false]] },
  ];
}

export interface Equation { title: string; total: number; word: string; terms: [string, number][]; difference: number }
export function equationsOf(status: Status): Equation[] {
  const { plis, documents: docs, pages, difference } = status;
  const flights = Object.entries(docs.in_flight).map(([stage, value]): [string, number] => [({ route: 'en routage', read: 'en lecture', keying: 'en codage' } as Record<string, string>)[stage] ?? stage, value]);
  return [
    { title: 'Plis', total: plis.received, word: 'reçus', terms: [['enregistrés', plis.registered], ['rejetés', plis.rejected]], difference: difference.plis },
    { title: 'Documents', total: docs.created, word: 'créés', difference: difference.documents, terms: [...flights, ['à coder', docs.to_key], ['en file', docs.queued],
      ['pris', docs.taken], ['remis', docs.delivered ?? 0], ['acquittés', docs.closed], ['renvoyés', docs.returned], ['en attente', docs.held], ['à renumériser', docs.rescan],
      ['quarantaine', docs.quarantined], ['rejetés', docs.rejected], ['remplacés', docs.superseded], ['purgés', docs.purged]] },
    { title: 'Pages', total: pages.scanned, word: 'numérisées', difference: difference.pages, terms: [['dans des documents', pages.in_documents], ['blanches', pages.blank],
      ['séparateurs', pages.separator], ['enveloppes', pages.envelope], ['en cours', pages.in_flight ?? 0]] },
  ];
}
// Empty terms stay out of the sum, so that it can be read.
export const sumText = (equation: Equation): string => {
  const terms = equation.terms.filter(([, value]) => value !== 0);
  return `${count(equation.total)} ${equation.word} = ${(terms.length > 0 ? terms : equation.terms.slice(0, 1)).map(([name, value]) => `${count(value)} ${name}`).join(' + ')}`;
};

// What a queue's waiting documents will still meet in time, in percent.
export const onTimePercent = (row: Row): number => (row.queue.depth === 0 ? 100 : Math.max(0, Math.round((100 * (row.queue.depth - row.overdue)) / row.queue.depth)));
export const oldest = (row: Row): string => (row.queue.depth > 0 ? age(row.queue.oldest_seconds) : '–');

// --- the keying, with the people present
export interface KeyingForecast { text: string; misses: boolean; formula: string }
const keyingMinutes = 30;

// What left the keying in the last half hour: what came, less what the stock grew by.
export function keyedPerMinute(past: PastFigures | undefined): number | null {
  if (!past || past.buckets < 2) return null;
  const taken = Math.min(past.buckets - 1, Math.max(1, Math.round(keyingMinutes / past.bucket_minutes)));
  const stock = (at: number): number => (past.stocks['to_key']?.at(at) ?? 0) + (past.stocks['keying']?.at(at) ?? 0);
  const came = (past.flows['to_key'] ?? []).slice(-taken).reduce((sum, value) => sum + value, 0);
  return Math.max(0, came - (stock(-1) - stock(-1 - taken))) / (taken * past.bucket_minutes);
}
export function arrivingPerMinute(past: PastFigures | undefined): number {
  if (!past) return 0;
  const taken = Math.max(1, Math.round(keyingMinutes / past.bucket_minutes));
  const last = (past.flows['to_key'] ?? []).slice(-taken);
  return last.length === 0 ? 0 : last.reduce((sum, value) => sum + value, 0) / (last.length * past.bucket_minutes);
}

export function keyingForecast(stock: Pick<KeyingStock, 'waiting' | 'people' | 'next_due'>, outward: number | null, inward: number, now: number): KeyingForecast {
  const none = { misses: false, formula: '' };
  if (stock.waiting === 0) return { ...none, text: 'rien à coder' };
  if (stock.people === 0) return { text: 'ne se vide pas', misses: true, formula: '' };
  if (outward === null) return { ...none, text: 'mesure en cours' };
  const each = outward / stock.people;
  const formula = `${count(stock.waiting)} à coder ÷ (${counted(stock.people, 'personne')} × ${decimal(each)} − ${decimal(inward)} entrées) par minute, sur ${keyingMinutes} minutes`;
  const emptyAt = (people: number): number => (people * each > inward ? now + (stock.waiting / (people * each - inward)) * 60_000 : Infinity);
  const dueAt = stock.next_due ? new Date(stock.next_due).getTime() : Infinity;
  const at = emptyAt(stock.people);
  if (outward === 0) return { text: 'aucune sortie', misses: true, formula };
  const said = (when: number): string => (Number.isFinite(when) ? `vers ${due(new Date(when).toISOString())}` : 'ne se vide pas');
  const misses = at > dueAt;
  // Two more people, where they change something.
  const more = emptyAt(stock.people + 2);
  return { text: `${said(at)}${misses && more < at ? ` ; à ${stock.people + 2}, ${said(more)}` : ''}`, misses, formula };
}

// --- delays
export interface DelayRow { type: string; count: number; deciles: number[] }
export const delayRows = (delays: Delay[], until: Delay['until'], wanted: (type: string) => boolean): DelayRow[] =>
  delays.filter((one) => one.until === until && one.count > 0 && wanted(one.type)).map((one) => ({ type: one.type, count: one.count, deciles: one.decile_seconds }))
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
