// The requests and responses of the controllers. Nothing here runs: tsoa only reads the types.

/** Identifies a thing.
 * @pattern ^[0-9a-f]{24}$
 */
export type Id = string;

/** A telephone number in E.164.
 * @pattern ^\+[1-9]\d{1,14}$
 * @example "+33123456789"
 */
export type PhoneNumber = string;

export enum Weekday {
  Monday = "mon",
  Tuesday = "tue",
  Sunday = "sun",
}

export enum Priority {
  Low,
  Normal = 5,
  High = 10,
}

export type State = "draft" | "running" | "paused" | "done";

/** A window in which people are called. */
export interface Window {
  days: Weekday[];
  /** @isInt @minimum 0 @maximum 23 */
  from: number;
  /** @isInt @minimum 1 @maximum 24 */
  to: number;
  timezone?: string;
}

export interface EmailStep {
  kind: "email";
  subject: string;
  template: {id: Id; variables: Record<string, string | number | boolean>};
}

export interface CallStep {
  kind: "call";
  agent: Id;
  /** Seconds.
   * @isInt
   * @default 30
   */
  ringFor?: number;
  fallback?: Step;
}

export interface WaitStep {
  kind: "wait";
  until: Date | null;
}

export type Step = EmailStep | CallStep | WaitStep;

interface Stamped {
  readonly id: Id;
  /** @isDateTime */
  createdAt: Date;
  updatedAt: Date | null;
}

/** Calls that belong together.
 * @example {"id": "5f0c3b2a9d8e7f6a5b4c3d2e", "createdAt": "2026-05-04T03:02:01.000Z", "updatedAt": null, "name": "Spring",
 *   "state": "draft", "priority": 5, "windows": [], "steps": [{"kind": "wait", "until": null}]}
 */
export interface Campaign extends Stamped {
  /** @minLength 1 @maxLength 80 */
  name: string;
  state: State;
  priority: Priority;
  windows: Window[];
  /** @minItems 1 @maxItems 20 */
  steps: Step[];
  labels?: {[name: string]: string};
  owner?: Pick<Contact, "id" | "name">;
  /** Whatever the caller keeps here. */
  notes?: unknown;
  /** @deprecated */
  budget?: number;
}

export interface Contact extends Stamped {
  name: string | null;
  phone: PhoneNumber;
  /** @format email */
  email?: string;
  /** @isDate */
  bornOn?: Date;
  answers: Array<{question: string; answer: string | string[] | null}>;
}

export interface Page<T> {
  data: T[];
  next?: string;
  /** @isLong */
  total: number;
}

export type NewCampaign = Omit<Campaign, "id" | "createdAt" | "updatedAt" | "state">;
export type CampaignChange = Partial<NewCampaign> & {state?: Exclude<State, "draft">};

export class Failure {
  message!: string;
  details?: {[field: string]: {message: string; value?: any}};
}

export type Outcome<S extends string, T> = {status: S; value: T};
export type CallOutcome = Outcome<"answered", {seconds: number}> | Outcome<"missed", null> | Outcome<"failed", Failure>;
