// Screens that are opened from one another, fetched together: compressed as one, they are smaller than apart.
export { default as Account } from './Account.svelte';
export { default as Accounts } from './Accounts.svelte';
export { default as Journal } from './Journal.svelte';
