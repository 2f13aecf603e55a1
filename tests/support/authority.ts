import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

/** A server's key and certificate, and the authority that vouches for it; PEM. */
export interface Identity {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * An authority made for one run of the tests, and a certificate of it for `localhost`: what is told to trust the authority
 * checks names, dates and signatures as it would anywhere. A second certificate, `stranger`, is of an authority that
 * nobody was told of.
 */
export const identities = async (): Promise<{ readonly known: Identity; readonly stranger: Identity }> => ({
  known: await identity('Authority of the tests'),
  stranger: await identity('Nobody'),
});

const identity = async (issuerName: string): Promise<Identity> => {
  const keys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
  const [issuer, own] = [await keys(), await keys()];
  const validity = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + 7 * dayMs) };
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...{ name: `CN=${issuerName}`, keys: issuer, signingAlgorithm: algorithm, ...validity },
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const certificate = await X509CertificateGenerator.create({
    ...{ subject: 'CN=localhost', issuer: authority.subject, publicKey: own.publicKey },
    ...{ signingKey: issuer.privateKey, signingAlgorithm: algorithm, ...validity },
    extensions: [
      new SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    ],
  });
  const pkcs8 = Buffer.from((await crypto.subtle.exportKey('pkcs8', own.privateKey)) as ArrayBuffer).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replaceAll(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
  return { authority: authority.toString('pem'), certificate: certificate.toString('pem'), key };
};
