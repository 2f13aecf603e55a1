import { z } from '@hono/zod-openapi';
import { instantSchema, lineSchema } from '../../http/schemas.ts';
import { emailSchema, newPasswordSchema, phoneSchema } from './schema.ts';

const secret = z.string().min(1).max(128);
const expiresIn = z.int().openapi({ description: 'Seconds for which it is good.', example: 600 });
const sixDigits = z
  .string()
  .regex(/^\d{6}$/, 'must be six digits')
  .openapi({ example: '123456' });
const password = z.string().min(1).max(512).openapi({ format: 'password' });
/** Of an authenticator app, or a recovery code. */
const code = z.string().min(6).max(20).openapi({ example: '123456' });

export const registrationBegunSchema = z
  .object({
    registrationToken: z.string().openapi({ description: 'To be brought back with the code that was mailed.' }),
    expiresIn,
  })
  .openapi('RegistrationBegun');

export const registrationConfirmationSchema = z
  .strictObject({ registrationToken: secret, code: sixDigits })
  .openapi('RegistrationConfirmation');

export const verificationSchema = z
  .discriminatedUnion('channel', [
    z.strictObject({ channel: z.literal('email') }),
    z.strictObject({ channel: z.literal('phone'), phone: phoneSchema }),
  ])
  .openapi('Verification');

export const verificationBegunSchema = z
  .object({ verificationToken: z.string(), expiresIn })
  .openapi('VerificationBegun');

export const verificationConfirmationSchema = z
  .strictObject({ channel: z.enum(['email', 'phone']), verificationToken: secret, code: sixDigits })
  .openapi('VerificationConfirmation');

export const resetRequestSchema = z.strictObject({ email: emailSchema }).openapi('PasswordResetRequest');

export const resetSchema = z
  .strictObject({
    resetToken: secret.openapi({ description: 'What stands behind the # in the link that was mailed.' }),
    password: newPasswordSchema,
  })
  .openapi('PasswordReset');

export const resetDoneSchema = z
  .object({ deviceToken: z.string().openapi({ description: 'Makes this device a known one at the next sign-in.' }) })
  .openapi('PasswordResetDone');

export const secondStepSchema = z.strictObject({ mfaToken: secret, code }).openapi('SecondStep');

export const passwordConfirmationSchema = z.strictObject({ password }).openapi('PasswordConfirmation');

export const authenticatorCodeSchema = z.strictObject({ code: sixDigits }).openapi('AuthenticatorCode');

export const authenticatorRemovalSchema = z.strictObject({ password, code }).openapi('AuthenticatorRemoval');

export const secondFactorSchema = z
  .object({
    authenticator: z.boolean(),
    recoveryCodesLeft: z.int(),
    passkeys: z.int(),
    required: z.boolean().openapi({ description: 'Whether my role must have an authenticator app or a passkey.' }),
  })
  .openapi('SecondFactor');

export const authenticatorSecretSchema = z
  .object({
    secret: z.string().openapi({ description: 'For typing into the app: base32.' }),
    uri: z.string().openapi({ description: 'For a QR code: an otpauth URI.' }),
  })
  .openapi('AuthenticatorSecret');

export const recoveryCodesSchema = z
  .object({ recoveryCodes: z.array(z.string()).openapi({ description: 'Each good once. Shown now and never again.' }) })
  .openapi('RecoveryCodes');

const passkeyNameSchema = lineSchema(60).openapi({ example: 'My phone' });

/** What `PublicKeyCredential.toJSON()` gives (WebAuthn level 3 section 5.1): binary parts in base64url. */
const binary = z
  .string()
  .max(20_000)
  .regex(/^[\w-]+$/, 'must be base64url');
const credential = {
  id: binary.max(1_400),
  rawId: binary.max(1_400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: z.strictObject({ credProps: z.strictObject({ rk: z.boolean().optional() }).optional() }),
};

export const newPasskeySchema = z
  .strictObject({
    name: passkeyNameSchema,
    response: z.strictObject({
      ...credential,
      response: z.strictObject({
        clientDataJSON: binary,
        attestationObject: binary,
        authenticatorData: binary.optional(),
        publicKey: binary.optional(),
        publicKeyAlgorithm: z.int().optional(),
        transports: z.array(z.string().max(20)).max(8).optional(),
      }),
    }),
  })
  .openapi('NewPasskey');

export const passkeySignatureSchema = z
  .strictObject({
    ...credential,
    response: z.strictObject({
      clientDataJSON: binary,
      authenticatorData: binary,
      signature: binary,
      userHandle: binary.optional(),
    }),
  })
  .openapi('PasskeySignature');

export const passkeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    backedUp: z.boolean().openapi({ description: 'Whether its provider keeps a copy.' }),
    createdAt: instantSchema,
    lastUsedAt: instantSchema.nullable(),
  })
  .openapi('Passkey');

export const passkeysSchema = z.object({ items: z.array(passkeySchema) }).openapi('Passkeys');
export const passkeyRenameSchema = z.strictObject({ name: passkeyNameSchema }).openapi('PasskeyRename');

/** Options as the browser's `navigator.credentials` takes them; their shape is the WebAuthn standard's. */
export const passkeyOptionsSchema = z.looseObject({ challenge: z.string() }).openapi('PasskeyOptions');
