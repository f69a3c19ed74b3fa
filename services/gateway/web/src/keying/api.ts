// What the keying station asks: of the hub, or of the training desk, which answers by the same rules on invented plis.
import { ask, get, post, postLeaving, put } from '../api/client';
import type {
  Box, HoldCode, KeyingJob, KeyingLease, KeyingStock, OcrText, Recall, Rotation, Validated, Validation, DocumentRow,
} from '../api/types';
import { settings } from '../frame/settings.svelte';

export interface KeyingApi {
  stock(): Promise<KeyingStock>;
  next(count: number): Promise<KeyingJob[]>;
  open(id: string): Promise<KeyingJob>;
  renew(lease: KeyingLease): Promise<KeyingLease>;
  saveDraft(lease: KeyingLease, entries: Record<string, string>): Promise<void>;
  validate(lease: KeyingLease, validation: Validation, key: string): Promise<Validated>;
  hold(lease: KeyingLease, code: HoldCode, note: string): Promise<void>;
  send(lease: KeyingLease, to: string, skill: string, note: string): Promise<void>;
  release(lease: KeyingLease, leaving: boolean): Promise<void>;
  undo(id: string): Promise<KeyingJob>;
  recall(document: string, reason: string): Promise<Recall[]>;
  ocr(job: KeyingJob, page: number, box: Box, rotation: Rotation, expect: 'text' | 'digits'): Promise<OcrText>;
}

const by = (): string => settings.post.by;
const told = (note: string): { note?: string } => (note ? { note } : {});

export const hub: KeyingApi = {
  stock: () => get<KeyingStock>('/keying'),
  next: async (count) => (await post<{ jobs: KeyingJob[] }>('/keying:next', {
    by: by(), count, scope: 'pli', caisses: settings.post.caisses, types: settings.post.types, skills: settings.post.skills, medical: settings.post.medical,
  })).jobs,
  open: (id) => post<KeyingJob>(`/keying/${id}:open`, { by: by(), skills: settings.post.skills, medical: settings.post.medical }),
  renew: (lease) => put<KeyingLease>(`/keying/${lease.id}/lease`, { by: by(), fence: lease.fence }),
  saveDraft: async (lease, entries) => { await put(`/keying/${lease.id}/draft`, { by: by(), fence: lease.fence, entries }); },
  validate: (lease, validation, key) => post<Validated>(`/keying/${lease.id}:validate`, { by: by(), fence: lease.fence, ...validation }, key),
  hold: async (lease, code, note) => { await post(`/keying/${lease.id}:hold`, { by: by(), fence: lease.fence, code, ...told(note) }); },
  send: async (lease, to, skill, note) => {
    await post(`/keying/${lease.id}:send`, { by: by(), fence: lease.fence, ...(to ? { to } : {}), ...(skill ? { skill } : {}), ...told(note) });
  },
  release: async (lease, leaving) => {
    const body = { by: by(), fence: lease.fence };
    if (leaving) postLeaving(`/keying/${lease.id}:release`, body);
    else await post<{ documents: DocumentRow[] }>(`/keying/${lease.id}:release`, body);
  },
  undo: (id) => post<KeyingJob>('/keying:undo', { by: by(), ...(id ? { id } : {}) }),
  recall: async (document, reason) => (await post<{ recalls: Recall[] }>(`/documents/${document}:recall`, { by: by(), reason })).recalls,
  ocr: (job, page, box, rotation, expect) => ask<OcrText>(`/plis/${job.pli_id}/pages/${page}:ocr`, { by: by(), box, rotation, expect }),
};
