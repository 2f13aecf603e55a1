import { z } from '@hono/zod-openapi';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { roles } from '../../domain/access.ts';
import { genders } from '../../domain/genders.ts';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, lineSchema, moneySchema, textSchema, timeZoneSchema } from '../../http/schemas.ts';
import { passwordFault } from './password-parameters.ts';

/** An e-mail address in the one form Daybook knows it by: trimmed, lower case, NFC. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .normalize('NFC')
  .max(254)
  .regex(z.regexes.email, 'must be an e-mail address')
  .openapi({ format: 'email', example: 'rahima@example.com' });

/** A phone number, read to E.164. */
export const phoneSchema = z
  .string()
  .max(32)
  .refine((text) => parsePhone(text) !== null, 'must be a phone number with its country code, such as +8801712345678')
  .transform((text) => parsePhone(text) as string)
  .openapi({ type: 'string', example: '+8801712345678' });

const parsePhone = (text: string): string | null => {
  // The whole text is the number: none is picked out of other words, and an extension belongs to a switchboard.
  const number = parsePhoneNumberFromString(text, { extract: false });
  return number?.isValid() && number.ext === undefined ? number.number : null;
};

/** A new password: 8 to 128 characters with an upper-case letter, a digit and a special character. */
export const newPasswordSchema = z
  .string()
  .max(512)
  .check((input) => {
    const message = passwordFault(input.value);
    if (message !== null) input.issues.push({ code: 'custom', input: '', message });
  })
  .openapi({
    format: 'password',
    description: '8 to 128 characters with an upper-case letter, a digit and a special character.',
    example: 'Correct-Horse-7',
  });

/** A licence number in the one form Daybook compares: upper case, one hyphen where there was space or hyphens. */
export const licenseNumberSchema = z
  .string()
  .trim()
  .max(40)
  .normalize('NFKC')
  .toUpperCase()
  .overwrite((text) => text.replaceAll(/[\s-]+/g, '-'))
  .regex(/^[A-Z0-9][A-Z0-9./-]{2,39}$/, 'must have 3 to 40 letters, digits, dots, slashes or hyphens')
  .openapi({ example: 'BMDC-A-12345' });

const maxClinics = 20;
const maxLanguages = 8;

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** A language by its primary tag (BCP 47, RFC 5646 section 2.2.1), such as `bn`. */
export const languageSchema = z
  .string()
  .regex(/^[a-z]{2,3}$/, 'must be a language tag of two or three letters, such as bn')
  .refine((tag) => !/^[a-z]{2,3}$/.test(tag) || languageNames.of(tag) !== undefined, 'is no language that is known')
  .openapi({ example: 'bn' });

/** What a doctor may say in the profile; every part may be changed later. */
export const profileFields = {
  specialization: lineSchema(80).openapi({ description: 'One of `GET /specializations`.', example: 'Cardiology' }),
  timeZone: timeZoneSchema,
  experienceYears: z.int().min(0).max(60),
  bio: textSchema(4000),
  consultationFee: moneySchema,
  clinicIds: z.array(z.string().max(64)).max(maxClinics),
  gender: z.enum(genders),
  languages: z
    .array(languageSchema)
    .max(maxLanguages)
    .refine((tags) => new Set(tags).size === tags.length, 'must not name a language twice')
    .openapi({ description: 'Spoken with patients, the best first: primary tags of BCP 47.', example: ['bn', 'en'] }),
};

export const fullNameSchema = lineSchema(120).openapi({ example: 'Rahima Khatun' });

/** The doctor part of a new account. */
export const newDoctorSchema = z
  .strictObject({
    licenseNumber: licenseNumberSchema,
    specialization: profileFields.specialization,
    timeZone: profileFields.timeZone,
    experienceYears: profileFields.experienceYears.default(0),
    bio: profileFields.bio.default(''),
    consultationFee: profileFields.consultationFee.default({ amount: 0, currency: 'USD' }),
    clinicIds: profileFields.clinicIds.default([]),
    gender: profileFields.gender.default('undisclosed'),
    languages: profileFields.languages.default([]),
  })
  .openapi('NewDoctor');

/** What every new account has. */
export const newAccountFields = {
  email: emailSchema,
  password: newPasswordSchema,
  fullName: fullNameSchema,
  phone: phoneSchema.optional(),
};

