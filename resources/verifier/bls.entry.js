// The one question that the page asks of @noble/curves: is this a signature of drand's scheme
// bls-unchained-g1-rfc9380? Signatures in G1, keys in G2; no for whatever is malformed.
import { bls12_381 } from '@noble/curves/bls12-381.js';

const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

export function isSigned(key, message, signature) {
  const short = bls12_381.shortSignatures;
  try {
    const point = bls12_381.G1.Point.fromBytes(signature), by = bls12_381.G2.Point.fromBytes(key);
    for (const one of [point, by]) {
      one.assertValidity();
      if (one.is0() || !one.isTorsionFree()) return false;
    }
    return short.verify(point, short.hash(message, DOMAIN), by);
  } catch {
    return false;
  }
}
