interface Waiting<Request, Reply> {
  readonly request: Request;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the requests that arrive together and has them decided in order in one commit, so that they share its cost.
 * A request that throws is decided again alone and spoils no other.
 */
export class GroupCommit<Request, Reply> {
  readonly #commit: (requests: readonly Request[]) => Reply[];
  readonly #rollBack: () => void;
  readonly #defer: (callback: () => void) => void;
  #waiting: Waiting<Request, Reply>[] = [];

  /**
   * @param commit decides requests in order in one transaction; throws with nothing written
   * @param rollBack puts what is in memory back to what is stored
   * @param defer runs a callback once the requests that have already arrived have been submitted
   */
  constructor(
    commit: (requests: readonly Request[]) => Reply[],
    rollBack: () => void,
    defer: (callback: () => void) => void,
  ) {
    this.#commit = commit;
    this.#rollBack = rollBack;
    this.#defer = defer;
  }

  /** Resolves with the request's reply once it is committed. */
  submit(request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ request, resolve, reject }) === 1) this.#defer(() => this.#flush());
    });
  }

  #flush(): void {
    const group = this.#waiting;
    this.#waiting = [];
    const failure = this.#settle(group);
    if (failure === null) return;
    for (const one of group) {
      const alone = group.length === 1 ? failure : this.#settle([one]);
      if (alone !== null) one.reject(alone.error);
    }
  }

  /** Commits a group and answers it; when that throws, nothing is written and the error comes back. */
  #settle(group: readonly Waiting<Request, Reply>[]): { readonly error: unknown } | null {
    let replies: Reply[];
    try {
      replies = this.#commit(group.map(({ request }) => request));
    } catch (error) {
      this.#rollBack();
      return { error };
    }
    for (const [i, one] of group.entries()) one.resolve(replies[i] as Reply);
    return null;
  }
}
