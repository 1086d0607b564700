//! Proof that the sender holds the key a token is bound to (DPoP, RFC 9449).

use super::Seconds;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

/// A private key, to make proofs with.
#[derive(Clone)]
pub struct ProofKey {
    private: EncodingKey,
    public: Jwk,
    algorithm: Algorithm,
}

/// The private part stays out.
impl std::fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProofKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// What one proof is made for.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// Its URL; query and fragment are left out of the proof (§4.2).
    pub url: &'a Url,
    /// The token that goes with it.
    pub token: Option<&'a str>,
    /// What the server asked to be repeated (§8).
    pub nonce: Option<&'a str>,
    /// A name that no other proof has.
    pub id: &'a str,
    /// The moment.
    pub now: Seconds,
}

impl ProofKey {
    /// Reads a private key in PEM: PKCS #8 for P-256, P-384 and Ed25519, also PKCS #1 for RSA.
    ///
    /// # Errors
    /// Where it is none of these; the text itself is not repeated.
    pub fn read(pem: &str) -> Result<Self, &'static str> {
        use Algorithm::{ES256, ES384, EdDSA, RS256};
        let bytes = pem.as_bytes();
        [ES256, ES384, EdDSA, RS256]
            .into_iter()
            .find_map(|algorithm| {
                let private = match algorithm {
                    EdDSA => EncodingKey::from_ed_pem(bytes),
                    RS256 => EncodingKey::from_rsa_pem(bytes),
                    _ => EncodingKey::from_ec_pem(bytes),
                };
                let private = private.ok()?;
                let public = Jwk::from_encoding_key(&private, algorithm).ok()?;
                Some(Self {
                    private,
                    public,
                    algorithm,
                })
            })
            .ok_or("is not a private key in PEM for P-256, P-384, Ed25519 or RSA (PKCS #8)")
    }

    /// The thumbprint by which a token names the key it is bound to (`cnf.jkt`, §6.1; RFC 7638).
    pub fn thumbprint(&self) -> Option<String> {
        self.public.thumbprint(ThumbprintHash::SHA256).ok()
    }

    /// The value of the `DPoP` header (§4.2).
    ///
    /// # Errors
    /// Where the key cannot sign.
    pub fn sign(&self, of: &Proof<'_>) -> Result<String, &'static str> {
        let mut url = of.url.clone();
        url.set_query(None);
        url.set_fragment(None);
        let mut claims: Map<String, Value> = Map::new();
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("jti", json!(of.id));
        put("htm", json!(of.method));
        put("htu", json!(url.as_str()));
        put("iat", json!(of.now));
        if let Some(nonce) = of.nonce {
            put("nonce", json!(nonce));
        }
        if let Some(token) = of.token {
            let hash = Sha256::digest(token.as_bytes());
            put("ath", json!(URL_SAFE_NO_PAD.encode(hash)));
        }
        let mut header = Header::new(self.algorithm);
        header.typ = Some("dpop+jwt".to_owned());
        header.jwk = Some(self.public.clone());
        jsonwebtoken::encode(&header, &claims, &self.private).map_err(|_| "the key cannot sign")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Keys, Signature, Token, verify};

    #[test]
    fn a_proof_is_signed_and_names_method_url_and_token() {
        let key = ProofKey::read(&rcgen::KeyPair::generate().expect("a key").serialize_pem())
            .expect("a key");
        let url = Url::parse("https://api.example/a?secret=1#x").expect("a URL");
        let proof = Proof {
            method: "GET",
            url: &url,
            token: Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
            nonce: Some("n"),
            id: "id",
            now: 1_562_262_618,
        };
        let signed = Token::read(key.sign(&proof).expect("a proof").as_bytes());
        let claims = signed.claims().expect("claims");
        assert_eq!(claims["htm"], "GET");
        assert_eq!(claims["htu"], "https://api.example/a");
        assert_eq!(claims["nonce"], "n");
        // The hash of RFC 9449 §7.1's token.
        assert_eq!(claims["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
        let header = signed.header().expect("a header");
        assert_eq!(header["typ"], "dpop+jwt");
        let own = Keys::read(&header["jwk"].to_string()).expect("its key");
        assert!(matches!(verify(&signed, &own), Some(Signature::Fits(_))));
        assert!(
            header["jwk"].get("d").is_none(),
            "the private part stays out"
        );
        assert!(!format!("{key:?}").contains("PRIVATE"));
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_repeated() {
        for text in [
            "",
            "secret",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        ] {
            assert!(ProofKey::read(text).is_err());
        }
    }
}
