// The shapes of /api/v1, as openapi.json of the gateway describes them.
export type Priority = 'P0' | 'P1' | 'P2' | 'P3';
export type Secrecy = 'medical' | 'normal';
export type Rotation = 0 | 90 | 180 | 270;
export type PageKind = 'document' | 'blank' | 'separator' | 'envelope';
export type Box = [number, number, number, number];  // x, y, width, height, in pixels of the page as scanned

export interface Queue {
  caisse: string; service: string; priority: Priority; depth: number; taken?: number; oldest_seconds?: number;
  next_due?: string; overdue?: number; in_last_minutes?: number; out_last_minutes?: number;
}
export interface Status {
  plis: { announced: number; received: number; registered: number; rejected: number; missing: number; in_flight?: number; quarantined?: number; held?: number };
  documents: {
    created: number; in_flight: Record<string, number>; to_key: number; queued: number; taken: number; delivered?: number; closed: number;
    returned: number; held: number; rescan: number; quarantined: number; rejected: number; superseded: number; purged: number;
  };
  pages: { scanned: number; in_documents: number; blank: number; separator: number; envelope: number; in_flight?: number };
  difference: { plis: number; documents: number; pages: number };
  queues: Queue[];
  last_event?: number;
}
// Counted in the journal over a rolling day.
export type Step = 'registered' | 'rejected' | 'read' | 'routed' | 'to_key' | 'keyed' | 'queued' | 'taken' | 'closed' | 'returned';
export interface QueueFigures {
  caisse: string; service: string; priority: string; depth: number; oldest_seconds?: number; overdue?: number; due_within_hour?: number;
  in_10_minutes?: number; out_10_minutes?: number; in_hour?: number; out_hour?: number;
  taken?: number; taken_on_time?: number; taken_day0?: number; taken_day1?: number;
}
export interface Delay { type: string; until: 'queued' | 'closed'; count: number; decile_seconds: number[] }
export interface PastFigures {
  from: string; bucket_minutes: number; buckets: number; flows: Record<string, number[]>; stocks: Record<string, number[]>;
  queues: { caisse: string; service: string; priority: string; depth: number[] }[];
}
export interface Figures {
  at: string; since: string; complete: boolean; last_event: number; steps: { step: Step; last_10_minutes: number; last_hour: number; last_day: number }[];
  queues: QueueFigures[]; delays: Delay[]; history?: PastFigures;
}
export interface Change { seq: number; at: string; kind: string; pli_id?: string; document_id?: string; from?: string; to?: string; code?: string; actor?: string; detail?: string }
export interface Worker {
  worker: string; state: 'idle' | 'working' | 'draining' | 'gone'; stages?: string[]; task?: string; pli_id?: string; since?: string;
  last_seen?: string; done?: number; failed?: number; stale?: number; cpu_ms?: number; rss_bytes?: number;
}
export interface Rejection { lot: string; pli?: string; file?: string; code: string; message: string; at?: string }

export interface DocumentRow {
  id: string; pli_id: string; lot?: string; pli?: string; type: string; confidence?: number; state: string; received_on?: string;
  secrecy?: Secrecy; pages?: number; role: 'master' | 'attachment'; caisse?: string; service?: string; priority?: Priority; due?: string;
  legal_due?: string; decision?: 'auto' | 'keying'; taken_by?: string; reason?: string; queued_at?: string;
}
export interface TakenDocument extends DocumentRow { delivery_id: string; fence: number; lease_until: string }
export interface DocumentPage { documents: DocumentRow[]; next_cursor?: string }
export interface Context {
  lot?: string; pli?: string; caisse?: string; received_on?: string; file?: string; scanned_at?: string; registered_at?: string;
  channel?: string; registered?: string; original_seen?: boolean;
}
export interface FieldRead { value: string; confidence: number; status: 'valid' | 'invalid' | 'unchecked'; source?: 'keyed'; page?: number; box?: Box }
export interface Evidence { text: string; page?: number; box?: Box }
export interface PageView {
  page: number; kind?: PageKind; rotation?: Rotation; quality?: string; width?: number; height?: number;
  codes?: { symbology?: string; text?: string }[]; image?: string; thumbnail?: string;
}
export interface Route {
  processed_by: string; service: string; pages: number[]; priority?: Priority; rule?: string; due?: string; legal_due?: string | null;
  copies?: { processed_by: string; service: string; pages: number[] }[];
}
// Of GET /documents/{id}: `pages` are images there, a count in a row.
export interface DocumentView extends Omit<DocumentRow, 'pages'> {
  page_count?: number;
  context: Context;
  document: {
    id: number; type: string; confidence: number; role: string; pages: number[]; to_key?: string[]; reasons?: string[]; decision?: string;
    affiliation?: { caisse?: string; from?: string }; fields?: Record<string, FieldRead | FieldRead[]>; route?: Route | null;
  };
  pages: PageView[];
  evidence?: Evidence[];
  history: Change[];
  siblings: DocumentRow[];
}
export interface PliView {
  id: string; state: string; context: Context; files?: { name?: string; size_bytes?: number; sha256?: string }[]; pages: PageView[];
  documents: DocumentRow[]; history: Change[];
}
export interface TypeWord {
  label_fr: string; service: string; priority: Priority; secrecy: Secrecy; cerfa?: string; s_ref?: string;
  role?: 'master' | 'attachment' | 'master_or_attachment'; required?: string[]; share?: number;
}
export type Environment = 'production' | 'recette' | 'formation';
export interface Reference {
  types: Record<string, TypeWord>; services: Record<string, string>; caisses: Record<string, string>; fields: Record<string, string>;
  environment?: Environment;
}

