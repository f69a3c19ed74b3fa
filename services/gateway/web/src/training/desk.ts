// A keying desk in memory, by the hub's rules: leases with fences, drafts, checks, undo. Training works on it in the browser; the
// browser tests serve it over HTTP.
import { checkField } from '../checks/fields';
import type {
  Box, DocumentRow, HoldCode, KeyedDocument, KeyingJob, KeyingLease, KeyingStock, OcrText, Reference, Rotation, Validated, Validation,
} from '../api/types';
import { draw, uprightBox } from './paper';
import { pageSize, type InventedPli } from './mail';

export class DeskProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: { pointer: string; detail: string }[];
  constructor(status: number, code: string, title: string, detail: string, errors: { pointer: string; detail: string }[] = []) {
    super(detail);
    this.status = status;
    this.code = code;
    this.title = title;
    this.errors = errors;
  }
}

interface Case {
  pli: InventedPli; state: 'TO_KEY' | 'KEYING' | 'HELD' | 'QUEUED' | 'TAKEN'; by: string; fence: number; until: number; draft: Record<string, string>; draftBy: string; draftAt: number;
  sentTo: string; sentNote: string; validated: Validation | null; reason: string;
}
export interface Correction { label: string; keyed: string; truth: string; right: boolean }

export class Desk {
  readonly cases = new Map<string, Case>();
  leaseSeconds = 60;
  now: () => number = Date.now;
  #reference: Reference;
  #address: (pli: string, page: number, thumbnail: boolean) => string;
  #fence = 0;
  #last = new Map<string, string[]>();  // by person: what was validated, the last one last

  constructor(reference: Reference, mail: InventedPli[], address: (pli: string, page: number, thumbnail: boolean) => string) {
    this.#reference = reference;
    this.#address = address;
    for (const pli of mail) this.add(pli);
  }
  add(pli: InventedPli): void {
    this.cases.set(pli.id, { pli, state: 'TO_KEY', by: '', fence: 0, until: 0, draft: {}, draftBy: '', draftAt: 0, sentTo: '', sentNote: '', validated: null, reason: '' });
  }

  stock(): KeyingStock {
    this.#lapse();
    const all = [...this.cases.values()], waiting = all.filter((one) => one.state === 'TO_KEY'), keying = all.filter((one) => one.state === 'KEYING');
    const groups = new Map<string, KeyingStock['groups'][number]>();
    for (const one of [...waiting, ...keying]) {
      const type = one.pli.documents[0]!.type, key = `${one.pli.caisse} ${type} ${one.pli.secrecy}`;
      const group = groups.get(key) ?? { caisse: one.pli.caisse, type, priority: one.pli.priority, secrecy: one.pli.secrecy, waiting: 0, keying: 0, next_due: one.pli.due };
      if (one.state === 'TO_KEY') group.waiting += 1;
      else group.keying += 1;
      groups.set(key, group);
    }
    const due = waiting.map((one) => one.pli.due).sort()[0];
    return {
      waiting: waiting.length, keying: keying.length, held: all.filter((one) => one.state === 'HELD').length, returned: 0, people: new Set(keying.map((one) => one.by)).size,
      overdue: waiting.filter((one) => Date.parse(one.pli.due) < this.now()).length, groups: [...groups.values()],
      ...(due ? { next_due: due, oldest_at: new Date(this.now() - 72 * 60_000).toISOString() } : {}),
    };
  }

