// One pli being keyed: its documents, their fields, and the doubts that Enter walks through.
import { checkField, crossWarnings, fieldNames, groupTyped, showField } from '../checks/fields';
import type { Box, FieldRead, KeyedDocument, KeyedField, KeyingDocument, KeyingJob, PageKind, Validation } from '../api/types';
import { words } from '../words/reference.svelte';
import * as cutting from './cut';

export type Stance = 'read' | 'accepted' | 'keyed' | 'absent' | 'illegible';
const doubtBelow = 0.8;  // an unchecked value that the reader itself believes less than this is shown as doubtful

export class Field {
  readonly key: string;
  readonly name: string;
  readonly rank: number;
  readonly read: FieldRead | null;  // null: the type asks for it and nothing was read
  readonly doubt: string;           // why a person looks; empty when nobody has to
  text = $state('');
  stance = $state<Stance>('read');
  kept = $state(false);             // although its check fails
  place = $state.raw<{ page: number; box: Box } | null>(null);
  refused = $state('');             // what the hub said of it
  check = $derived.by(() => checkField(this.name, this.text));

  constructor(document: number, name: string, rank: number, read: FieldRead | null, doubt: string) {
    this.key = `${document}/${name}/${rank}`;
    this.name = name;
    this.rank = rank;
    this.read = read;
    this.doubt = doubt;
    this.text = this.shown;
    this.place = read?.page !== undefined && read.box && read.box[2] > 0 ? { page: read.page, box: read.box } : null;
  }
  get shown(): string { return this.read ? showField(this.name, this.read.value) : ''; }
  get settled(): boolean { return this.stance !== 'read'; }
  get empty(): boolean { return this.text.trim() === ''; }
  get label(): string { return `${words.field(this.name)}${this.rank > 0 ? ` (${this.rank + 1})` : ''}`; }

  type(text: string): void {
    this.text = text;
    this.kept = false;
    this.refused = '';
    if (this.stance !== 'read') this.stance = 'read';
  }
  restore(): void {
    this.type(this.shown);
    this.place = this.read?.page !== undefined && this.read.box ? { page: this.read.page, box: this.read.box } : null;
  }
  accept(): void {
    const value = this.check.value;
    this.stance = this.read && value === this.read.value ? 'accepted' : 'keyed';
    if (this.check.status === 'valid' || this.check.status === 'unchecked') this.text = showField(this.name, value);
  }
  say(stance: 'absent' | 'illegible'): void {
    this.stance = stance;
    this.refused = '';
  }
  keyed(): KeyedField {
    if (this.stance === 'absent' || this.stance === 'illegible') return { name: this.name, state: this.stance };
    if (this.stance === 'accepted') return { name: this.name, state: 'accepted', ...(this.kept ? { keep_despite_check: true } : {}) };
    return { name: this.name, state: 'keyed', value: this.check.value, ...(this.kept ? { keep_despite_check: true } : {}), ...(this.place ? { page: this.place.page, box: this.place.box } : {}) };
  }
  // As the draft keeps it.
  get kept_as(): string { return JSON.stringify({ stance: this.stance, text: this.text, ...(this.kept ? { kept: true } : {}) }); }
  restoreDraft(text: string): void {
    const saved = JSON.parse(text) as { stance: Stance; text: string; kept?: boolean };
    this.text = saved.text;
    this.stance = saved.stance;
    this.kept = saved.kept ?? false;
  }
}

export class Doc {
  readonly number: number;
  readonly from: KeyingDocument | null;  // null: made here by a cut
  type = $state('UNKNOWN');
  typeSettled = $state(false);
  refused = $state('');
  affiliation = $state('');
  affiliationSettled = $state(true);
  attachedTo = $state<number | undefined>(undefined);
  fields = $state<Field[]>([]);

  constructor(number: number, from: KeyingDocument | null) {
    this.number = number;
    this.from = from;
    this.type = from?.type ?? 'UNKNOWN';
    const settled = from?.settled ?? [];
    this.typeSettled = from !== null && from.type !== 'UNKNOWN' && (from.decision !== 'keying' || settled.includes('type'));
    this.affiliation = from?.affiliation?.caisse ?? '';
    this.affiliationSettled = from === null || this.affiliation !== '' || settled.includes('affiliation') || from.role === 'attachment';
    this.attachedTo = from?.attached_to;
    this.fields = this.#fieldsFor(this.type);
  }

