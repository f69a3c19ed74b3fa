// Cutting a pli into documents: pure moves over ordered pieces. Each page of kind `document` stands in exactly one piece; a page
// that leaves (blank, envelope) stands in none. Pages that are not of this lease are never moved.
import type { PageKind, Rotation } from '../api/types';

export interface Piece { number: number; pages: number[] }
export interface Sheet { page: number; kind: PageKind; rotation: Rotation; editable: boolean }
export interface Cut { pieces: Piece[]; sheets: Sheet[] }

const copy = (cut: Cut): Cut => ({ pieces: cut.pieces.map((piece) => ({ number: piece.number, pages: [...piece.pages] })), sheets: cut.sheets.map((sheet) => ({ ...sheet })) });
const withoutEmpty = (cut: Cut): Cut => ({ ...cut, pieces: cut.pieces.filter((piece) => piece.pages.length > 0) });
export const pieceOf = (cut: Cut, page: number): Piece | undefined => cut.pieces.find((piece) => piece.pages.includes(page));
export const sheetOf = (cut: Cut, page: number): Sheet | undefined => cut.sheets.find((sheet) => sheet.page === page);
const editable = (cut: Cut, page: number): boolean => sheetOf(cut, page)?.editable ?? false;

// A new document begins at this page; its number is negative, as the hub expects of new ones. Null when there is nothing to do.
export function split(cut: Cut, page: number): { cut: Cut; number: number } | null {
  const next = copy(cut);
  const at = next.pieces.findIndex((piece) => piece.pages.includes(page));
  const piece = next.pieces[at];
  if (!piece || !editable(cut, page) || piece.pages[0] === page) return null;
  const number = Math.min(0, ...next.pieces.map((one) => one.number)) - 1;
  next.pieces.splice(at + 1, 0, { number, pages: piece.pages.splice(piece.pages.indexOf(page)) });
  return { cut: next, number };
}

// The document of this page joins the one before it, which keeps its number and its type.
export function merge(cut: Cut, page: number): { cut: Cut; into: number; gone: number } | null {
  const next = copy(cut);
  const at = next.pieces.findIndex((piece) => piece.pages.includes(page));
  const piece = next.pieces[at], before = next.pieces[at - 1];
  if (!piece || !before || !editable(cut, page)) return null;
  before.pages.push(...piece.pages);
  next.pieces.splice(at, 1);
  return { cut: next, into: before.number, gone: piece.number };
}

// One place earlier or later; over the edge of a document it changes documents.
export function move(cut: Cut, page: number, by: 1 | -1): Cut | null {
  const next = copy(cut);
  const at = next.pieces.findIndex((piece) => piece.pages.includes(page));
  const piece = next.pieces[at];
  if (!piece || !editable(cut, page)) return null;
  const place = piece.pages.indexOf(page), to = place + by;
  if (to >= 0 && to < piece.pages.length) {
    piece.pages.splice(place, 1);
    piece.pages.splice(to, 0, page);
    return next;
  }
  const other = next.pieces[at + by];
  if (!other) return null;
  piece.pages.splice(place, 1);
  if (by > 0) other.pages.unshift(page);
  else other.pages.push(page);
  return withoutEmpty(next);
}

// A page that is no document leaves its piece; back, it joins the piece of the page before it, else of the one after.
export function setKind(cut: Cut, page: number, kind: PageKind): Cut | null {
  const next = copy(cut);
  const sheet = sheetOf(next, page);
  if (!sheet || !sheet.editable || sheet.kind === kind) return null;
  const was = sheet.kind;
  sheet.kind = kind;
  if (kind !== 'document') {
    for (const piece of next.pieces) piece.pages = piece.pages.filter((one) => one !== page);
    const left = withoutEmpty(next);
    return left.pieces.length > 0 ? left : null;  // the last document of a lease cannot vanish: hold it or send it
  }
  if (was === 'document') return null;
  const before = [...next.pieces].reverse().find((piece) => piece.pages.some((one) => one < page));
  if (before) before.pages.splice(before.pages.filter((one) => one < page).length, 0, page);
  else if (next.pieces[0]) next.pieces[0].pages.unshift(page);
  else return null;
  return next;
}

export function rotate(cut: Cut, page: number): Cut | null {
  const next = copy(cut);
  const sheet = sheetOf(next, page);
  if (!sheet || !sheet.editable) return null;
  sheet.rotation = ((sheet.rotation + 90) % 360) as Rotation;
  return next;
}
