// Configuration of the demo product: its address, and where Tacit is.
import { z } from 'zod';
import { sharedConfigSchema } from '../../shared/runtime/config.js';

const address = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });

export const demoConfigSchema = sharedConfigSchema
  .pick({ TACIT_HOST: true, TACIT_DEMO_PORT: true, LOG_LEVEL: true })
  .extend({
    /** Public address of the collector, which also serves the beacon. */
    TACIT_DEMO_COLLECTOR: address.transform((url) => url.replace(/\/+$/, '')),
    /** Address of the live page that the demo links to. */
    TACIT_DEMO_LIVE_PAGE: address,
    TACIT_DEMO_WRITE_KEY: z.string().min(1),
    TACIT_DEMO_SIGNING_SECRET: z.string().min(16),
  });
export type DemoConfig = z.infer<typeof demoConfigSchema>;
