/** What is to be seen in the identity store once a change has arrived. */
export type Expected = ExpectedUser | ExpectedMembership | ExpectedGroup;

export interface ExpectedUser {
  readonly username: string;
  readonly enabled?: boolean;
  readonly familyName?: string;
  readonly city?: string;
  readonly gone?: true;
}

export interface ExpectedMembership {
  readonly username: string;
  readonly group: string;
  readonly isMember: boolean;
}

export interface ExpectedGroup {
  readonly group: string;
}
