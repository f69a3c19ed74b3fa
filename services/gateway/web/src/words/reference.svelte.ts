// Labels of types, services, caisses and fields; asked once.
import { get } from '../api/client';
import type { Environment, Reference } from '../api/types';

const empty: Reference = { types: {}, services: {}, caisses: {}, fields: {} };

class Words {
  all = $state.raw<Reference>(empty);
  #asked: Promise<void> | null = null;

  load(): Promise<void> {
    this.#asked ??= get<Reference>('/reference').then((all) => { this.all = all; }).catch((error) => { this.#asked = null; throw error; });
    return this.#asked;
  }
  get environment(): Environment { return this.all.environment ?? 'production'; }
  type(code: string): string { return code === 'UNKNOWN' ? 'Type inconnu' : this.all.types[code]?.label_fr ?? code; }
  service(code: string | undefined): string { return code ? this.all.services[code] ?? code : '–'; }
  caisse(code: string | undefined): string { return code ? this.all.caisses[code] ?? '' : ''; }
  field(name: string): string { return this.all.fields[name] ?? name; }
}

export const words = new Words();
