/** What simulated runs have in place of the runtime's modules: enough for the code to load, and mail to be handed over. */
export class EmailMessage {
  readonly from: string;
  readonly to: string;
  readonly raw: string;

  constructor(from: string, to: string, raw: string) {
    this.from = from;
    this.to = to;
    this.raw = raw;
  }
}

/** No simulated run opens a socket. */
export const connect = (): never => {
  throw new Error('a simulated run opens no socket');
};
