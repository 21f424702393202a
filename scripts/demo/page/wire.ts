// What the demo page and its backend say to each other. Types only.

export type Kind = 'answer' | 'draft';

/** Something a visitor can ask for. `mail` is there for drafts. */
export interface Suggestion {
  readonly id: string;
  readonly kind: Kind;
  /** The few words on its button. */
  readonly chip: string;
  /** The whole question, or the subject of the mail. */
  readonly title: string;
  readonly mail?: { readonly from: string; readonly subject: string; readonly text: string };
}

/** `item` is a suggestion's id; without it the `question` is matched. `attempt` counts regenerations from 0. */
export interface GenerationRequest {
  readonly item?: string;
  readonly question?: string;
  readonly attempt: number;
}

/** One model output, with the signed token that the page hands to the beacon unread. */
export interface GenerationAnswer {
  readonly generationId: string;
  readonly token: string;
  readonly item: string;
  readonly kind: Kind;
  readonly text: string;
  readonly promptId: string;
  readonly promptVersion: string;
  readonly model: string;
  readonly modelVersion: string;
}
