// Dates, numbers and durations as French readers expect them.
const zone = 'Europe/Paris';
const dateTime = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'short', timeStyle: 'short', timeZone: zone });
const dateOnly = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'short', timeZone: zone });
const clockTime = new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit', timeZone: zone });
const seconds = new Intl.DateTimeFormat('fr-FR', { timeStyle: 'medium', timeZone: zone });
const integer = new Intl.NumberFormat('fr-FR');
const tenth = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 1 });
const ratio = new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const count = (value: number | undefined): string => integer.format(value ?? 0);
// "1 échec", "2 échecs": French says plural from two on.
export const counted = (value: number | undefined, word: string, plural = `${word}s`): string => `${count(value)} ${Math.abs(value ?? 0) >= 2 ? plural : word}`;
export const decimal = (value: number): string => tenth.format(value);
export const confidence = (value: number | undefined): string => ratio.format(value ?? 0);

const real = (text: string | number | Date | undefined): Date | null => {
  if (text === undefined || text === '') return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
};
export function when(text: string | number | undefined): string {
  const date = real(text);
  return date ? dateTime.format(date).replace(/,? à /, ' ').replace(', ', ' ') : '–';
}
export const clock = (text: string | number | Date): string => clockTime.format(new Date(text));
export const clockSeconds = (at: number | Date): string => seconds.format(at);
export function day(text: string | undefined): string {
  if (!text) return '–';
  const [year, month, number] = text.slice(0, 10).split('-');
  return `${number}/${month}/${year}`;
}
export const today = (text: string | number): boolean => dateOnly.format(new Date(text)) === dateOnly.format(new Date());

// Near days by their name: what is due is what matters at a glance.
export function due(text: string | undefined): string {
  const date = real(text);
  if (!date) return '–';
  const names: [number, string][] = [[0, ''], [1, 'demain '], [-1, 'hier ']];
  for (const [offset, name] of names) {
    if (dateOnly.format(date) === dateOnly.format(Date.now() + offset * 86_400_000)) return `${name}${clockTime.format(date)}`;
  }
  return `${dateOnly.format(date).slice(0, 5)} ${clockTime.format(date)}`;
}
// An hour when it was today, else the whole date.
export const moment = (text: string | undefined): string => (text && today(text) ? clock(text) : when(text));
export const isLate = (text: string | undefined, now = Date.now()): boolean => Boolean(text) && new Date(text!).getTime() < now;

export function age(total: number | undefined): string {
  if (total === undefined || !Number.isFinite(total)) return '–';
  if (total < 60) return `${Math.max(0, Math.round(total))} s`;
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')}`;
  return `${Math.floor(hours / 24)} j ${hours % 24} h`;
}
export const ageOf = (text: string | undefined, now: number): string => (text ? age((now - new Date(text).getTime()) / 1000) : '–');
export const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
