//! Who vouches for the machines that are spoken to over TLS, and what to say of one that nobody
//! vouches for.

use super::mail::BadSetting;
use super::webhook::Reach;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, RootCertStore};
use std::sync::Arc;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Authorities taken from a file at most.
const AUTHORITIES_MAX: usize = 1_000;

/// The authorities of a file in PEM, which the section `section` names as `ca_file`.
///
/// # Errors
/// [`BadSetting`] when there is none in it, or one that cannot be used.
pub(crate) fn authorities(
    section: &str,
    pem: &[u8],
) -> Result<(RootCertStore, Vec<CertificateDer<'static>>), BadSetting> {
    let refuse = |why: &dyn std::fmt::Display| {
        BadSetting(format!(
            "{section} ca_file: its certificates in PEM cannot be used ({why}). Write the path of the file of the authority that signed the server's certificate."
        ))
    };
    let (mut roots, mut all) = (RootCertStore::empty(), Vec::new());
    for one in CertificateDer::pem_slice_iter(pem).take(AUTHORITIES_MAX) {
        let one = one.map_err(|e| refuse(&e))?;
        roots.add(one.clone()).map_err(|e| refuse(&e))?;
        all.push(one);
    }
    if all.is_empty() {
        return Err(refuse(&"there is none in it"));
    }
    Ok((roots, all))
}

/// Which authorities vouch for a server: the public ones, unless others are given.
#[derive(Clone, Default)]
pub struct Trust(Option<Arc<Vec<Certificate<'static>>>>);

impl Trust {
    /// The authorities of a file in PEM, in place of the public ones. `section` is the part of the
    /// configuration that names it.
    ///
    /// # Errors
    /// [`BadSetting`] when there is none in it, or one that cannot be used.
    pub fn own(section: &str, pem: &[u8]) -> Result<Self, BadSetting> {
        let (_, all) = authorities(section, pem)?;
        let all = all.iter().map(|one| Certificate::from_der(one).to_owned()).collect();
        Ok(Self(Some(Arc::new(all))))
    }

    pub(super) fn tls(&self) -> TlsConfig {
        let roots = self.0.clone().map_or(RootCerts::WebPki, RootCerts::Specific);
        TlsConfig::builder().root_certs(roots).build()
    }
}

/// What one kind of message may reach, and whom it trusts there.
#[derive(Clone, Default)]
pub struct Outward {
    /// Addresses beyond the public internet.
    pub reach: Reach,
    /// Who vouches for the servers.
    pub trust: Trust,
}

impl From<Reach> for Outward {
    fn from(reach: Reach) -> Self {
        Self { reach, trust: Trust::default() }
    }
}

/// Why `who` ("The receiver") was not spoken to, if its end of TLS is the reason: what is wrong, and
/// what to do.
pub(super) fn distrusted(e: &ureq::Error, who: &str) -> Option<String> {
    let inner = match e {
        ureq::Error::Rustls(inner) => inner,
        ureq::Error::Io(io) => io.get_ref()?.downcast_ref::<rustls::Error>()?,
        _ => return None,
    };
    use CertificateError as C;
    Some(match inner {
        rustls::Error::InvalidCertificate(
            C::UnknownIssuer | C::BadSignature | C::UnsupportedSignatureAlgorithmContext { .. },
        ) => format!(
            "{who}'s certificate is signed by nobody who is trusted here, so nothing was sent. Have it use one of a public authority, or ask the operator to name its authority as ca_file."
        ),
        rustls::Error::InvalidCertificate(
            C::NotValidForName | C::NotValidForNameContext { .. },
        ) => format!(
            "{who}'s certificate is for another name than that of the address, so nothing was sent. Write the name for which it was made, or have it made anew."
        ),
        rustls::Error::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => {
            format!("{who}'s certificate has expired, so nothing was sent. Have it renewed.")
        }
        rustls::Error::InvalidCertificate(other) => {
            format!("{who}'s certificate cannot be used ({other}), so nothing was sent.")
        }
        rustls::Error::InvalidMessage(_) => format!(
            "{who} does not speak TLS at this address, so nothing was sent. Check the port, or have it speak TLS."
        ),
        _ => return None,
    })
}
