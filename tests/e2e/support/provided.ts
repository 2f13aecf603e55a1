declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built Daybook of this run answers. */
    readonly url: string;
    /** Where its database is asked, which no page can. */
    readonly backstageUrl: string;
    /** Where the Chromium of this run is spoken to. */
    readonly browserUrl: string;
  }
}

/** A server of its own process, and how it ends. */
export interface Served {
  readonly url: string;
  readonly backstageUrl: string;
  end(): Promise<void>;
}
