// Invented plis for training and for tests. People, numbers and places exist nowhere; numbers pass their keys, so that the keyer
// can be corrected. Seeded: the same seed gives the same mail.
import { nirKey } from '../checks/nir';
import { ribKey } from '../checks/iban';
import { checkField } from '../checks/fields';
import { luhn, remainder } from '../checks/checksum';
import type { Evidence, FieldRead, KeyingDocument, PageKind, Priority, Reference, Rotation, Secrecy } from '../api/types';
import { dice, paperHeight, paperWidth, scannedBox, scannedSize, type Ink, type Paper } from './paper';

export type Lesson = 'nir' | 'confirm' | 'letter' | 'wrong-type' | 'date' | 'iban' | 'cut' | 'turned' | 'struck' | 'siret';
export interface TrueDocument { type: string; pages: number[]; fields: Record<string, string> }  // '' : cannot be read
export interface InventedPli {
  id: string; lot: string; pli: string; lesson: Lesson; caisse: string; secrecy: Secrecy; priority: Priority; due: string; papers: Paper[]; kinds: PageKind[];
  documents: KeyingDocument[]; truth: TrueDocument[];
}

const surnames = ['INVENTEL', 'MODELON', 'ESSARTIEU', 'FICTIVIER', 'EXEMPLARD', 'DEMONGEOT-ESSAI', 'PAPIERIN', 'TAMPONNET', 'BORDERELLE', 'CORBEILLON'];
const firstNames = ['MADELEINE', 'AUGUSTIN', 'INES', 'BASTIEN', 'YASMINE', 'LOUIS', 'CLOTILDE', 'ARMEL', 'NADIA', 'EMILE'];

class Inventor {
  readonly random: () => number;
  constructor(seed: number) { this.random = dice(seed); }
  int(below: number): number { return Math.floor(this.random() * below); }
  pick<T>(from: readonly T[]): T { return from[this.int(from.length)]!; }
  digits(count: number): string { return Array.from({ length: count }, () => this.int(10)).join(''); }
  two(value: number): string { return String(value).padStart(2, '0'); }

  person(): { nir: string; birth: string; last: string; first: string } {
    const year = 1945 + this.int(60), month = 1 + this.int(12), day = 1 + this.int(28);
    const thirteen = `${1 + this.int(2)}${this.two(year % 100)}${this.two(month)}${this.pick(['59', '62', '80', '02', '2A', '2B', '75', '13'])}${String(1 + this.int(640)).padStart(3, '0')}${String(1 + this.int(900)).padStart(3, '0')}`;
    return { nir: thirteen + nirKey(thirteen), birth: `${year}-${this.two(month)}-${this.two(day)}`, last: this.pick(surnames), first: this.pick(firstNames) };
  }
  withLuhn(digits: string): string {
    for (let key = 0; key < 10; key += 1) if (luhn(`${digits}${key}`)) return `${digits}${key}`;
    return digits;
  }
  siret(): string { return this.withLuhn(this.withLuhn(`7${this.digits(7)}`) + `000${this.int(9)}`); }
  rpps(): string { return this.withLuhn(`10${this.digits(8)}`); }
  finess(): string { return this.withLuhn(`59${this.digits(6)}`); }
  iban(): string {
    const account = `${this.digits(5)}${this.digits(5)}${this.digits(11)}`, bban = account + ribKey(account);
    const key = 98 - remainder(`${bban}152700`, 97);
    return `FR${this.two(key)}${bban}`;
  }
  date(): string { return `2026-11-${this.two(2 + this.int(17))}`; }
  // One character read wrong, the way scans do, so that the key fails.
  misread(name: string, value: string): string {
    const like: Record<string, string> = { 0: '8', 1: '7', 2: '7', 3: '8', 4: '9', 5: '6', 6: '8', 7: '1', 8: '3', 9: '4' };
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const at = 7 + this.int(value.length - 7), wrong = like[value[at]!];
      if (!wrong) continue;
      const text = value.slice(0, at) + wrong + value.slice(at + 1);
      if (checkField(name, text).status === 'invalid') return text;
    }
    return value.slice(0, -1) + (value.endsWith('0') ? '1' : '0');
  }
}

const shown = (name: string, value: string): string => (/_date$|^period/.test(name) ? value.split('-').reverse().join('') : value);
const wide: Record<string, number> = { nir: 840, iban: 1300, siret: 780, rpps: 620, finess: 520, last_name: 560, first_name: 560 };

