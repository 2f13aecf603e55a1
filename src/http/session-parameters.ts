import type { OpenAPIHono } from '@hono/zod-openapi';

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>;
type Operation = NonNullable<NonNullable<Document['paths']>[string]['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];

const sessionMode: Parameter = {
  name: 'Session-Mode',
  in: 'header',
  required: false,
  description:
    '`cookie` asks for a session in cookies, for pages of Daybook’s own origin: their scripts then never see a token.',
  schema: { type: 'string', enum: ['cookie'] },
};

const csrfToken: Parameter = {
  name: 'X-CSRF-Token',
  in: 'header',
  required: false,
  description:
    'Required with a session in cookies, and of no meaning otherwise: the `csrfToken` that signing in gave, which a page can read again from the cookie `__Host-daybook-csrf`.',
  schema: { type: 'string' },
};

/**
 * The headers that an operation takes because sessions can be in cookies: whatever answers with a session can be asked
 * for one in cookies; whatever such a session changes, itself included, takes its token against forged requests.
 */
export const sessionParameters = (operation: Operation, isMutation: boolean): Parameter[] => {
  const says = (part: unknown, schema: string): boolean =>
    JSON.stringify(part ?? null).includes(`"#/components/schemas/${schema}"`);
  const takesRefreshToken = says(operation.requestBody, 'RefreshToken');
  const byCookie = operation.security?.some((way) => 'cookie' in way) === true;
  return [
    ...(takesRefreshToken || says(operation.responses, 'SessionInCookies') ? [sessionMode] : []),
    ...(takesRefreshToken || (isMutation && byCookie) ? [csrfToken] : []),
  ];
};
