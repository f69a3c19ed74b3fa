// What the wall computes from the counts of the hub. Pure, so that each figure has its test and its formula on the screen.
import type { Queue, Status } from '../api/types';
import { age, count, decimal, due } from '../words/format';

export const windowMinutes = 10;  // of in_last_minutes and out_last_minutes

export interface Row {
  id: string; queue: Queue; perMinuteIn: number; perMinuteOut: number; dueAt: number; overdue: number; forecast: Forecast; breachAt: number;
}
export interface Forecast {
  kind: 'empty' | 'never' | 'idle' | 'at';
  at: number;          // when it will be empty, for 'at'
  misses: boolean;     // after the nearest due date
  needed: number;      // documents a minute that would hold the due date; 0 when it holds
  formula: string;
}

export const queueId = (queue: Queue): string => `${queue.caisse}/${queue.service}/${queue.priority}`;

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

export function rowOf(queue: Queue, now: number): Row {
  const forecast = forecastOf(queue, now);
  const dueAt = queue.next_due ? new Date(queue.next_due).getTime() : Infinity;
  return {
    id: queueId(queue), queue, perMinuteIn: (queue.in_last_minutes ?? 0) / windowMinutes, perMinuteOut: (queue.out_last_minutes ?? 0) / windowMinutes,
    dueAt, overdue: queue.overdue ?? 0, forecast, breachAt: queue.depth === 0 ? Infinity : dueAt,
  };
}

export type SortKey = 'echeance' | 'file' | 'attente' | 'age' | 'retard' | 'entrees' | 'sorties' | 'vidage';
export const sorters: Record<SortKey, (row: Row) => number | string> = {
  echeance: (row) => row.breachAt, file: (row) => `${row.queue.service} ${row.queue.caisse} ${row.queue.priority}`, attente: (row) => -row.queue.depth,
  age: (row) => -(row.queue.oldest_seconds ?? 0), retard: (row) => -row.overdue, entrees: (row) => -row.perMinuteIn, sorties: (row) => -row.perMinuteOut,
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

export interface Stage { id: string; title: string; unit: string; stock: number; flow: number; side: [string, number, boolean][]; href?: string }

// From the scanner to the services. `flow` counts what left the step since the beginning; its rate is a difference in time.
export function stagesOf(status: Status): Stage[] {
  const { plis, documents: docs } = status;
  const late = status.queues.reduce((sum, queue) => sum + (queue.overdue ?? 0), 0);
  const created = docs.created - docs.superseded;
  const waiting = docs.to_key + docs.returned;
  const keyed = docs.in_flight['keying'] ?? 0;
  // A queue counts masters; their attachments go with them.
  const joined = docs.queued - status.queues.reduce((sum, queue) => sum + queue.depth, 0);
  const attachments: Stage['side'] = joined > 0 ? [['pièces jointes', joined, false]] : [];
  const gone = docs.closed + docs.taken + (docs.delivered ?? 0);
  return [
    { id: 'recus', title: 'Reçus', unit: 'plis', stock: plis.received, flow: plis.received, side: [['manquants', plis.missing, true], ['rejetés', plis.rejected, true]] },
    { id: 'lecture', title: 'En lecture', unit: 'plis', stock: plis.in_flight ?? 0, flow: created, side: [['quarantaine', plis.quarantined ?? 0, true], ['en attente', plis.held ?? 0, true]] },
    { id: 'coder', title: 'À coder', unit: 'documents', stock: waiting, flow: created - waiting - keyed, side: [['en codage', keyed, false], ['renvoyés', docs.returned, true]], href: '#/codage' },
    { id: 'files', title: 'En file', unit: 'documents', stock: docs.queued, flow: gone, side: [['en retard', late, true], ...attachments, ['files', status.queues.filter((queue) => queue.depth > 0).length, false]] },
    { id: 'pris', title: 'Chez les services', unit: 'documents', stock: docs.taken + (docs.delivered ?? 0), flow: docs.closed + docs.returned, side: [['remis', docs.delivered ?? 0, false]] },
    { id: 'acquittes', title: 'Acquittés', unit: 'documents', stock: docs.closed, flow: docs.closed, side: [['purgés', docs.purged, false]] },
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