// Labels and boxes of a form, in two columns where they fit.
function layout(reference: Reference, fields: Record<string, string>): Ink[] {
  const inks: Ink[] = [];
  let x = 170, y = 400;
  for (const [name, value] of Object.entries(fields)) {
    const width = wide[name] ?? 440, comb = !['last_name', 'first_name'].includes(name);
    if (x > 170 && x + width > 1500) { x = 170; y += 145; }
    inks.push({ name, label: reference.fields[name] ?? name, text: shown(name, value), box: [x, y, width, 62], comb });
    x += width + 80;
    if (x > 1300) { x = 170; y += 145; }
  }
  return inks;
}

interface Draft { type: string; readType?: string; truth: Record<string, string>; read: Record<string, Partial<FieldRead> | null>; toKey: string[]; decision: 'auto' | 'keying'; why: string[]; confidence: number }

export function inventPli(reference: Reference, seed: number, rank: number, lesson: Lesson, now: number): InventedPli {
  const who = new Inventor(seed * 7919 + rank);
  const one = who.person();
  const identity = { nir: one.nir, last_name: one.last, first_name: one.first, birth_date: one.birth };
  const rotation: Rotation = lesson === 'turned' ? 180 : 0;
  const from = who.date(), to = `2026-12-${who.two(1 + who.int(27))}`;
  const drafts: Draft[] = [];
  const certain = (type: string, truth: Record<string, string>): Draft => ({ type, truth, read: {}, toKey: [], decision: 'auto', why: [], confidence: 0.97 + who.random() * 0.02 });
  const aat = (): Draft => certain('AAT', { ...identity, postal_code: `59${who.digits(3)}`, period_from: from, period_to: to, rpps: who.rpps() });

  switch (lesson) {
    case 'nir': { const draft = aat(); draft.read['nir'] = { value: who.misread('nir', one.nir), confidence: 0.71, status: 'invalid' }; draft.toKey = ['nir']; drafts.push(draft); break; }
    case 'date': { const draft = aat(); draft.read['period_to'] = null; draft.toKey = ['period_to']; drafts.push(draft); break; }
    case 'struck': { const draft = aat(); draft.truth['nir'] = ''; draft.read['nir'] = null; draft.toKey = ['nir']; drafts.push(draft); break; }
    case 'confirm': { const draft = certain('PMT', { ...identity, rpps: who.rpps(), document_date: from }); Object.assign(draft, { decision: 'keying', confidence: 0.74, why: ['Le titre est lu à moitié : le type est à confirmer.'] }); drafts.push(draft); break; }
    case 'turned': { const draft = certain('CM_ATMP', { ...identity, accident_date: from, rpps: who.rpps() }); draft.read['accident_date'] = { value: from, confidence: 0.55, status: 'unchecked' }; draft.toKey = ['accident_date']; drafts.push(draft); break; }
    case 'siret': { const siret = who.siret(); const draft = certain('DAT', { siret, ...identity, accident_date: from }); draft.read['siret'] = { value: who.misread('siret', siret), confidence: 0.66, status: 'invalid' }; draft.toKey = ['siret']; drafts.push(draft); break; }
    case 'iban': { const iban = who.iban(); const draft = certain('RIB', { iban, last_name: one.last }); draft.read['iban'] = { value: who.misread('iban', iban), confidence: 0.69, status: 'invalid' }; draft.toKey = ['iban']; drafts.push(draft); break; }
    case 'letter': { const draft = certain('RECLAMATION', { nir: one.nir, last_name: one.last, first_name: one.first }); Object.assign(draft, { readType: 'UNKNOWN', decision: 'keying', confidence: 0.22, why: ['Aucun formulaire reconnu : lettre libre.'] }); draft.read['nir'] = null; drafts.push(draft); break; }
    case 'wrong-type': {
      const draft = certain('ATT_SAL_AT', { siret: who.siret(), ...identity, accident_date: from });
      Object.assign(draft, { readType: 'ATT_SAL_MAL', decision: 'keying', confidence: 0.58, why: ['Deux attestations de salaire se ressemblent : le type est à confirmer.'] });
      draft.read['nir'] = { value: who.misread('nir', one.nir), confidence: 0.6, status: 'invalid' };
      draft.toKey = ['nir'];
      drafts.push(draft);
      break;
    }
    case 'cut': {
      const draft = aat();
      Object.assign(draft, { decision: 'keying', confidence: 0.63, why: ['La page 2 porte un autre titre : la découpe est à confirmer.'] });
      drafts.push(draft, certain('RIB', { iban: who.iban(), last_name: one.last }));
    }
  }

  const papers: Paper[] = [], kinds: PageKind[] = [], documents: KeyingDocument[] = [], truth: TrueDocument[] = [];
  const id = `${String(seed).padStart(4, '0')}${String(rank).padStart(4, '0')}`.padStart(32, '0');
  const due = new Date(now + (25 + who.int(200)) * 60_000).toISOString();
  drafts.forEach((draft, i) => {
    const type = reference.types[draft.type], page = papers.length + 1, letter = lesson === 'letter';
    const inks = letter ? [] : layout(reference, draft.truth);
    if (letter) inks.push({ name: 'nir', label: '', text: one.nir, box: [720, 596, 640, 58], comb: false });
    for (const ink of inks) if (draft.truth[ink.name] === '') { ink.struck = true; ink.text = shown(ink.name, one.nir).replace(/[3-9]/g, '8'); }
    papers.push({
      title: letter ? '' : (type?.label_fr ?? draft.type).toUpperCase(), number: letter ? '' : type?.cerfa ?? '', note: 'Document inventé pour s’exercer', kind: letter ? 'letter' : 'form', seed: seed + rank * 31 + i, rotation, inks,
      lines: letter ? [`${one.first} ${one.last}`, `59${who.digits(3)} VILLE-D’ESSAI`, '', 'À la caisse primaire, service réclamations', '', 'Mon numéro de sécurité sociale :', '', 'Objet : réclamation', '', 'Je n’ai pas reçu le remboursement de mes soins', 'du mois dernier et je vous demande de vérifier.'] : [],
    });
    kinds.push('document');
    truth.push({ type: draft.type, pages: [page], fields: draft.truth });
    const fields: Record<string, FieldRead[]> = {};
    for (const ink of inks) {
      const read = draft.read[ink.name];
      if (read === null) continue;
      const value = draft.truth[ink.name] ?? '', status = checkField(ink.name, value).status === 'valid' ? 'valid' : 'unchecked';
      fields[ink.name] = [{ value, confidence: Math.round((0.93 + who.random() * 0.06) * 100) / 100, status, page, box: scannedBox(ink.box, rotation), ...read }];
    }
    const evidence: Evidence[] = [letter ? { text: 'lettre libre', page, box: scannedBox([160, 724, 420, 56], rotation) } : { text: `titre « ${type?.label_fr.toLowerCase()} »`, page, box: scannedBox([140, 110, 40 + 33 * (type?.label_fr.length ?? 20), 70], rotation) }];
    if (lesson === 'cut' && i === 1) { documents[0]!.pages.push(page); return; }
    documents.push({
      id: `${id}-${i + 1}`, number: i + 1, state: 'TO_KEY', type: draft.readType ?? draft.type, confidence: Math.round(draft.confidence * 1000) / 1000, role: 'master', pages: [page],
      secrecy: type?.secrecy ?? 'medical', decision: draft.decision, to_key: draft.toKey, why: draft.why, evidence, fields, settled: [], affiliation: { caisse: '595', from: 'addressed' },
      ...(draft.readType === 'UNKNOWN' ? {} : { route: { processed_by: '595', service: type?.service ?? 'RELATION', pages: [page], copies: draft.type === 'AAT' ? [{ processed_by: '595', service: 'ELSM', pages: [page] }] : [] } }),
      priority: type?.priority ?? 'P2', due,
    });
  });
  if (rank % 3 === 0) {
    papers.push({ title: '', number: '', note: '', inks: [], lines: [], kind: 'blank', seed: rank, rotation: 0 });
    kinds.push('blank');
  }
  const medical = documents.some((document) => document.secrecy === 'medical');
  return { id, lot: `20261120-595-${String(seed).padStart(4, '0')}`, pli: String(rank).padStart(4, '0'), lesson, caisse: '595', secrecy: medical ? 'medical' : 'normal', priority: documents[0]!.priority ?? 'P2', due, papers, kinds, documents, truth };
}

const course: Lesson[] = ['nir', 'confirm', 'date', 'letter', 'turned', 'iban', 'wrong-type', 'siret', 'cut', 'struck'];
export const inventMail = (reference: Reference, seed: number, count: number, now: number): InventedPli[] =>
  Array.from({ length: count }, (_, i) => inventPli(reference, seed, i + 1, course[i % course.length]!, now));

export const pageSize = (paper: Paper): [number, number] => scannedSize(paper.rotation);
export { paperHeight, paperWidth };
