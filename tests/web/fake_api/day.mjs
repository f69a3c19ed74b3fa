// An invented day of the mail room, as the hub would tell it: queues that move, documents, plis set aside, lots.
const minute = 60_000;
const iso = (at) => new Date(at).toISOString();

// type, caisse, service, priority, waiting, minutes until due, in and out over 10 minutes
const queues = [
  ['AAT', '595', 'IJ', 'P0', 2, -12, 1, 2], ['INVALIDITE', '595', 'INVAL', 'P2', 9, -95, 2, 0], ['CM_ATMP', '595', 'ATMP', 'P1', 34, 42, 11, 9],
  ['AAT', '595', 'IJ', 'P1', 213, 95, 38, 61], ['AAT', '594', 'IJ', 'P1', 88, 95, 14, 22], ['RESERVES_AT', '595', 'ATMP', 'P0', 1, 28, 0, 1],
  ['C2S', '595', 'C2S', 'P2', 126, 60 * 19, 12, 17], ['PROT_ALD', '595', 'ELSM', 'P2', 41, 60 * 19, 4, 9], ['FSP_MED', '595', 'FSP', 'P3', 1284, 60 * 43, 122, 96],
  ['FSP_AUX', '594', 'FSP', 'P3', 402, 60 * 43, 31, 44], ['PMT', '595', 'TRANSPORT', 'P3', 73, 60 * 43, 8, 15], ['FACT_TRANSP', '624', 'TRANSPORT', 'P3', 28, 60 * 43, 3, 6],
  ['RIB', '597', 'GDB', 'P3', 57, 60 * 43, 9, 12], ['RECLAMATION', '595', 'RELATION', 'P2', 66, 60 * 19, 7, 8], ['CRA', '595', 'CRA', 'P0', 3, 55, 1, 1],
  ['SOINS_ETR', '595', 'RI', 'P3', 12, 60 * 43, 1, 3],
];

export class Day {
  constructor(reference) {
    this.reference = reference;
    this.seq = 4812;
    this.listeners = new Set();
    this.fence = 0;
    this.begin = Date.now();
    this.documents = new Map();
    this.plis = new Map();
    this.recalls = [];
    this.recovered = [];
    this.rejections = [
      { lot: '20261120-595-0002', pli: '0007', file: '0007.tif', code: 'REJ_FILE_TRUNCATED', message: 'the file ends before its pixels', at: iso(this.begin - 31 * minute) },
      { lot: '20261120-595-0002', pli: '0019', file: '0019.pdf', code: 'REJ_FILE_ENCRYPTED', message: 'the PDF asks for a password', at: iso(this.begin - 30 * minute) },
      { lot: '20261120-594-0011', code: 'REJ_DUPLICATE_LOT', message: 'same lot number, other content', at: iso(this.begin - 8 * minute) },
    ];
    this.workers = ['reader-1@douai', 'reader-2@douai', 'router-1@douai'].map((worker, i) => ({
      worker, state: i < 2 ? 'working' : 'idle', stages: [i < 2 ? 'read' : 'route'], since: iso(this.begin - 3_000), last_seen: iso(this.begin), done: [412, 405, 815][i], failed: i, stale: 0, cpu_ms: 251.4, rss_bytes: 190_000_000,
    }));
    this.#fill();
  }

