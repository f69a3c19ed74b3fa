// GET /figures over the invented day: rates, punctuality, delays and the hours before, as the hub would count them.
const minute = 60_000, day = 1_440;
const rates = { registered: 52, rejected: 0.02, read: 51, routed: 51, to_key: 6.4, keyed: 6.1, queued: 46, taken: 44, closed: 42, returned: 0.3 };
// A type's median to its queue and to its end, in minutes.
const delays = [['FSP_MED', 4_812, 9, 1_630], ['AAT', 2_207, 7, 190], ['C2S', 1_114, 11, 1_020], ['RIB', 905, 8, 1_900], ['PMT', 733, 10, 1_700], ['FSP_AUX', 689, 9, 1_510], ['PROT_ALD', 402, 24, 940],
  ['RECLAMATION', 371, 41, 760], ['CM_ATMP', 288, 12, 150], ['FACT_TRANSP', 164, 10, 1_640], ['INVALIDITE', 61, 58, 880], ['CRA', 23, 6, 38]];
const decile = (median, i) => Math.round(60 * median * Math.exp(1.15 * (i - 4) / 3));
const wave = (ago, k) => 1 + 0.3 * Math.sin((ago + 31 * k) / 43) + ago / 1_500;

export function figuresOf(status, query = new URLSearchParams(), now = Date.now()) {
  const wanted = (one) => ['caisse', 'service', 'priority'].every((name) => !query.get(name) || one[name] === query.get(name));
  const queues = status.queues.filter(wanted).map((one, k) => {
    const taken = (one.out_last_minutes ?? 0) * 48, late = one.overdue > 0;
    return {
      caisse: one.caisse, service: one.service, priority: one.priority, depth: one.depth, oldest_seconds: one.oldest_seconds ?? 0, overdue: one.overdue ?? 0,
      due_within_hour: !late && one.next_due && Date.parse(one.next_due) - now < 60 * minute ? Math.ceil(one.depth * 0.6) : 0, in_10_minutes: one.in_last_minutes ?? 0, out_10_minutes: one.out_last_minutes ?? 0,
      in_hour: (one.in_last_minutes ?? 0) * 6, out_hour: (one.out_last_minutes ?? 0) * 6, taken, taken_on_time: Math.floor(taken * (late ? 0.71 : 0.988)), taken_day0: Math.floor(taken * (one.priority === 'P3' ? 0.31 : (late ? 0.62 : 0.86 - k / 90))), taken_day1: Math.floor(taken * (late ? 0.8 : 0.97)),
    };
  });
  const figures = {
    at: new Date(now).toISOString(), since: new Date(now - day * minute).toISOString(), complete: true, last_event: status.last_event,
    steps: Object.entries(rates).map(([step, rate]) => ({ step, last_10_minutes: Math.round(rate * 10), last_hour: Math.round(rate * 58), last_day: Math.round(rate * 340) })), queues,
    delays: delays.filter(([type]) => !query.get('type') || type === query.get('type')).flatMap(([type, count, queued, closed]) => [['queued', queued, count], ['closed', closed, Math.floor(count * 0.8)]].map(([until, median, of]) => ({ type, until, count: of, decile_seconds: Array.from({ length: 9 }, (_, i) => decile(median, i)) }))),
  };
  const minutes = Number(query.get('history') ?? 0);
  if (minutes > 0) {
    const step = Number(query.get('bucket') ?? 0) || Math.ceil(minutes / 60), buckets = Math.ceil(minutes / step);
    const line = (of) => Array.from({ length: buckets }, (_, i) => Math.max(0, Math.round(of((buckets - 1 - i) * step))));
    const { documents } = status;
    const stocks = { route: documents.in_flight.route ?? 0, to_key: documents.to_key, keying: documents.in_flight.keying ?? 0, queued: documents.queued, taken: documents.taken, returned: documents.returned, held: documents.held };
    figures.history = {
      from: new Date(now - buckets * step * minute).toISOString(), bucket_minutes: step, buckets,
      flows: Object.fromEntries(Object.entries(rates).map(([name, rate], k) => [name, line((ago) => rate * step * (1 + 0.25 * Math.sin((ago + 20 * k) / 23)))])),
      stocks: Object.fromEntries(Object.entries(stocks).map(([name, value], k) => [name, line((ago) => value * (ago === 0 ? 1 : wave(ago, k)))])),
      queues: query.get('lines') === 'true' ? status.queues.filter(wanted).map((one, k) => ({ caisse: one.caisse, service: one.service, priority: one.priority, depth: line((ago) => one.depth * (ago === 0 ? 1 : wave(ago, k))) })) : [],
    };
  }
  return figures;
}
