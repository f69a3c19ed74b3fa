// Who is signed in, until when, and what she may open. The gateway decides; this only asks, and shows what it would refuse.
//
// Operation: while somebody is signed in the gateway is asked once a minute how long her session lasts, more often near its end.
// When it ends, the screens stay as they are under the login dialog: what was typed is there when the same person is back.
import { access, ask, get, put } from '../api/client';
import { settings } from '../frame/settings.svelte';

export interface Me {
  signed_in: boolean; oidc: boolean; name?: string; display_name?: string; roles?: string[]; screens?: string[]; skills?: string[]; services?: string[];
  caisses?: string[]; medical?: boolean; must_change_password?: boolean; method?: 'password' | 'oidc'; csrf?: string; idle_seconds?: number;
  absolute_seconds?: number; idle_limit_seconds?: number;
}

const warnBefore = 120;  // s

class Session {
  me = $state.raw<Me | null>(null);  // null: not known yet
  ended = $state(false);             // it was there, and is over
  left = $state(Infinity);           // s until it ends, when that is near
  #timer = 0;

  constructor() {
    access.onsignedout = () => { if (this.me?.signed_in) void this.load(); };
  }
  get in(): boolean { return this.me?.signed_in === true; }
  get near(): boolean { return this.in && this.left <= warnBefore; }
  // The queues of a service ("595-IJ") that she works for; who supervises sees them all.
  serves(recipient: string): boolean { return this.me?.roles?.includes('supervisor') === true || this.me?.services?.includes(recipient) === true; }
  may(screen: string): boolean { return this.me?.screens?.includes(screen) === true; }

  async load(): Promise<void> { this.#know(await get<Me>('/session')); }

  async login(name: string, password: string): Promise<void> {
    this.#know(await ask<Me>('/session', { name, password }));
  }
  async oidc(): Promise<void> {
    location.assign((await ask<{ location: string }>('/oidc:start', {})).location);
  }
  async renew(): Promise<void> { this.#know(await ask<Me>('/session:renew', {})); }
  async confirm(password: string): Promise<void> { this.#know(await ask<Me>('/session:confirm', { password })); }
  async changePassword(current: string, wanted: string): Promise<void> {
    this.#know(await put<Me>('/session/password', { current, new: wanted }));
  }
  async logout(): Promise<void> {
    try {
      await ask('/session:end', {});
    } finally {
      location.reload();  // nothing of this person stays in the page
    }
  }

  #know(me: Me): void {
    const before = this.me;
    if (before && !me.signed_in && (before.signed_in || this.ended)) {
      // Said once for each request that was refused: whoever it was is not forgotten at the second.
      this.ended = true;
      this.me = { ...before, signed_in: false, oidc: me.oidc };
    } else {
      // Somebody else must not find the screens of the one before.
      if (this.ended && me.signed_in && before?.name !== me.name) { location.reload(); return; }
      this.me = me;
      if (me.signed_in) this.ended = false;
    }
    if (me.signed_in) {
      access.csrf = me.csrf ?? '';
      settings.post.by = me.name ?? '';
      settings.post.medical = me.medical === true;
    }
    this.left = me.signed_in ? Math.min(me.idle_seconds ?? Infinity, me.absolute_seconds ?? Infinity) : Infinity;
    this.#watch();
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (!this.in) return;
    const wait = this.near ? Math.min(10, Math.max(1, this.left)) : Math.min(60, Math.max(5, this.left - warnBefore));
    this.#timer = window.setTimeout(() => { void this.load().catch(() => this.#watch()); }, wait * 1_000);
  }
}

export const session = new Session();

export const roleWords: Record<string, string> = {
  scan_operator: 'opérateur de numérisation', keyer: 'vidéocodeur', supervisor: 'superviseur', service_agent: 'agent de service', auditor: 'auditeur',
  technical_admin: 'administrateur technique',
};