  get doubtfulType(): boolean { return !this.typeSettled; }
  get warnings(): Record<string, string> {
    return crossWarnings(Object.fromEntries(this.fields.filter((field) => field.rank === 0 && !field.empty).map((field) => [field.name, field.check.value])));
  }

  // What was read, then what the type asks for and nobody found; in the order of the contract.
  #fieldsFor(type: string): Field[] {
    const fields: Field[] = [];
    const wanted = new Set(type === this.from?.type ? this.from.to_key : words.all.types[type]?.required ?? []);
    const settled = new Set([...(this.from?.settled ?? []), ...(this.from?.absent ?? []), ...(this.from?.illegible ?? [])]);
    for (const [name, reads] of Object.entries(this.from?.fields ?? {})) {
      reads.forEach((read, rank) => {
        const doubt = settled.has(name) ? '' : doubtOf(name, read, wanted.has(name));
        fields.push(new Field(this.number, name, rank, read, doubt));
      });
      wanted.delete(name);
    }
    for (const name of wanted) {
      if (!settled.has(name)) fields.push(new Field(this.number, name, 0, null, 'le type l’exige et rien n’a été lu'));
    }
    return fields.sort((a, b) => fieldNames.indexOf(a.name) - fieldNames.indexOf(b.name) || a.rank - b.rank);
  }

  // Another type asks for other fields; what was already keyed stays.
  setType(type: string): void {
    if (type !== this.type) {
      const said = new Map(this.fields.filter((field) => field.settled || field.text !== field.shown).map((field) => [field.key, field]));
      this.type = type;
      const fresh = this.#fieldsFor(type).map((field) => said.get(field.key) ?? field);
      const extra = [...said.values()].filter((field) => !fresh.includes(field));
      this.fields = [...fresh, ...extra].sort((a, b) => fieldNames.indexOf(a.name) - fieldNames.indexOf(b.name) || a.rank - b.rank);
    }
    this.typeSettled = true;
    this.refused = '';
  }
  addField(name: string): Field {
    const field = new Field(this.number, name, this.fields.filter((one) => one.name === name).length, null, 'ajouté ici');
    this.fields = [...this.fields, field].sort((a, b) => fieldNames.indexOf(a.name) - fieldNames.indexOf(b.name) || a.rank - b.rank);
    return field;
  }
}

function doubtOf(name: string, read: FieldRead, wanted: boolean): string {
  if (read.status === 'invalid') return wanted ? 'le contrôle échoue' : '';
  if (!wanted || (read.status === 'valid' && read.confidence >= doubtBelow)) return '';
  return read.confidence < doubtBelow ? 'lecture peu sûre' : checkField(name, read.value).why || 'à confirmer';
}

// Where Enter stops: the type of a document, its caisse, or one field.
export interface Stop { doc: Doc; field: Field | null; what: 'type' | 'caisse' | 'field' }
export const sameStop = (a: Stop | null, b: Stop | null): boolean => a !== null && b !== null && a.doc === b.doc && a.field === b.field && a.what === b.what;
const open = (stop: Stop): boolean => (stop.what === 'type' ? !stop.doc.typeSettled : stop.what === 'caisse' ? !stop.doc.affiliationSettled : !stop.field!.settled);

