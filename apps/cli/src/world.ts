/** Where text goes. `columns` is undefined where there is no width, as in a file. */
export interface Screen {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  write(text: string): void;
}

/** Where answers come from. */
export interface Keyboard {
  readonly isTerminal: boolean;
  /** One line; undefined at the end of the input. `hidden` shows nothing of what is typed. */
  readLine(prompt: string, options?: { readonly hidden?: boolean }): Promise<string | undefined>;
  /** Everything up to the end. */
  readAll(): Promise<string>;
}

/** What is around the program, so that a test can be around it instead. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: Screen;
  readonly err: Screen;
  readonly keyboard: Keyboard;
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly fetch: typeof fetch;
}
