// The keys of this person: the map out of the box, with what was changed. Kept by the browser.
import { actions, contextNames, meets, printable, reserved, type Action, type Context } from './actions';
import { keyLabel, keyName } from './key';

const storeKey = 'pleiade.touches';

class Keymap {
  changed = $state<Record<string, string[]>>(read());

  keys(id: string): string[] { return this.changed[id] ?? actions.find((action) => action.id === id)?.keys ?? []; }
  label(id: string): string { return this.keys(id).map(keyLabel).join(' ou '); }
  first(id: string): string { return keyLabel(this.keys(id)[0] ?? ''); }

  // The gesture of a pressed key in the contexts that are alive, the most precise first.
  find(event: KeyboardEvent, contexts: Context[]): string | null {
    const name = keyName(event);
    for (const context of contexts) {
      const found = actions.find((action) => action.context === context && this.keys(action.id).includes(name));
      if (found) return found.id;
    }
    return null;
  }

  // Why a key cannot be given to a gesture; null when it can.
  refusal(action: Action, key: string): string | null {
    const taken = reserved(key);
    if (taken) return `${keyLabel(key)} : ${taken}.`;
    if (printable(key) && !['image', 'liste', 'mur', 'pli', 'chiffres'].includes(action.context)) return `${keyLabel(key)} écrit un caractère : elle ne peut pas servir dans tout l’écran.`;
    const other = actions.find((one) => one.id !== action.id && meets(one.context, action.context) && this.keys(one.id).includes(key));
    return other ? `${keyLabel(key)} sert déjà à « ${other.label} » (${contextNames[other.context]}).` : null;
  }

  set(action: Action, key: string): string | null {
    const refusal = this.refusal(action, key);
    if (refusal) return refusal;
    this.changed = { ...this.changed, [action.id]: [key] };
    localStorage.setItem(storeKey, JSON.stringify(this.changed));
    return null;
  }

  reset(): void {
    this.changed = {};
    localStorage.removeItem(storeKey);
  }
}

// What was kept by an older version, or by hand, counts only where it still stands.
function read(): Record<string, string[]> {
  try {
    const kept = JSON.parse(localStorage.getItem(storeKey) ?? '{}') as Record<string, unknown>;
    return Object.fromEntries(Object.entries(kept).filter(([id, keys]) =>
      actions.some((action) => action.id === id && !action.fixed) && Array.isArray(keys) && keys.every((key) => typeof key === 'string' && reserved(key) === null))) as Record<string, string[]>;
  } catch {
    return {};
  }
}

export const keymap = new Keymap();
