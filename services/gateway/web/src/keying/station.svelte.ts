// The keying station: what is held, what is shown, what each gesture does. No markup here.
//
// Operation: pulls three plis at a time, shows the first, renews the leases of all, and pulls again as plis are validated.
import { Failure } from '../api/client';
import { announcer } from '../frame/announce.svelte';
import type { Box, HoldCode, KeyingJob, KeyingStock } from '../api/types';
import { forget, prefetch } from '../page/images';
import type { KeyingApi } from './api';
import * as cutting from './cut';
import { Drafts } from './drafts.svelte';
import { Form, sameStop, type Doc, type Field, type Stop } from './form.svelte';
import { measure } from './measure.svelte';
import { Outbox, type Refusal } from './outbox.svelte';

export type Phase = 'loading' | 'working' | 'empty' | 'paused' | 'error';
const heldMax = 3;
const idleAfter = 5 * 60_000;
const stockEvery = 30_000;
const emptyEvery = 10_000;

export class Station {
  readonly api: KeyingApi;
  phase = $state<Phase>('loading');
  error = $state.raw<unknown>(null);
  form = $state.raw<Form | null>(null);
  stop = $state.raw<Stop | null>(null);
  page = $state(0);                      // the page on the screen
  ready = $state(0);                     // plis held beside the one shown
  stock = $state.raw<KeyingStock | null>(null);
  notice = $state<{ look: 'warn' | 'bad' | 'ok'; text: string } | null>(null);
  lost = $state('');                     // why the lease of what is shown was lost; empty while it holds
  warned = $state('');                   // the key of the field or document that was warned once
  undoing = $state(false);
  recallable = $state<string[]>([]);     // documents that a service has: the next F9 asks for a recall
  drafts: Drafts;
  outbox: Outbox;
  #held: Form[] = [];
  #pulling = false;
  #timers: ReturnType<typeof setInterval>[] = [];
  #activeAt = Date.now();
  #ended = false;

