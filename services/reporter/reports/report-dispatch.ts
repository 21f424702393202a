// Reports as deliveries: how they are sent, what the ledger and the log say of it. In: deliveries that are due. Out: messages, rows.
import { targetKey } from '../../../shared/contract/alert-targets.js';
import type { Ending } from '../deliver/attempt.js';
import { createDispatcher, type Dispatcher, type Step } from '../deliver/dispatch.js';
import { RETRY_PAUSES_S } from '../deliver/retries.js';
import { readStoredJson } from './ledger.js';
import { appendRuns, type RunRow } from './ledger-rows.js';
import type { ReportDelivery } from './plan.js';
import type { RunnerDependencies } from './runner-dependencies.js';
import { sendReport } from './send-report.js';

/** What waits for each other: reports for one target of a project. */
export function queueOf({ project_id, report_id, to }: ReportDelivery): string {
  return JSON.stringify([project_id, report_id, targetKey(to)]);
}

export function createReportDispatcher(
  dependencies: Pick<RunnerDependencies, 'clickhouse' | 'delivery' | 'metrics' | 'log' | 'pausesS'>,
  owner: string,
): Dispatcher<ReportDelivery> {
  const { clickhouse, delivery: context, metrics, log, pausesS = RETRY_PAUSES_S } = dependencies;
  /** Targets that were said to be dead since they last took something. */
  const saidDead = new Set<string>();

  function say(delivery: ReportDelivery, { status, detail }: Step): void {
    const { project_id: project, report_id: report, target, attempt } = delivery;
    const fields = { project, report, target, attempt };
    if (status === 'sent') {
      saidDead.delete(queueOf(delivery));
      log.info(fields, 'a report was sent');
    } else if (status === 'waiting')
      log.warn({ ...fields, why: detail }, 'a report could not be sent; it will be tried again');
    else if (!saidDead.has(queueOf(delivery))) {
      saidDead.add(queueOf(delivery));
      log.error({ ...fields, why: detail }, 'a target does not take reports; what it missed is in the archive');
    }
  }

  async function send({ project_id, report_id, slot, edition, to }: ReportDelivery): Promise<Ending> {
    const stored = { project: project_id, report: report_id, slot: slot * 1000, edition };
    const json = await readStoredJson(clickhouse, stored).catch(() => undefined);
    if (json === undefined) return { result: 'retry', detail: 'the stored report could not be read' };
    return await sendReport(json, to, context);
  }

  return createDispatcher<ReportDelivery, RunRow>({
    targetOf: queueOf,
    attemptOf: ({ attempt }) => attempt,
    rowOf: ({ project_id, report_id, slot, edition, target, attempt }, step) => ({
      ...{ project_id, report_id, slot, edition, target, attempt, owner },
      ...step,
    }),
    append: async (rows) => await appendRuns(clickhouse, rows),
    send,
    ended: (delivery, step) => {
      metrics.deliveries.inc({ result: step.status, kind: delivery.to.kind });
      say(delivery, step);
    },
    pausesS,
  });
}
