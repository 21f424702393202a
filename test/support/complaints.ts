// What a page has to complain about. In: a page that is not opened yet. Out: its errors and warnings, as they come.
import type { Page } from 'playwright-core';

export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}