const registering = <const R extends 'patient' | 'doctor'>(role: R) =>
  z.literal(role, {
    error: ({ input }) => `${input === undefined ? 'is missing: ' : ''}must be patient or doctor`,
  });

export const registerSchema = z
  .discriminatedUnion(
    'role',
    [
      z.strictObject({ ...newAccountFields, role: registering('patient') }),
      z.strictObject({ ...newAccountFields, role: registering('doctor'), doctor: newDoctorSchema }),
    ],
    // Without a role, everything else that is wrong is named all the same.
    { unionFallback: true },
  )
  .openapi('Registration');

export const loginSchema = z
  .strictObject({
    email: emailSchema,
    password: z.string().min(1).max(512).openapi({ format: 'password' }),
    deviceToken: z.string().max(200).optional().openapi({
      description:
        'From an earlier sign-in on this device, or from the link in a warning. Wrong guesses of strangers then keep nobody out.',
    }),
  })
  .openapi('Login');

export const refreshSchema = z
  .strictObject({
    refreshToken: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .openapi({ description: 'Left out for a session in cookies: the browser sends it by itself.' }),
  })
  .openapi('RefreshToken');

/** An account as its owner sees it. */
export const userSchema = z
  .object({
    id: z.string().openapi({ example: 'u_AAAAAAAAAAAAAAAA' }),
    email: z.string(),
    fullName: z.string(),
    emailVerified: z.boolean().openapi({ description: 'Whether I have proved to read mail to the address.' }),
    phone: z.string().nullable(),
    phoneVerified: z.boolean().openapi({ description: 'Whether I have proved to have the number.' }),
    role: z.enum(roles),
    createdAt: instantSchema,
  })
  .openapi('User');

const deviceToken = z.string().optional().openapi({
  description:
    'After signing in by password or passkey, and registering: makes this device a known one. Keep it beyond the session.',
});
const expiresIn = z.int().openapi({ description: 'Seconds for which the access token is good.', example: 900 });

/** The answer of signing in, by whatever way. */
export const sessionSchema = z.union([
  z
    .object({
      user: userSchema,
      accessToken: z.string(),
      refreshToken: z.string().openapi({
        description: 'Good once: using it gives the next one. Unused, it runs out after a week.',
      }),
      expiresIn,
      deviceToken,
    })
    .openapi('Session'),
  z
    .object({
      user: userSchema,
      csrfToken: z.string().openapi({ description: 'To be sent with every change, in the header X-CSRF-Token.' }),
      expiresIn,
    })
    .openapi('SessionInCookies', { description: 'For requests with `Session-Mode: cookie`; the tokens are cookies.' }),
]);

/** A session as its owner sees it. */
export const signedInSchema = z
  .object({
    id: z.string().openapi({ example: 'e_AAAAAAAAAAAAAAAA' }),
    device: z.string().nullable().openapi({ example: 'Firefox on Windows' }),
    place: z
      .string()
      .nullable()
      .openapi({ description: 'Where it was last refreshed, roughly.', example: 'Dhaka, BD' }),
    createdAt: instantSchema,
    lastSeenAt: instantSchema.openapi({ description: 'When it was last refreshed.' }),
    current: z.boolean().openapi({ description: 'Whether it is the session that asks.' }),
  })
  .openapi('SignedIn');

export const sessionsQuerySchema = z.strictObject(pageQuery);

/** Where a page of sessions begins. */
export const sessionPositionSchema = z.object({ createdAtMs: z.int(), id: z.string() });

export const endSessionsQuerySchema = z.strictObject({
  which: z.enum(['others', 'all']).default('others').openapi({ description: '`all` includes the session that asks.' }),
});

export const passwordChangeSchema = z
  .strictObject({
    currentPassword: z.string().min(1).max(512).openapi({ format: 'password' }),
    newPassword: newPasswordSchema,
  })
  .openapi('PasswordChange');

/** A JSON Web Key Set (RFC 7517) of the keys that verify access tokens. */
export const jwksSchema = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('EC'),
        crv: z.literal('P-256'),
        x: z.string(),
        y: z.string(),
        kid: z.string(),
        alg: z.literal('ES256'),
        use: z.literal('sig'),
      }),
    ),
  })
  .openapi('Jwks');
