/** The parts of wrangler's configuration that stand for something in the Cloudflare account. */
export interface Config {
  readonly d1_databases: readonly {
    readonly binding: string;
    readonly database_id?: string;
    readonly database_name?: string;
  }[];
  readonly queues: {
    readonly producers?: readonly { readonly queue: string }[];
    readonly consumers?: readonly { readonly queue: string; readonly dead_letter_queue?: string }[];
  };
  readonly r2_buckets: readonly { readonly binding: string; readonly bucket_name?: string }[];
}

/** Every queue that is written to, read from, or takes what was given up; each once. */
export const queuesOf = ({ queues }: Config): readonly string[] => {
  const consumers = queues.consumers ?? [];
  const names = [...(queues.producers ?? []), ...consumers].map(({ queue }) => queue);
  const dead = consumers.map(({ dead_letter_queue: name }) => name).filter((name) => name !== undefined);
  return [...new Set([...names, ...dead])];
};

/** Every bucket, with the binding that it is known by. */
export const bucketsOf = ({ r2_buckets: buckets }: Config): readonly { binding: string; name: string }[] =>
  buckets.flatMap(({ binding, bucket_name: name }) => (name === undefined ? [] : [{ binding, name }]));