  next(by: string, count: number, medical: boolean): KeyingJob[] {
    this.#lapse();
    const free = [...this.cases.values()].filter((one) => one.state === 'TO_KEY' && (medical || one.pli.secrecy !== 'medical') && (one.sentTo === '' || one.sentTo === by));
    free.sort((a, b) => Number(b.draftBy === by) - Number(a.draftBy === by) || Number(b.sentTo === by) - Number(a.sentTo === by));
    return free.slice(0, count).map((one) => this.#lease(one, by));
  }
  open(id: string, by: string): KeyingJob {
    this.#lapse();
    const one = this.#find(id);
    if (one.state === 'KEYING' && one.by !== by) throw lost(`Ce pli est tenu par un autre poste jusqu’à ${clockOf(one.until)}.`);
    if (one.state !== 'KEYING' && one.state !== 'TO_KEY') throw new DeskProblem(409, 'KEYING_NOT_WAITING', 'Rien à coder', 'Ce pli n’attend plus une personne.');
    return this.#lease(one, by);
  }
  renew(id: string, by: string, fence: number): KeyingLease {
    const one = this.#held(id, by, fence);
    one.until = this.now() + this.leaseSeconds * 1000;
    return this.#leaseOf(one);
  }
  saveDraft(id: string, by: string, fence: number, entries: Record<string, string>): string {
    const one = this.#held(id, by, fence);
    for (const [path, value] of Object.entries(entries)) {
      if (value === '') delete one.draft[path];
      else one.draft[path] = value;
    }
    one.draftBy = by;
    one.draftAt = this.now();
    return new Date(one.draftAt).toISOString();
  }
  validate(id: string, by: string, fence: number, validation: Validation): Validated {
    const one = this.#held(id, by, fence);
    const errors = this.#problems(one.pli, validation);
    if (errors.length > 0) throw new DeskProblem(422, 'KEYED_CHECK_FAILED', 'Saisie refusée', errors[0]!.detail, errors);
    one.state = 'QUEUED';
    one.validated = validation;
    one.draft = {};
    const own = this.#last.get(by) ?? [];
    own.push(id);
    this.#last.set(by, own);
    return { documents: this.#rows(one), superseded: [], undo: id };
  }
  hold(id: string, by: string, fence: number, code: HoldCode, note: string): DocumentRow[] {
    const one = this.#held(id, by, fence);
    if (code === 'OTHER' && note === '') throw new DeskProblem(400, 'BODY_INVALID', 'Motif sans un mot', 'Avec OTHER, un mot est nécessaire.');
    one.state = 'HELD';
    one.reason = code;
    return this.#rows(one);
  }
  send(id: string, by: string, fence: number, to: string, note: string): DocumentRow[] {
    const one = this.#held(id, by, fence);
    one.state = 'TO_KEY';
    one.sentTo = to;
    one.sentNote = note;
    return this.#rows(one);
  }
  release(id: string, by: string, fence: number): DocumentRow[] {
    const one = this.#held(id, by, fence);
    one.state = 'TO_KEY';
    return this.#rows(one);
  }
  undo(by: string, id: string): KeyingJob {
    const own = this.#last.get(by) ?? [], last = id || own.at(-1);
    const one = last ? this.cases.get(last) : undefined;
    if (!one || one.validated === null) throw new DeskProblem(409, 'UNDO_NOTHING', 'Rien à rouvrir', 'Aucune validation à défaire.');
    if (one.state === 'TAKEN') throw new DeskProblem(409, 'UNDO_TAKEN', 'Déjà pris', 'Un service a déjà pris ce document : demandez un rappel.');
    this.#last.set(by, own.filter((other) => other !== last));
    one.validated = null;
    return this.#lease(one, by);
  }
  // What the drawn page says in this rectangle.
  ocr(id: string, page: number, box: Box, rotation: Rotation): OcrText {
    const paper = this.#find(id).pli.papers[page - 1];
    if (!paper) throw new DeskProblem(404, 'PAGE_UNKNOWN', 'Page inconnue', 'Ce pli n’a pas cette page.');
    const [x, y, w, h] = uprightBox(box, rotation);
    const common = (a: Box): number => Math.max(0, Math.min(x + w, a[0] + a[2]) - Math.max(x, a[0])) * Math.max(0, Math.min(y + h, a[1] + a[3]) - Math.max(y, a[1]));
    const best = paper.inks.map((ink) => ({ ink, area: common(ink.box) })).filter((one) => one.area > 200 && !one.ink.struck).sort((a, b) => b.area - a.area)[0];
    return best ? { text: best.ink.text, confidence: 0.93 } : { text: '', confidence: 0 };
  }
  svg(id: string, page: number): string {
    const paper = this.#find(id).pli.papers[page - 1];
    if (!paper) throw new DeskProblem(404, 'PAGE_UNKNOWN', 'Page inconnue', 'Ce pli n’a pas cette page.');
    return draw(paper);
  }
  // For training: what was right, in the keyer's own words.
  corrections(id: string): Correction[] {
    const one = this.cases.get(id);
    if (!one?.validated) return [];
    return one.pli.truth.flatMap((truth) => {
      const keyed = one.validated!.documents.find((document) => document.pages.includes(truth.pages[0]!));
      const label = (code: string): string => this.#reference.types[code]?.label_fr ?? code;
      const out: Correction[] = [{ label: 'Type', keyed: label(keyed?.type ?? ''), truth: label(truth.type), right: keyed?.type === truth.type && keyed.pages.join() === truth.pages.join() }];
      for (const [name, value] of Object.entries(truth.fields)) {
        const said = keyed?.fields?.find((field) => field.name === name);
        if (!said) continue;
        const read = one.pli.documents.find((document) => document.number === keyed!.number)?.fields[name]?.[0]?.value ?? '';
        const kept = said.state === 'accepted' ? read : said.state === 'keyed' ? said.value ?? '' : '';
        out.push({ label: this.#reference.fields[name] ?? name, keyed: kept || 'illisible', truth: value || 'illisible', right: kept === value });
      }
      return out;
    });
  }

  #find(id: string): Case {
    const one = this.cases.get(id);
    if (!one) throw new DeskProblem(404, 'PLI_UNKNOWN', 'Pli inconnu', 'Aucun pli ne porte cet identifiant.');
    return one;
  }
  #held(id: string, by: string, fence: number): Case {
    this.#lapse();
    const one = this.#find(id);
    if (one.state !== 'KEYING' || one.by !== by || one.fence !== fence) throw lost(one.state === 'KEYING' ? `Repris par un autre poste à ${clockOf(one.until - this.leaseSeconds * 1000)}.` : 'Le bail a expiré.');
    return one;
  }
  #lapse(): void {
    for (const one of this.cases.values()) if (one.state === 'KEYING' && one.until < this.now()) one.state = 'TO_KEY';
  }
  #lease(one: Case, by: string): KeyingJob {
    if (one.state !== 'KEYING' || one.by !== by) { this.#fence += 1; one.fence = this.#fence; }
    one.state = 'KEYING';
    one.by = by;
    one.until = this.now() + this.leaseSeconds * 1000;
    const { pli } = one;
    return {
      ...this.#leaseOf(one), pli_id: pli.id, lot: pli.lot, pli: pli.pli, pli_state: 'READ', secrecy: pli.secrecy, priority: pli.priority, due: pli.due,
      context: { lot: pli.lot, pli: pli.pli, caisse: pli.caisse, received_on: '2026-11-20', channel: 'post' },
      documents: pli.documents.map((document) => ({ ...document, state: 'KEYING', ...(one.sentTo ? { sent: { to: one.sentTo, note: one.sentNote } } : {}) })),
      pages: pli.papers.map((paper, i) => ({
        page: i + 1, kind: pli.kinds[i]!, rotation: paper.rotation, quality: 'ok', width: pageSize(paper)[0], height: pageSize(paper)[1], codes: [], editable: true,
        document: pli.documents.find((document) => document.pages.includes(i + 1))?.number ?? 0, image: this.#address(pli.id, i + 1, false), thumbnail: this.#address(pli.id, i + 1, true),
      })),
      others: [], ...(Object.keys(one.draft).length > 0 ? { draft: { by: one.draftBy, at: new Date(one.draftAt).toISOString(), entries: { ...one.draft } } } : {}),
    };
  }
  #leaseOf(one: Case): KeyingLease {
    return { id: one.pli.id, fence: one.fence, by: one.by, scope: 'pli', lease_until: new Date(one.until).toISOString(), lease_seconds: this.leaseSeconds };
  }
  #rows(one: Case): DocumentRow[] {
    return (one.validated?.documents ?? one.pli.documents).map((document, i): DocumentRow => ({
      id: `${one.pli.id}-${i + 1}`, pli_id: one.pli.id, lot: one.pli.lot, pli: one.pli.pli, type: document.type, state: one.state, role: 'master', caisse: '595',
      service: this.#reference.types[document.type]?.service ?? 'RELATION', priority: one.pli.priority, due: one.pli.due, received_on: '2026-11-20', secrecy: one.pli.secrecy, pages: document.pages.length,
    }));
  }
  #problems(pli: InventedPli, validation: Validation): { pointer: string; detail: string }[] {
    const errors: { pointer: string; detail: string }[] = [];
    const kinds = new Map(pli.kinds.map((kind, i) => [i + 1, kind]));
    for (const page of validation.pages ?? []) kinds.set(page.page, page.kind);
    const used = validation.documents.flatMap((document) => document.pages);
    for (const [page, kind] of kinds) {
      const times = used.filter((one) => one === page).length;
      if (times !== (kind === 'document' ? 1 : 0)) errors.push({ pointer: '/documents', detail: `La page ${page} doit être dans ${kind === 'document' ? 'un seul document' : 'aucun document'}.` });
    }
    validation.documents.forEach((document, i) => errors.push(...this.#problemsOf(pli, document, i)));
    return errors;
  }
  #problemsOf(pli: InventedPli, document: KeyedDocument, i: number): { pointer: string; detail: string }[] {
    const errors: { pointer: string; detail: string }[] = [];
    const type = this.#reference.types[document.type];
    if (!type) errors.push({ pointer: `/documents/${i}/type`, detail: 'Ce type n’est pas dans la nomenclature.' });
    const from = pli.documents.find((one) => one.number === document.number);
    (document.fields ?? []).forEach((field, j) => {
      if (field.keep_despite_check || field.state === 'absent' || field.state === 'illegible') return;
      const value = field.state === 'keyed' ? field.value ?? '' : from?.fields[field.name]?.[0]?.value ?? '';
      const check = checkField(field.name, value);
      if (check.status === 'invalid' || check.status === 'incomplete') errors.push({ pointer: `/documents/${i}/fields/${j}`, detail: `${this.#reference.fields[field.name] ?? field.name} : ${check.why}` });
    });
    if (!document.skip_doubts) {
      for (const name of type?.required ?? []) {
        const said = document.fields?.some((field) => field.name === name), sure = from?.fields[name]?.some((read) => read.status === 'valid') ?? false;
        if (!said && !sure) errors.push({ pointer: `/documents/${i}/fields`, detail: `${this.#reference.fields[name] ?? name} : le type l’exige.` });
      }
    }
    return errors;
  }
}

const clockOf = (at: number): string => new Date(at).toLocaleTimeString('fr-FR', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Paris' });
const lost = (detail: string): DeskProblem => new DeskProblem(409, 'KEYING_LEASE_LOST', 'Bail perdu', detail);
