// Alerts as deliveries: how they are sent, what the ledger and the log say of it. In: deliveries that are due. Out: messages, rows.
import { targetKey } from '../../../shared/contract/alert-targets.js';
import { createDispatcher, type Dispatcher, type Step } from '../deliver/dispatch.js';
import type { Ending } from '../deliver/attempt.js';
import { RETRY_PAUSES_S } from '../deliver/retries.js';
import { send } from '../deliver/send.js';
import { alertSchema } from './alert.js';
import type { AlerterDependencies } from './alerter-dependencies.js';
import { appendRows, type LedgerRow } from './ledger.js';
import { alertMail } from './mail.js';
import type { Delivery } from './plan.js';
import { slackBody } from './slack.js';

export function createAlertDispatcher(dependencies: AlerterDependencies, owner: string): Dispatcher<Delivery> {
  const { clickhouse, metrics, log, pausesS = RETRY_PAUSES_S } = dependencies;
  /** Targets that were said to be dead since they last took something. */
  const saidDead = new Set<string>();

  function say({ project_id: project, target, attempt }: Delivery, { status, detail }: Step): void {
    const id = JSON.stringify([project, target]);
    const fields = { project, target, attempt, why: detail };
    if (status === 'sent') {
      saidDead.delete(id);
      log.info({ project, target, attempt }, 'an alert was sent');
    } else if (status === 'waiting') log.warn(fields, 'an alert could not be sent; it will be tried again');
    else if (!saidDead.has(id)) {
      saidDead.add(id);
      log.error(fields, 'a target does not take alerts; what it missed is in the ledger');
    }
  }

  return createDispatcher<Delivery, LedgerRow>({
    targetOf: ({ project_id, to }) => JSON.stringify([project_id, targetKey(to)]),
    attemptOf: ({ attempt }) => attempt,
    rowOf: ({ project_id, alert_id, target, attempt }, step) => ({
      ...{ project_id, alert_id, target, attempt, owner },
      ...step,
    }),
    append: async (rows) => await appendRows(clickhouse, rows),
    send: async (delivery) => await sendAlert(delivery, dependencies),
    ended: (delivery, step) => {
      metrics.deliveries.inc({ result: step.status, kind: delivery.to.kind });
      say(delivery, step);
    },
    pausesS,
  });
}

async function sendAlert({ content, to }: Delivery, { delivery }: AlerterDependencies): Promise<Ending> {
  const kept = alertSchema.safeParse(parsed(content));
  if (!kept.success) return { result: 'failed', detail: 'the alert in the ledger cannot be read' };
  const alert = kept.data;
  const message = { id: alert.id, body: content, slack: () => slackBody(alert), mail: () => alertMail(alert) };
  return await send(message, to, delivery);
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
