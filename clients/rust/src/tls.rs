//! How to check the server's certificate, and which one to show to it.

use std::fmt;
use std::path::Path;

use tonic::transport::{Certificate, ClientTlsConfig, Identity};

use crate::{Error, Result};

const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// TLS. By default the certificates of the system are trusted.
///
/// ```no_run
/// # fn example() -> loci_client::Result<()> {
/// use loci_client::{Loci, Tls};
///
/// let tls = Tls::new().roots_file("ca.pem")?.identity_files("client.pem", "client.key")?;
/// let loci = Loci::builder().address("loci.example:443").tls(tls).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Tls {
    config: ClientTlsConfig,
    has_roots: bool,
    /// None of the roots is one: it would trust nobody, and say so late.
    is_without: bool,
}

impl Tls {
    /// With the certificates of the system.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts these certificates (PEM) and no others.
    #[must_use]
    pub fn roots(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.is_without |= !pem.as_ref().windows(CERTIFICATE.len()).any(|text| text == CERTIFICATE);
        self.config = self.config.ca_certificate(Certificate::from_pem(pem));
        self.has_roots = true;
        self
    }

    /// Trusts the certificates of a file, which is read now.
    pub fn roots_file(self, path: impl AsRef<Path>) -> Result<Self> {
        Ok(self.roots(read(path.as_ref())?))
    }

    /// Shows this certificate chain to the server (PEM), with its private key.
    #[must_use]
    pub fn identity(mut self, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        self.config = self.config.identity(Identity::from_pem(certificate, key));
        self
    }

    /// Shows the certificate chain of a file, with the private key of another; they are read now.
    pub fn identity_files(self, certificate: impl AsRef<Path>, key: impl AsRef<Path>) -> Result<Self> {
        Ok(self.identity(read(certificate.as_ref())?, read(key.as_ref())?))
    }

    /// The name to expect in the server's certificate, where it is not that of the address.
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.config = self.config.domain_name(name);
        self
    }

    pub(crate) fn config(self) -> Result<ClientTlsConfig> {
        if self.is_without {
            return Err(Error::refused("there is no certificate in the roots: give PEM"));
        }
        Ok(if self.has_roots { self.config } else { self.config.with_enabled_roots() })
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("own_roots", &self.has_roots).finish_non_exhaustive()
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| Error::refused(format!("{}: {error}", path.display())))
}