  #fill() {
    let pli = 0;
    const add = (type, caisse, service, priority, state, dueAt, more = {}) => {
      pli += 1;
      const id = String(pli).padStart(32, '0');
      const row = {
        id: `${id}-1`, pli_id: id, lot: `20261120-${caisse}-${String(1 + (pli % 9)).padStart(4, '0')}`, pli: String(pli).padStart(4, '0'), type, confidence: 0.9 + (pli % 10) / 101, state,
        received_on: '2026-11-20', secrecy: this.reference.types[type]?.secrecy ?? 'medical', pages: 1 + (pli % 3), role: 'master', caisse, service, priority, due: iso(dueAt), decision: state === 'TO_KEY' ? 'keying' : 'auto',
        queued_at: iso(this.begin - (20 + pli) * minute), ...more,
      };
      this.documents.set(row.id, row);
      this.plis.set(id, { id, registered: pli % 17 === 0 ? `1A${String(10_000_000_000 + pli)}` : undefined, endorsers: [`A${String(1_000_000 + pli)}`], state: 'READ' });
      return row;
    };
    for (const [type, caisse, service, priority, depth, due] of queues) for (let i = 0; i < Math.min(depth, 24); i += 1) add(type, caisse, service, priority, 'QUEUED', this.begin + due * minute + i * minute);
    for (let i = 0; i < 6; i += 1) add('AAT', '595', 'IJ', 'P1', 'CLOSED', this.begin - i * minute);
    add('RIB', '595', 'GDB', 'P3', 'RETURNED', this.begin + 300 * minute, { reason: 'WRONG_TYPE' });
    add('PMT', '595', 'TRANSPORT', 'P3', 'HELD', this.begin + 300 * minute, { reason: 'NEEDS_ADVICE' });
    this.aside = [
      { code: 'DECODER_CRASH', state: 'QUARANTINED', stage: 'read', message: 'trois lectures arrêtées sur deux lecteurs', attempts: 3, verbs: ['un-quarantine', 're-read', 'reject'], ago: 52 },
      { code: 'ROUTE_NO_RULE', state: 'QUARANTINED', stage: 'route', message: 'aucune règle pour cette caisse à cette date', attempts: 5, verbs: ['un-quarantine', 're-route', 'reject'], ago: 17 },
      { code: 'DUPLICATE', state: 'HELD', stage: 'read', message: 'les mêmes fichiers dans un autre lot', attempts: 0, verbs: ['release', 'reject'], ago: 9 },
    ].map(({ ago, ...one }, i) => {
      const row = add('UNKNOWN', '595', '', 'P2', 'READ', this.begin, {});
      this.documents.delete(row.id);
      this.plis.get(row.pli_id).state = one.state;
      return { pli_id: row.pli_id, lot: row.lot, pli: row.pli, caisse: '595', at: iso(this.begin - ago * minute - i), ...one };
    });
    this.lots = Array.from({ length: 9 }, (_, i) => ({
      lot: `20261120-595-${String(9 - i).padStart(4, '0')}`, caisse: '595', announced: 250, received: i === 2 ? 247 : 250, registered: i === 2 ? 245 : 250, rejected: i === 2 ? 2 : 0, missing: i === 2 ? 3 : 0,
      opened_at: iso(this.begin - (i * 14 + 6) * minute), balanced: i !== 2, announced_pages: 1138, pages: i === 2 ? 1121 : 1138,
    }));
  }

  status() {
    const gone = Math.floor((Date.now() - this.begin) / 2_000);
    const rows = queues.map(([, caisse, service, priority, depth, due, inward, outward], i) => ({
      caisse, service, priority, depth: Math.max(0, depth - (i === 3 ? gone : 0)), taken: Math.min(12, Math.ceil(outward / 4)), oldest_seconds: 600 + i * 731 + Math.floor((Date.now() - this.begin) / 1000),
      next_due: iso(this.begin + due * minute), overdue: due < 0 ? depth : 0, in_last_minutes: inward, out_last_minutes: outward,
    }));
    const queued = rows.reduce((sum, row) => sum + row.depth, 0), taken = rows.reduce((sum, row) => sum + row.taken, 0);
    const closed = 18_214 + gone, toKey = 412, keying = 9, returned = 6, held = 11, created = queued + taken + closed + toKey + keying + returned + held + 31 + 3;
    return {
      plis: { announced: 12_483, received: 12_480, registered: 12_477, rejected: 3, missing: 3, in_flight: 46, quarantined: 2, held: 1 },
      documents: { created, in_flight: { route: 31, keying }, to_key: toKey, queued, taken, delivered: 0, closed, returned, held, rescan: 3, quarantined: 0, rejected: 0, superseded: 0, purged: 0 },
      pages: { scanned: 56_802, in_documents: 47_610, blank: 6_204, separator: 118, envelope: 2_661, in_flight: 209 },
      difference: { plis: 0, documents: 0, pages: 0 }, queues: rows, last_event: this.seq,
    };
  }
  workersNow() { return this.workers.map((one) => ({ ...one, done: one.done + Math.floor((Date.now() - this.begin) / 3_000) })); }

  note(kind, document, from, to, code) {
    this.seq += 1;
    const change = { seq: this.seq, at: iso(Date.now()), kind, ...(document ? { document_id: document.id, pli_id: document.pli_id } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}), ...(code ? { code } : {}) };
    for (const listener of this.listeners) listener(change);
    return change;
  }
  // Something happens from time to time, so that a live page has something to show.
  step() {
    const waiting = [...this.documents.values()].filter((row) => row.state === 'QUEUED');
    const row = waiting[this.seq % Math.max(1, waiting.length)];
    if (row) this.note('delivery.closed', row, 'TAKEN', 'CLOSED');
  }
}
