//! The API key: what goes into `authorization`. It is never shown.

use std::fmt;

use tonic::metadata::{Ascii, MetadataValue};

use crate::{Error, Result};

/// An API key, or none: then the server may go by the client's certificate.
#[derive(Clone, Default)]
pub(crate) struct Credential(Option<MetadataValue<Ascii>>);

impl Credential {
    /// Refuses what a header cannot carry.
    pub(crate) fn new(key: Option<&str>) -> Result<Self> {
        let Some(key) = key else { return Ok(Self(None)) };
        if key.is_empty() {
            return Err(Error::refused("the API key is empty"));
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::refused("the API key holds characters that a header cannot carry"));
        }
        let value = MetadataValue::try_from(format!("Bearer {key}"));
        let mut value = value.map_err(|_| Error::refused("the API key cannot be sent"))?;
        value.set_sensitive(true);
        Ok(Self(Some(value)))
    }

    pub(crate) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn header(&self) -> Option<MetadataValue<Ascii>> {
        self.0.clone()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_there() { "Credential(..)" } else { "Credential(none)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_never_shown() {
        let credential = Credential::new(Some("loci_secret")).expect("a key");
        assert!(!format!("{credential:?} {:?}", credential.header()).contains("secret"));
        let error = Credential::new(Some("loci secret")).expect_err("a space");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    #[test]
    fn what_a_header_cannot_carry_is_refused() {
        for key in ["", "a b", "a\n", "ä", "\u{7f}"] {
            assert!(Credential::new(Some(key)).is_err(), "{key:?}");
        }
    }
}