export class Form {
  job: KeyingJob;  // replaced by a newer lease of the same pli
  docs = $state<Doc[]>([]);
  cut = $state.raw<cutting.Cut>({ pieces: [], sheets: [] });
  stops = $derived.by(() => this.docs.flatMap((doc): Stop[] => [
    ...(this.#doubted.has(`${doc.number}/type`) || doc.doubtfulType ? [{ doc, field: null, what: 'type' as const }] : []),
    ...(this.#doubted.has(`${doc.number}/caisse`) ? [{ doc, field: null, what: 'caisse' as const }] : []),
    ...doc.fields.filter((field) => field.doubt !== '').map((field) => ({ doc, field, what: 'field' as const })),
  ]));
  left = $derived.by(() => this.stops.filter(open).length);
  #doubted = new Set<string>();  // doubts of the type and caisse stay stops once settled, to come back to

  constructor(job: KeyingJob) {
    this.job = job;
    this.docs = [...job.documents].sort((a, b) => (a.pages[0] ?? 0) - (b.pages[0] ?? 0)).map((one) => new Doc(one.number, one));
    for (const doc of this.docs) {
      if (doc.doubtfulType) this.#doubted.add(`${doc.number}/type`);
      if (!doc.affiliationSettled) this.#doubted.add(`${doc.number}/caisse`);
    }
    this.cut = {
      pieces: this.docs.map((doc) => ({ number: doc.number, pages: [...doc.from!.pages] })),
      sheets: job.pages.map((page) => ({ page: page.page, kind: page.kind, rotation: page.rotation, editable: page.editable })),
    };
    if (job.draft) this.#restoreDraft(job.draft.entries);
  }

  docOf(page: number): Doc | undefined {
    const number = cutting.pieceOf(this.cut, page)?.number;
    return this.docs.find((doc) => doc.number === number);
  }
  pagesOf(doc: Doc): number[] { return this.cut.pieces.find((piece) => piece.number === doc.number)?.pages ?? []; }
  nextOpen(from: Stop | null): Stop | null {
    const at = from ? this.stops.findIndex((stop) => sameStop(stop, from)) : -1;
    const after = this.stops.slice(at + 1).find(open);
    return after ?? this.stops.find(open) ?? null;
  }
  previous(from: Stop | null): Stop | null {
    const at = from ? this.stops.findIndex((stop) => sameStop(stop, from)) : this.stops.length;
    return this.stops[at - 1] ?? null;
  }

  // The cut changed: documents follow their pieces. Returns the entries that the draft must keep.
  apply(cut: cutting.Cut): Record<string, string> {
    this.cut = cut;
    const kept = cut.pieces.map((piece) => {
      const known = this.docs.find((doc) => doc.number === piece.number);
      if (known) return known;
      const made = new Doc(piece.number, null);
      this.#doubted.add(`${made.number}/type`);
      return made;
    });
    for (const doc of kept) if (doc.attachedTo !== undefined && !kept.some((one) => one.number === doc.attachedTo)) doc.attachedTo = undefined;
    this.docs = kept;
    return { cut: JSON.stringify(cut) };
  }

  validation(skip: boolean): Validation {
    const pages = this.cut.sheets.filter((sheet) => {
      const was = this.job.pages.find((page) => page.page === sheet.page);
      return was && (was.kind !== sheet.kind || was.rotation !== sheet.rotation);
    }).map((sheet) => ({ page: sheet.page, kind: sheet.kind as PageKind, rotation: sheet.rotation }));
    const documents = this.docs.map((doc): KeyedDocument => ({
      number: doc.number, type: doc.type, pages: this.pagesOf(doc),
      ...(doc.attachedTo === undefined ? {} : { attached_to: doc.attachedTo }),
      ...(doc.affiliation !== '' && doc.affiliation !== (doc.from?.affiliation?.caisse ?? '') ? { affiliation: doc.affiliation } : {}),
      fields: keyedFields(doc), ...(skip ? { skip_doubts: true } : {}),
    }));
    return { ...(pages.length > 0 ? { pages } : {}), documents };
  }

  #restoreDraft(entries: Record<string, string>): void {
    try {
      const cut = entries['cut'];
      if (cut) this.apply(JSON.parse(cut) as cutting.Cut);
      for (const doc of this.docs) {
        const type = entries[`documents/${doc.number}/type`];
        if (type) doc.setType(type);
        const caisse = entries[`documents/${doc.number}/caisse`];
        if (caisse) { doc.affiliation = caisse; doc.affiliationSettled = true; }
        const attached = entries[`documents/${doc.number}/attached`];
        if (attached) doc.attachedTo = attached === '0' ? undefined : Number(attached);
        for (const [path, value] of Object.entries(entries)) {
          const [documents, number, fields, name, rank] = path.split('/');
          if (documents !== 'documents' || Number(number) !== doc.number || fields !== 'fields' || name === undefined) continue;
          const field = doc.fields.find((one) => one.name === name && one.rank === Number(rank)) ?? doc.addField(name);
          field.restoreDraft(value);
        }
      }
    } catch { /* a draft of another version of this page: the reading counts */ }
  }
}

// Fields that nobody looked at stay as they were read. A field with several values is said whole as soon as one was.
function keyedFields(doc: Doc): KeyedField[] {
  const said: KeyedField[] = [];
  for (const name of new Set(doc.fields.map((field) => field.name))) {
    const all = doc.fields.filter((field) => field.name === name);
    if (!all.some((field) => field.settled)) continue;
    if (all.length === 1 || all.every((field) => field.stance === 'accepted' || field.stance === 'read')) said.push(all.find((field) => field.settled)!.keyed());
    else said.push(...all.map((field): KeyedField => (field.stance === 'absent' || field.stance === 'illegible' ? field.keyed() : { ...field.keyed(), state: 'keyed', value: field.check.value })));
  }
  return said;
}

export { groupTyped };
