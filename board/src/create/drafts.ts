/**
 * What somebody has typed into a form, kept until the form is done, the tab is closed or they sign out, so that a reload
 * loses nothing. Addresses are kept with the rest, as they are long to type and leave this tab for nowhere. What a thief
 * could use is not kept: codes of disks, API keys, and manifests as text, which hold both.
 */
import { secretFields } from './field-words.ts';
import { blanked, type Value, type Values, without } from './values.ts';

const texts = new Set(['text']);

function keyOf(name: string): string {
  return `waybill-draft-${name}`;
}

export function keptValues(name: string): Values | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(name));
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function keepValues(name: string, values: Value): void {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify(blanked(without(values, texts), secretFields)));
  } catch {
    // A browser that stores nothing for the site: a reload then begins anew.
  }
}

export function forgetValues(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name));
  } catch {
    // Nothing was kept.
  }
}