// --- keying
export interface KeyingLease { id: string; fence: number; by: string; scope: 'pli' | 'document'; lease_until: string; lease_seconds: number }
export interface KeyingDocument {
  id: string; number: number; state: string; type: string; confidence?: number; role: 'master' | 'attachment'; attached_to?: number;
  pages: number[]; volets?: Record<string, number>; secrecy: Secrecy; decision?: 'auto' | 'keying'; to_key: string[]; why?: string[];
  evidence?: Evidence[]; fields: Record<string, FieldRead[]>; absent?: string[]; illegible?: string[]; settled?: string[];
  affiliation?: { caisse?: string; from?: string }; route?: Route; priority?: Priority; due?: string; legal_due?: string;
  returned?: { code?: string; note?: string }; sent?: { to?: string; note?: string };
}
export interface KeyingPage {
  page: number; kind: PageKind; rotation: Rotation; quality?: string; width?: number; height?: number;
  codes?: { symbology?: string; text?: string }[]; document: number; editable: boolean; image: string; thumbnail: string;
}
export interface Draft { by: string; at: string; entries: Record<string, string> }
export interface KeyingJob extends KeyingLease {
  pli_id: string; lot: string; pli: string; pli_state?: string; context?: Context; secrecy: Secrecy; priority?: Priority; due?: string;
  documents: KeyingDocument[]; pages: KeyingPage[]; draft?: Draft; others?: DocumentRow[];
}
export interface KeyingGroup {
  caisse?: string; type?: string; priority?: string; secrecy?: Secrecy; skill?: string; waiting: number; keying: number; next_due?: string; oldest_at?: string;
}
export interface KeyingStock {
  waiting: number; keying: number; held: number; returned: number; oldest_at?: string; next_due?: string; overdue?: number; people: number; groups: KeyingGroup[];
}
export interface KeyedField {
  name: string; state?: 'keyed' | 'accepted' | 'absent' | 'illegible'; value?: string; keep_despite_check?: boolean; page?: number; box?: Box;
}
export interface KeyedDocument {
  number: number; type: string; attached_to?: number; pages: number[]; volets?: Record<string, number>; affiliation?: string; fields?: KeyedField[]; skip_doubts?: boolean;
}
export interface KeyedPage { page: number; kind: PageKind; rotation?: Rotation }
export interface Validation { pages?: KeyedPage[]; documents: KeyedDocument[] }
export interface Validated { documents: DocumentRow[]; superseded: string[]; undo?: string }
export type HoldCode = 'ILLEGIBLE' | 'NEEDS_ADVICE' | 'IMAGE_MISSING' | 'WRONG_PERSON' | 'OTHER';
export interface OcrText { text: string; confidence: number }

// --- search, story, recovery
export interface SearchQuery {
  by?: string; pli?: string; lot?: string; endorser?: string; registered?: string; nir?: string; received_from?: string; received_to?: string;
  caisse?: string; type?: string; service?: string; state?: string; limit?: number; cursor?: string;
}
export interface FoundPli {
  id: string; lot: string; pli: string; caisse: string; received_on?: string; state: string; registered?: string; endorsers?: string[]; pages?: number;
  documents: DocumentRow[]; matched?: string;
}
export interface StoryEvent extends Change { text: string }
export interface Story {
  id: string; state: string; context?: Context; events: StoryEvent[]; next_cursor?: string;
  readings?: { revision?: number; by?: string; at?: string; documents?: number; current?: boolean }[];
}
export type Verb = 're-read' | 're-route' | 'reclassify' | 'hold' | 'release' | 'reject' | 'un-quarantine' | 're-queue';
export interface RecoveryOutcome { id: string; ok: boolean; state?: string; code?: string; detail?: string; reversible?: boolean; undo?: string }
export interface RecoveryReport { verb: string; done: number; refused: number; outcomes: RecoveryOutcome[] }
export interface AsidePli {
  pli_id: string; lot?: string; pli?: string; caisse?: string; state: 'QUARANTINED' | 'HELD'; stage?: 'read' | 'route'; code: string; message?: string;
  attempts?: number; at?: string; verbs: string[];
}
export interface LotRow {
  lot: string; caisse?: string; announced: number; received: number; registered: number; rejected: number; missing: number; opened_at?: string;
  balanced: boolean; announced_pages?: number; pages?: number;
}
export interface Recall {
  document?: DocumentRow; delivery_id: string; caisse: string; service: string; by?: string; reason?: string; state: 'ASKED' | 'ACCEPTED' | 'REFUSED';
  at: string; answered_by?: string; answered_at?: string; answer?: string;
}
