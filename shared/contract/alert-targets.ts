// Where alerts of a project go: the part of the projects file about it. Zod schema and types only.
// What may hold a token (an address of a webhook, a secret) can stand there as the name of an environment variable.
import { z } from 'zod';

export const ALERT_TARGETS_MAX = 20;

const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable');
/** How logs, the ledger and the page call the target: never by its address. */
const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);

/** Whether it can be posted to: http or https, without a password (which would end up in places that show addresses). */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/.test(text);
}

const address = z.union([
  z.strictObject({
    value: z.string().max(2000).refine(isWebAddress, 'must be an http or https address without a password'),
  }),
  z.strictObject({ env: variable }),
]);
const secret = z.union([z.strictObject({ value: z.string().min(16) }), z.strictObject({ env: variable })]);

export const alertTargetSchema = z.discriminatedUnion('kind', [
  /** Gets the alert as JSON, signed with the secret. */
  z.strictObject({ kind: z.literal('webhook'), name, url: address, secret }),
  /** An incoming webhook of Slack: its address is a secret. */
  z.strictObject({ kind: z.literal('slack'), name, url: z.strictObject({ env: variable }) }),
  /** One address, of a person or a list. */
  z.strictObject({ kind: z.literal('email'), name, to: z.email().max(254) }),
]);
export type AlertTarget = z.infer<typeof alertTargetSchema>;

/** How a target is called in the ledger. */
export function targetKey({ kind, name: called }: { readonly kind: string; readonly name: string }): string {
  return `${kind}:${called}`;
}

export const alertSettingsSchema = z.strictObject({
  targets: z
    .array(alertTargetSchema)
    .max(ALERT_TARGETS_MAX)
    .refine((targets) => new Set(targets.map(targetKey)).size === targets.length, 'a name is used twice')
    .default([]),
});
export type AlertSettings = z.infer<typeof alertSettingsSchema>;
