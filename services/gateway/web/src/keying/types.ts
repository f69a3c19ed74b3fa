// Finding a type by a few letters of its code, its Cerfa or S number, or words of its name.
import type { Reference } from '../api/types';
import { fold } from '../words/format';

export interface Choice { code: string; label: string; cerfa: string }

export function choices(types: Reference['types'], typed: string, most = 9): Choice[] {
  const text = fold(typed.trim());
  if (text === '') return [];
  const tokens = text.split(/\s+/);
  const ranked: { rank: number; share: number; choice: Choice }[] = [];
  for (const [code, type] of Object.entries(types)) {
    const low = code.toLowerCase(), label = fold(type.label_fr), words = label.split(/[^a-z0-9]+/);
    const rank = low === text ? 0
      : low.startsWith(text) ? 1
        : (type.cerfa && type.cerfa.startsWith(text)) || (type.s_ref && type.s_ref.toLowerCase().startsWith(text)) ? 2
          : low.split('_').some((part) => part.startsWith(text)) ? 3
            : tokens.every((token) => words.some((word) => word.startsWith(token))) ? 4
              : initials(words).startsWith(text) ? 5 : -1;
    if (rank >= 0) ranked.push({ rank, share: type.share ?? 0, choice: { code, label: type.label_fr, cerfa: type.cerfa ?? '' } });
  }
  return ranked.sort((a, b) => a.rank - b.rank || b.share - a.share || a.choice.code.localeCompare(b.choice.code)).slice(0, most).map((one) => one.choice);
}

const small = new Set(['de', 'du', 'des', 'd', 'la', 'le', 'l', 'les', 'ou', 'et', 'a', 'un', 'une']);
const initials = (words: string[]): string => words.filter((word) => word !== '' && !small.has(word)).map((word) => word[0]).join('');