  constructor(api: KeyingApi) {
    this.api = api;
    this.drafts = new Drafts(api, (id) => this.#leaseLost(id));
    this.outbox = new Outbox(api, (refusal) => this.#refused(refusal), (form) => forget(form.job.pages.flatMap((page) => [page.image, page.thumbnail])));
  }

  async start(id: string): Promise<void> {
    this.#timers.push(setInterval(() => void this.#renew(), 15_000), setInterval(() => void this.#refreshStock(), stockEvery),
      setInterval(() => { if (this.phase === 'empty' && !document.hidden) void this.#fill(); }, emptyEvery),
      setInterval(() => { if (this.phase === 'working' && Date.now() - this.#activeAt > idleAfter) void this.pause(); }, 5_000));
    void this.#refreshStock();
    if (id) await this.#openOne(id);
    else await this.#fill();
  }
  // Everything is given back; what was keyed is kept by the hub as a draft.
  end(leaving: boolean): void {
    this.#ended = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#releaseAll(leaving);
  }

  // --- pulling
  async #fill(): Promise<void> {
    const wanted = heldMax - this.#held.length - (this.form ? 1 : 0);
    if (this.#pulling || this.#ended || wanted < 1) return;
    this.#pulling = true;
    let more = false;
    try {
      const jobs = await this.api.next(wanted);
      more = jobs.length === wanted;
      this.error = null;
      for (const job of jobs) this.#take(job);
      if (!this.form) this.#show(this.#held.shift() ?? null);
    } catch (error) {
      if (!this.form) { this.error = error; this.phase = 'error'; }
    } finally {
      this.#pulling = false;
      this.ready = this.#held.length;
      if (this.#ended) this.#releaseAll(false);
    }
    if (more) void this.#fill();  // what was validated meanwhile left room
  }
  #take(job: KeyingJob): void {
    const known = [this.form, ...this.#held].find((form) => form?.job.id === job.id);
    if (known) { known.job = { ...known.job, fence: job.fence, lease_until: job.lease_until }; return; }
    this.#held.push(new Form(job));
    this.#prefetch();
  }
  async #openOne(id: string): Promise<void> {
    try {
      this.#take(await this.api.open(id));
      this.#show(this.#held.shift() ?? null);
      void this.#fill();
    } catch (error) {
      this.error = error;
      this.phase = 'error';
    }
  }
  // The first two pages of what comes next, decoded; never more than the leases.
  #prefetch(): void {
    for (const form of this.#held.slice(0, heldMax - 1)) {
      const first = this.#firstPage(form);
      form.job.pages.slice(0, 4).forEach((page) => prefetch(page.image, page.page === first));
    }
  }
  #firstPage(form: Form): number {
    const stop = form.nextOpen(null);
    return stop?.field?.place?.page ?? (stop ? form.pagesOf(stop.doc)[0] : undefined) ?? form.pagesOf(form.docs[0]!)[0] ?? form.job.pages[0]?.page ?? 1;
  }

  #show(form: Form | null): void {
    this.form = form;
    this.lost = '';
    this.warned = '';
    this.recallable = [];
    this.ready = this.#held.length;
    if (!form) {
      this.phase = 'empty';
      this.stop = null;
      return;
    }
    this.phase = 'working';
    this.page = this.#firstPage(form);
    this.go(form.nextOpen(null) ?? form.stops[0] ?? (form.docs[0] ? { doc: form.docs[0], field: null, what: 'type' } : null));
    measure.begin();
    const following = form.job.pages.find((page) => page.page > this.page);
    if (following) prefetch(following.image, true);
  }

  // --- where the keyer stands
  go(stop: Stop | null): void {
    this.stop = stop;
    this.warned = '';
    if (!stop || !this.form) return;
    const page = stop.field?.place?.page ?? (stop.what === 'type' ? this.#titlePage(stop.doc) : undefined);
    if (page !== undefined) this.page = page;
    else if (!this.form.pagesOf(stop.doc).includes(this.page)) this.page = this.form.pagesOf(stop.doc)[0] ?? this.page;
  }
  #titlePage(doc: Doc): number | undefined { return this.form?.pagesOf(doc)[0]; }
  stand(doc: Doc, field: Field | null, what: Stop['what']): void {
    if (!sameStop(this.stop, { doc, field, what })) this.go({ doc, field, what });
  }
  turnPage(by: number): void {
    const pages = this.form?.job.pages ?? [];
    const at = pages.findIndex((page) => page.page === this.page);
    const to = pages[at + by];
    if (!to) return;
    this.page = to.page;
    const after = pages[at + 2 * by];
    if (after) prefetch(after.image, true);
  }

  // --- Enter
  // Accepts what stands here and goes on. `type` is the code that the keyer chose, when the type is what stands here.
  accept(type = ''): void {
    const { form, stop } = this;
    if (!form || !stop || this.lost) return;
    if (stop.what === 'type') {
      const code = type || stop.doc.type;
      if (code === 'UNKNOWN') { this.#warn(`${stop.doc.number}/type`, 'Un type est nécessaire : tapez quelques lettres, ou F8 pour mettre en attente.'); return; }
      stop.doc.setType(code);
      this.#keep({ [`documents/${stop.doc.number}/type`]: code });
    } else if (stop.what === 'caisse') {
      if (!/^\d{3}$/.test(stop.doc.affiliation)) { this.#warn(`${stop.doc.number}/caisse`, 'La caisse a trois chiffres.'); return; }
      stop.doc.affiliationSettled = true;
      this.#keep({ [`documents/${stop.doc.number}/caisse`]: stop.doc.affiliation });
    } else if (!this.#acceptField(stop.field!)) return;
    this.#onward();
  }
  #acceptField(field: Field): boolean {
    if (field.stance === 'absent' || field.stance === 'illegible') return true;
    if (field.empty) {
      if (!this.#warnedTwice(field.key, 'Vide : Entrée encore pour dire « illisible », F4 pour « absent ».')) return false;
      field.say('illegible');
    } else {
      const { status, why } = field.check;
      if ((status === 'invalid' || status === 'incomplete') && !field.kept) {
        if (!this.#warnedTwice(field.key, `${why || 'Le contrôle échoue.'} Entrée encore pour garder quand même.`)) return false;
        field.kept = true;
      }
      field.accept();
    }
    this.keepField(field);
    return true;
  }
  #warnedTwice(key: string, text: string): boolean {
    if (this.warned === key) { this.warned = ''; return true; }
    this.#warn(key, text);
    return false;
  }
  // Said beside the field that it is about.
  #warn(key: string, text: string): void {
    this.warned = key;
    announcer.say(text);
  }
  #onward(): void {
    this.notice = null;
    const next = this.form!.nextOpen(this.stop);
    if (next) this.go(next);
    else this.validate(false);
  }
  back(): void {
    const before = this.form?.previous(this.stop);
    if (before) this.go(before);
  }

  // --- what is keyed
  #keep(entries: Record<string, string>): void { if (this.form && !this.lost) this.drafts.keep(this.form.job, entries); }
  keepField(field: Field): void { this.#keep({ [`documents/${this.#docOfField(field)?.number}/fields/${field.name}/${field.rank}`]: field.kept_as }); }
  #docOfField(field: Field): Doc | undefined { return this.form?.docs.find((doc) => doc.fields.includes(field)); }
  cycleAbsent(): void {
    const field = this.stop?.field;
    if (!field || this.lost) return;
    if (field.stance === 'illegible') field.say('absent');
    else if (field.stance === 'absent') field.restore();
    else field.say('illegible');
    this.keepField(field);
    announcer.say(field.stance === 'illegible' ? 'illisible' : field.stance === 'absent' ? 'absent' : 'valeur rétablie');
  }
  restore(): void {
    this.warned = '';
    this.notice = null;
    this.stop?.field?.restore();
  }
  async readBox(page: number, box: Box): Promise<void> {
    const { form, stop } = this;
    const field = stop?.field;
    if (!form || !field) { this.notice = { look: 'warn', text: 'Choisissez d’abord le champ à remplir, puis dessinez.' }; return; }
    const rotation = cutting.sheetOf(form.cut, page)?.rotation ?? 0;
    try {
      const digits = !['last_name', 'first_name', 'iban'].includes(field.name);
      const read = await this.api.ocr(form.job, page, box, rotation, digits ? 'digits' : 'text');
      field.type(read.text.trim());
      field.place = { page, box };
      this.keepField(field);
      this.notice = read.text.trim() === '' ? { look: 'warn', text: 'Rien n’a été lu dans ce rectangle.' } : null;
    } catch (error) {
      this.notice = { look: 'bad', text: (error as Error).message };
    }
  }

  // --- pages
  recut(change: (cut: cutting.Cut) => cutting.Cut | null | { cut: cutting.Cut }, nothing: string): void {
    const { form } = this;
    if (!form || this.lost) return;
    const made = change(form.cut);
    if (!made) { this.notice = { look: 'warn', text: nothing }; announcer.say(nothing); return; }
    this.notice = null;
    this.#keep(form.apply('cut' in made ? made.cut : made));
    const doc = form.docOf(this.page);
    // The page stays on the screen: it is what the keyer is cutting.
    if (doc && (!doc.typeSettled || !this.stop || !form.docs.includes(this.stop.doc))) this.stop = { doc, field: null, what: 'type' };
  }
  toggleAttached(): void {
    const { form } = this;
    const doc = form?.docOf(this.page);
    if (!form || !doc || this.lost) return;
    const master = [...form.docs.slice(0, form.docs.indexOf(doc))].reverse().find((one) => one.attachedTo === undefined);
    if (doc.attachedTo === undefined && !master) { this.notice = { look: 'warn', text: 'Aucun document maître avant celui-ci.' }; return; }
    doc.attachedTo = doc.attachedTo === undefined ? master!.number : undefined;
    this.#keep({ [`documents/${doc.number}/attached`]: String(doc.attachedTo ?? 0) });
  }

  // --- the end of a pli
  validate(skip: boolean): void {
    const { form } = this;
    if (!form || this.lost) return;
    const untyped = form.docs.find((doc) => doc.type === 'UNKNOWN');
    if (untyped) { this.go({ doc: untyped, field: null, what: 'type' }); this.#warn(`${untyped.number}/type`, 'Ce document n’a pas de type : tapez quelques lettres, ou F8.'); return; }
    if (skip && form.left > 0 && this.warned !== 'valider') { this.#warn('valider', `${form.left} doutes non vus : Ctrl+Entrée encore pour valider ainsi.`); return; }
    this.notice = null;
    measure.end(form.docs.length);
    this.drafts.drop(form.job.id);
    this.outbox.push(form, form.validation(skip));
    this.#next();
  }
  #next(): void {
    this.#show(this.#held.shift() ?? null);
    if (!this.form) this.phase = 'loading';
    void this.#fill();
  }
  #refused({ form, failure }: Refusal): void {
    if (failure.status === 422) {
      // It comes back right after what is being keyed, with what the hub said beside each field.
      for (const { pointer, detail } of failure.errors) this.#blame(form, pointer, detail);
      this.#held.unshift(form);
      this.ready = this.#held.length;
      this.notice = { look: 'bad', text: `Le pli ${form.job.pli} est revenu : ${failure.message} Il suit celui-ci.` };
    } else {
      this.notice = { look: 'bad', text: `La saisie du pli ${form.job.pli} n’a pas été prise : ${failure.message}` };
    }
    announcer.say(this.notice.text);
    if (!this.form) this.#show(this.#held.shift() ?? null);
  }
  // Pointers of the API: /documents/0/fields/2 or /documents/0/type.
  #blame(form: Form, pointer: string, detail: string): void {
    const [, documents, at, what, rank] = pointer.split('/');
    const doc = documents === 'documents' ? form.docs[Number(at)] : undefined;
    if (!doc) return;
    if (what === 'fields') {
      const said = [...new Set(doc.fields.filter((field) => field.settled).map((field) => field.name))];
      const field = doc.fields.find((one) => one.name === said[Number(rank)]);
      if (field) { field.refused = detail; field.stance = 'read'; field.kept = false; }
    } else if (what === 'type') { doc.refused = detail; doc.typeSettled = false; }
  }

  async hold(code: HoldCode, note: string): Promise<void> { await this.#putAside((form) => this.api.hold(form.job, code, note), 'mis en attente'); }
  async send(to: string, skill: string, note: string): Promise<void> { await this.#putAside((form) => this.api.send(form.job, to, skill, note), 'envoyé'); }
  async #putAside(act: (form: Form) => Promise<void>, word: string): Promise<void> {
    const { form } = this;
    if (!form || this.lost) return;
    await act(form);
    this.drafts.drop(form.job.id);
    this.#next();
    this.notice = { look: 'ok', text: `Pli ${form.job.pli} ${word}.` };
  }

  // --- F9
  async undo(): Promise<void> {
    if (this.undoing) return;
    this.undoing = true;
    try {
      await this.outbox.settled();
      const job = await this.api.undo(this.outbox.lastUndo);
      this.outbox.lastUndo = '';
      if (this.form && !this.lost) this.#held.unshift(this.form);
      this.#show(new Form(job));
      this.notice = { look: 'ok', text: `Pli ${job.pli} rouvert ; rien n’était encore parti.` };
    } catch (error) {
      const taken = error instanceof Failure && error.code === 'UNDO_TAKEN';
      if (taken) this.recallable = this.outbox.lastDocuments;
      this.notice = { look: 'warn', text: taken ? 'Un service a déjà pris ce document : demandez un rappel.' : (error as Error).message };
    } finally {
      this.undoing = false;
    }
    announcer.say(this.notice?.text ?? '');
  }
  async askRecall(reason: string): Promise<void> {
    try {
      for (const id of this.recallable) await this.api.recall(id, reason);
      this.recallable = [];
      this.notice = { look: 'ok', text: 'Rappel demandé : le service accepte ou refuse.' };
    } catch (error) {
      this.notice = { look: 'bad', text: (error as Error).message };
    }
    announcer.say(this.notice.text);
  }

  // --- leases
  alive(): void { this.#activeAt = Date.now(); }
  async #renew(): Promise<void> {
    if (this.phase !== 'working') return;
    for (const form of [this.form, ...this.#held]) {
      if (!form || (form === this.form && this.lost)) continue;
      try {
        const lease = await this.api.renew(form.job);
        form.job = { ...form.job, fence: lease.fence, lease_until: lease.lease_until };
        this.drafts.renewed(form.job);
      } catch (error) {
        if (error instanceof Failure && !error.transient) this.#leaseLost(form.job.id, error.message);
      }
    }
  }
  #leaseLost(id: string, why = 'Ce pli a été repris par un autre poste.'): void {
    this.#held = this.#held.filter((form) => form.job.id !== id);
    this.ready = this.#held.length;
    if (this.form?.job.id !== id || this.lost) return;
    this.lost = why;
    announcer.say(`Bail perdu. ${why}`);
  }
  // After a lost lease: the same pli when it is free, with the draft that the hub kept.
  async retake(): Promise<void> {
    const { form } = this;
    if (!form) return;
    try {
      const job = await this.api.open(form.job.id);
      this.#show(new Form(job));
      this.notice = { look: 'ok', text: 'Pli repris, avec votre brouillon.' };
    } catch (error) {
      this.lost = (error as Error).message;
    }
  }
  abandon(): void { this.#next(); }

  async pause(): Promise<void> {
    const id = this.form?.job.id ?? '';
    this.phase = 'paused';
    this.#releaseAll(false);
    this.#pausedOn = id;
  }
  #pausedOn = '';
  async resume(): Promise<void> {
    this.phase = 'loading';
    this.alive();
    this.form = null;
    if (this.#pausedOn) {
      try {
        this.#take(await this.api.open(this.#pausedOn));
      } catch { /* somebody else has it: the next one */ }
    }
    await this.#fill();
  }
  #releaseAll(leaving: boolean): void {
    for (const form of [this.form, ...this.#held]) if (form && !(form === this.form && this.lost)) void this.api.release(form.job, leaving).catch(() => {});
    for (const form of [this.form, ...this.#held]) forget(form?.job.pages.flatMap((page) => [page.image, page.thumbnail]) ?? []);
    this.#held = [];
    this.ready = 0;
    this.form = null;
    this.stop = null;
  }
  async #refreshStock(): Promise<void> {
    try {
      this.stock = await this.api.stock();
    } catch { /* the line keeps its last figures */ }
  }
  retry(): void { this.phase = 'loading'; this.error = null; void this.#fill(); }
}
